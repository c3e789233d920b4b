"""What models cannot say alone: references, queries, options of kinds, secrets."""
