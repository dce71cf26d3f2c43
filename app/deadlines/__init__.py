"""Dated rules, deadlines, the sweep, reminders."""
