"""``monitor sources``."""
