"""Commands about the machine that the service runs on."""
