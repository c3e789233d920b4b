"""Coverage Monitor: watches news sources and tells chats once about each story."""

__version__ = "0.1.0"
