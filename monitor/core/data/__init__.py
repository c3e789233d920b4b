"""Tables about languages that stories and queries read."""
