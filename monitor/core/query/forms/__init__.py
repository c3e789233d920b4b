"""Inflected forms. In: a word and its language. Out: keys that its forms share."""
