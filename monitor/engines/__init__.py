"""Engines: who runs the jobs table's jobs."""
