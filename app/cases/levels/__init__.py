"""The niveauer, and how a case moves between them."""
