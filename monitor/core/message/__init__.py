"""Records as messages: alerts, digests, notices, reports, charts. Text is cut before it is tagged."""
