"""What keeps the service itself in order: notices to operators, retention, readiness."""
