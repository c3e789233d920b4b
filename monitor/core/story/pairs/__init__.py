"""Pairs of articles: in come packed terms, out goes the probability that two articles tell one story.

``rarity`` weighs terms, ``features`` compares, ``score`` decides by learnt weights (``weights.json``, which
bench/train_pairs.py writes). docs/stories.md has the figures.
"""
