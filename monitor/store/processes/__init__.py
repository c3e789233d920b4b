"""Which processes share a store: the service by its lock, workers by their rows."""
