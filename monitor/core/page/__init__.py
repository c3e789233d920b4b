"""From a page to an article. In: bytes and what the source said. Out: title, text, facts, pictures."""
