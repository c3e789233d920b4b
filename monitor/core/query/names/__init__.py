"""Spellings of persons and organisations in each language."""
