"""What people can ask of the bot, one subject a module."""
