"""Coverage Monitor: watches news sources and tells chats once about each story."""

import os

__version__ = "1.0.0"

# Products of small matrices only: threads that wait for one another cost more than the products, many times
# over on a busy machine. Whoever sets it otherwise is obeyed; numpy reads it when it is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
