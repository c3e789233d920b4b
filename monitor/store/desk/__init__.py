"""The store as the desk asks it: accounts, and lists a page at a time."""
