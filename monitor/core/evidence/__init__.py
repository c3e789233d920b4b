"""Evidence: from a reading to a capture, from the chain to an export, and what verifies both.

In: an article with what was decided about it and the answers that it was read from. Out: bytes and hashes
(``capture``, ``links``), findings about a stored chain (``stored``), the pack of a case (``pack``,
``warc``, ``report``). ``verifier`` stands alone: it travels in each export and needs nothing but Python.
"""
