"""Why something was or was not told: from what is stored about an address to a verdict, gate by gate.

In comes what the store remembers (``Articles.trace``), the rules and chats of now; out goes one sentence, the
gates that the article went through and, where it went no further, which one stopped it. ``unseen`` says the
same of an address that no source ever listed.
"""
