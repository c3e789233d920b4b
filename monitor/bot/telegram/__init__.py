"""The bot's connection to Telegram."""
