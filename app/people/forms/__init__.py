"""The forms about citizens themselves."""
