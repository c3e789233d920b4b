"""Parts of a job's one commit."""
