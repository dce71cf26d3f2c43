"""Sager: the trunk that the other subjects hang on."""
