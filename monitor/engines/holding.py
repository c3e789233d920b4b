"""Which claimed jobs and deliveries the threads of an engine hold now.

The sweep takes back what stands in the store as running and is not held here. So a claim and its entry
here are one step for the sweep: it waits for claims under way.
"""

from __future__ import annotations

import threading

from monitor.model import Delivery, Held, Job


class Holding:
    """Thread-safe. The two locks are held while a claim is made and taken in here."""

    def __init__(self) -> None:
        self.claiming_jobs = threading.Lock()
        self.claiming_deliveries = threading.Lock()
        self._lock = threading.Lock()
        self._jobs: set[tuple[str, str]] = set()
        self._deliveries: set[str] = set()
        self._uncertain: set[str] = set()

    def take(self, *, jobs: tuple[Job, ...] = (), deliveries: tuple[Delivery, ...] = ()) -> None:
        """These were claimed and will be run."""
        with self._lock:
            self._jobs.update((job.kind, job.key) for job in jobs)
            self._deliveries.update(item.key for item in deliveries)
            self._uncertain.difference_update(item.key for item in deliveries)

    def end_job(self, job: Job) -> None:
        """Its thread is done with it, however it ended."""
        with self._lock:
            self._jobs.discard((job.kind, job.key))

    def end_delivery(self, delivery: Delivery, *, finished: bool) -> None:
        """Its thread is done with it; unless ``finished`` nobody knows whether it went out."""
        with self._lock:
            self._deliveries.discard(delivery.key)
            if not finished:
                self._uncertain.add(delivery.key)

    def is_idle(self) -> bool:
        """Whether no job is run."""
        with self._lock:
            return not self._jobs

    def held(self, *, owner: str, epoch: int) -> Held:
        """What is held at this moment."""
        with self._lock:
            return Held(
                owner=owner,
                epoch=epoch,
                jobs=frozenset(self._jobs),
                deliveries=frozenset(self._deliveries),
                uncertain=frozenset(self._uncertain),
            )
