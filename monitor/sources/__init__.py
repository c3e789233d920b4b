"""Source kinds, one a module."""
