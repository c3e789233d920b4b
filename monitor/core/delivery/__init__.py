"""Who is told what and when: plans, preferences, budgets, digests, retries. Decisions only."""
