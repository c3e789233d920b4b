"""The durable jobs: poll, read, deliver."""
