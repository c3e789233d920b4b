"""What a language lacks is said."""

from __future__ import annotations

from monitor.core.story.features import lacking


def test_what_a_language_lacks_is_said() -> None:
    across = "stories across languages by names, numbers and international words only"
    assert lacking("be", vectors=False) == lacking("sr", vectors=True) == ""
    assert lacking("sr", vectors=False) == across
    assert lacking("ka", vectors=False) == f"no word forms; {across}"
