"""Group commit: jobs that end at about the same time are committed together.

A transaction costs more than the rows of a reading or of a poll.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from monitor.errors import NotOurs, StoreUnavailable
from monitor.model import Job, Outcome
from monitor.ports import Jobs

GATHER_S: Final = 0.06
"""An outcome waits so long for others. Readings and polls alone: what is told is committed at once."""
MOST: Final = 64


@dataclass(slots=True, eq=False)
class _Member:
    job: Job
    outcome: Outcome
    now: datetime
    ended: threading.Event = field(default_factory=threading.Event)
    error: BaseException | None = None
    alone: bool = False


class GroupedCommits:
    """``Jobs`` for the threads of one process, each of which commits as before.

    ``active`` says how many jobs are under way: a group that has them all waits for no more.
    """

    def __init__(self, jobs: Jobs, active: Callable[[], int], *, gather_s: float = GATHER_S) -> None:
        self.jobs = jobs
        self._active = active
        self._gather_s = gather_s
        self._changed = threading.Condition()
        self._open: list[_Member] = []
        self._apart: set[tuple[str, str]] = set()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the port has
        return getattr(self.jobs, name)

    def commit(self, job: Job, outcome: Outcome, *, now: datetime) -> None:
        """As ``Jobs.commit``. One that opens jobs, which are to begin soon, waits for nobody and takes along
        who waits. One whose group the store did not take goes alone from then on: it may be the one."""
        if not outcome.can_be_grouped or (job.kind, job.key) in self._apart:
            try:
                self.jobs.commit(job, outcome, now=now)
            except StoreUnavailable:  # it comes again
                raise
            except BaseException:
                self._apart.discard((job.kind, job.key))
                raise
            self._apart.discard((job.kind, job.key))
            return
        member = _Member(job, outcome, now)
        if group := self._joined(member):
            self._commit(group)
        else:
            member.ended.wait()
        if member.alone:
            self.jobs.commit(job, outcome, now=now)
        elif member.error is not None:
            raise member.error

    def _joined(self, member: _Member) -> list[_Member]:
        """The group that the caller is to commit; none: another thread commits the member with its own."""
        with self._changed:
            self._open.append(member)
            if not member.outcome.jobs:
                if len(self._open) > 1:
                    self._changed.notify()
                    return []
                with suppress(MemoryError):  # whoever comes after the first relies on it
                    self._changed.wait_for(lambda: self._is_complete(member), self._gather_s)
                if member not in self._open:
                    return []
            group, self._open = self._open, []
            self._changed.notify()
            return group

    def _is_complete(self, first: _Member) -> bool:
        gathered = len(self._open)
        return first not in self._open or gathered >= min(self._active(), MOST)

    def _commit(self, group: Sequence[_Member]) -> None:
        try:
            if len(group) == 1:
                group[0].alone = True
                return
            finished = [(each.job, each.outcome) for each in group]
            lost = self.jobs.commit_all(finished, now=max(each.now for each in group))
            for each in group:
                if each.job in lost:
                    each.error = NotOurs(f"{each.job.kind} job {each.job.key}: another service took it over")
        except StoreUnavailable as error:
            self._apart.update((each.job.kind, each.job.key) for each in group)
            for each in group:
                each.error = StoreUnavailable(str(error))
        except BaseException as error:  # one outcome that cannot be written must not fail the others
            for each in group:
                each.alone = True
            if not isinstance(error, Exception):
                raise
        finally:
            for each in group:
                each.ended.set()
