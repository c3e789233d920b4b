"""All topics compiled into one matcher. In: topics, then texts. Out: which match, and where."""
