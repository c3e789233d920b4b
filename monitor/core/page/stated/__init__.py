"""What a page states about its article: in: JSON-LD, titles, dates as they stand; out: which to believe."""
