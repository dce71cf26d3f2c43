"""Administration pages, rendered from the tables themselves."""
