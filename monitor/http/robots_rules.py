"""What a host's robots.txt says, read for us: RFC 9309, with Protego for the rules.

The file is somebody else's: its size, its lines and its user agents are bounded before it is read.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Final

from protego import Protego

AGENT: Final = "CoverageMonitor"
# RFC 9309 §2.5 asks for at least 500 KiB.
MAX_BYTES: Final = 512_000
MAX_LINES: Final = 10_000
MAX_LINE: Final = 2_000
_AGENT_LINE: Final = re.compile(r"\s*user[- ]?agent\s*:?\s*([^#]*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Rules:
    """One host's rules as they concern us. ``rest_s`` is its crawl-delay, None when it has none."""

    robots: Protego | None
    rest_s: float | None = None

    def allow(self, url: str) -> bool:
        """Whether ``url`` (of this host) may be asked for."""
        return self.robots is None or bool(self.robots.can_fetch(url, AGENT))


NO_RULES: Final = Rules(None)


def rules_of(body: bytes) -> Rules:
    """The rules of a robots.txt. Whatever came, this ends: what is no rule is no rule."""
    text = body[:MAX_BYTES].decode("utf-8", errors="replace").removeprefix("\ufeff")
    robots = Protego.parse("\n".join(_lines(text)))
    delay = robots.crawl_delay(AGENT)
    known = delay is not None and math.isfinite(delay) and delay > 0
    return Rules(robots, float(delay) if known and delay is not None else None)


def _lines(text: str) -> list[str]:
    """The file's lines, cut; of the user agents that do not concern us one a group is left.

    Protego keeps a rule for each agent of a group: thousands of agents over thousands of rules would
    take minutes. A group of strangers is still a group, so its rules must not fall to the one before.
    """
    kept: list[str] = []
    stranger = False
    for line in text.splitlines()[:MAX_LINES]:
        short = line[:MAX_LINE]
        agent = _AGENT_LINE.match(short)
        if agent is None:
            stranger = stranger and not short.partition("#")[0].strip()
            kept.append(short)
            continue
        name = agent[1].strip().lower()
        if name == "*" or (name.replace("*", "") and name.replace("*", "") in AGENT.lower()):
            kept.append(short)
        elif not stranger:
            stranger = True
            kept.append("User-agent: somebody-else")
    return kept
