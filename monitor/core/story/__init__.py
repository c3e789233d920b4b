"""Copies, stories and what is new in them. In: an article and its surroundings. Out: a decision."""
