"""What polls say of a source: when to ask again, health, gaps, redirects, which entries are new."""
