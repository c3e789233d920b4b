"""What a reading leaves as evidence: the answers that came while it went on, and what was made of them."""

from __future__ import annotations

from dataclasses import dataclass, field

from monitor.core.evidence.capture import captured
from monitor.core.rulebook import Rulebook
from monitor.model import Capture, Entry, Fetched, FetchRequest, NotModified, Placed
from monitor.ports import Fetcher, Ports


@dataclass(frozen=True, slots=True)
class RecordingFetcher:
    """A fetcher that remembers the answers: a page, what it sends on to, its further pages."""

    fetch: Fetcher
    answers: list[Fetched] = field(default_factory=list)

    def __call__(self, request: FetchRequest) -> Fetched | NotModified:
        answer = self.fetch(request)
        if isinstance(answer, Fetched):
            self.answers.append(answer)
        return answer


def captures_of(
    placed: Placed,
    entry: Entry,
    recorded: RecordingFetcher,
    *,
    ports: Ports,
    rulebook: Rulebook,
    from_page: bool = True,
    again: bool = False,
) -> tuple[Capture, ...]:
    """What is kept of a reading, if anything; ``from_page``: the text is the page's, not the entry's."""
    return captured(
        placed,
        entry,
        recorded.answers,
        at=ports.now(),
        rulebook=rulebook,
        from_page=from_page,
        again=again,
    )
