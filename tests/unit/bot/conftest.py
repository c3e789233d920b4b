"""A town for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.conversation import Town, town


@pytest.fixture
def here() -> Iterator[Town]:
    """Ann and Bob are on the list, ADMIN runs the bot."""
    with town() as made:
        yield made
