"""Risk assessments by the unit's versioned checklist."""
