"""Append-only events: who did what, and who looked."""
