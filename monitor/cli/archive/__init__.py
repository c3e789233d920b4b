"""Commands that look into a store or change it."""
