"""Buttons cannot be forged, nor used elsewhere."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.message.callback import DATA_BYTES, key_of, seal, token, unseal

KEY = key_of("1:token")
ACTIONS = st.text(min_size=1, max_size=12)


@given(ACTIONS, st.text(max_size=30))
def test_what_was_sealed_is_read_again(action: str, place: str) -> None:
    assert unseal(KEY, place, seal(KEY, place, action)) == action


@given(ACTIONS, ACTIONS, st.text(max_size=30), st.text(max_size=30))
def test_a_seal_is_good_for_its_action_place_and_key_only(
    action: str, other: str, place: str, elsewhere: str
) -> None:
    data = seal(KEY, place, action)
    if other != action:
        assert unseal(KEY, place, other + data.removeprefix(action)) is None
    if elsewhere != place:
        assert unseal(KEY, elsewhere, data) is None
    assert unseal(key_of("2:token"), place, data) is None


@given(st.text(max_size=80))
def test_made_up_data_opens_nothing(data: str) -> None:
    assert unseal(KEY, "1", data) is None


def test_the_longest_action_fits_and_a_longer_one_is_refused() -> None:
    assert len(seal(KEY, "-1001234567890", "mu:" + "a" * 32 + ":topic:720")) <= DATA_BYTES
    with pytest.raises(ValueError, match="too long"):
        seal(KEY, "1", "a" * 60)


def test_tokens_tell_names_apart() -> None:
    assert token("a", "b") != token("ab") != token("b", "a")
    assert token("x" * 500) == token("x" * 500)
    assert len(token("x" * 500)) == 13
