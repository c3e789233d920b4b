"""The rule lab on the command line: what topics would find, what edits change, what marks teach."""
