"""The acts around accounts, signing in, units and absence."""
