"""YAML as its author wrote it: values with their places, and what a parser's errors mean."""
