"""Intake: from henvendelse over visitation to an active case, and its end."""
