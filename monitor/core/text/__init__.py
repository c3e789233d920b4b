"""Text from outside made safe, its language, addresses and dates. In: strings. Out: strings and records."""
