"""Bydele and schools."""
