"""Figures, read through the statistics role."""
