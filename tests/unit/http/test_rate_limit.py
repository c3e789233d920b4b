"""The machine's own limit of requests a second."""

from __future__ import annotations

import threading
import time

from monitor.http.rate_limit import RateLimit


def test_a_second_of_requests_may_go_at_once_and_the_rest_waits() -> None:
    budget = RateLimit(20)
    began = time.monotonic()
    for _ in range(20):
        budget.wait()
    for _ in range(4):
        budget.wait()
    assert time.monotonic() - began >= 4 / 20 - 0.02, "four more than a second's worth"


def test_closing_lets_everybody_through() -> None:
    budget = RateLimit(0.001)
    budget.wait()
    waiting = threading.Thread(target=budget.wait)
    waiting.start()
    budget.close()
    waiting.join(20)
    assert not waiting.is_alive()
