"""Letters and reports as PDF: what is in them, and how they are set."""
