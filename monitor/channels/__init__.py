"""Channel kinds, one a module."""
