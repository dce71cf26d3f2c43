"""The local environment of developers and tests: a private PostgreSQL, a mail sink, and all processes at once."""
