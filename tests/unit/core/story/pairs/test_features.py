"""The first row of the features of pairs is what all pairs would have there."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.story.pairs.features import Compared, features, features_of_first, profile_of
from monitor.core.story.pairs.rarity import weight_of
from monitor.model import Term

KEYS = [f"{kind}:{at}" for kind in ("w:en", "e", "n", "g", "c") for at in range(6)]


@st.composite
def compared(draw: st.DrawFn) -> Compared:
    keys = draw(st.lists(st.sampled_from(KEYS), unique=True, max_size=20))
    terms = [Term(key=key, place=draw(st.integers(0, 2)), count=draw(st.integers(1, 4))) for key in keys]
    return Compared(
        profile=profile_of(terms, weight_of({}, 0)),
        language=draw(st.sampled_from(["en", "de", "sr", None])),
        outlet=draw(st.sampled_from("ab")),
        hours=draw(st.floats(0, 200)),
        titled=draw(st.booleans()),
    )


@settings(max_examples=60, deadline=None)
@given(st.lists(compared(), min_size=1, max_size=6))
def test_the_first_row(items: list[Compared]) -> None:
    whole, first = features(items), features_of_first(items)
    assert whole.keys() == first.keys()
    for name, row in first.items():
        assert row.shape == (len(items),)
        np.testing.assert_allclose(row[1:], whole[name][0, 1:], atol=1e-4, err_msg=name)
