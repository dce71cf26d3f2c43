"""Handing cases over, and the list of cases that the team reviews."""
