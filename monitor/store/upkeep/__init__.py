"""What keeps a store small and copies of it at hand."""
