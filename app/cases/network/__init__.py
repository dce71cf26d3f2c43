"""Who hangs with whom: relations, and people without a case."""
