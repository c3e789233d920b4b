"""The query language's text: tokens, tree, the tree as text, errors and lints."""
