"""Every table and column type. One schema for SQLite and PostgreSQL."""
