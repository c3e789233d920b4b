"""Whether what came for an entry is its article: in: the entry, its page or text; out: yes, or why not."""
