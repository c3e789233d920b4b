"""Source kinds, one a module; each is found by its entry point."""
