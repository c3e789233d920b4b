"""Belarusian: its declensions, its two orthographies, its vowels that change with the stress."""
