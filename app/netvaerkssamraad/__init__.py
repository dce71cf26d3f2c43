"""Police documentation, the seven days, the summons, the meeting."""
