"""The rule lab: what a query would have found in the archive, what an edit changes, what marks teach.

Comes in: topics and articles. Goes out: counts, samples and proposals; nothing is stored or sent.
"""
