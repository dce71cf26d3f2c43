"""The plan of a case: goals, measures and follow-ups; and what is done in the first 24 and 72 hours."""
