"""Readers of feeds, by syntax: well-formed XML, JSON, and what is neither."""
