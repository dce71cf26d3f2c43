"""Borgere: identity, CPR, search."""
