"""Tables of endings: what a word may be a form of."""

from __future__ import annotations

from monitor.core.query.forms.paradigms import read, stems

_TABLE = read("m | hard | - а у\nf-k | any | ка кі цы", {"hard": "нт", "any": "абкнт"})


def test_endings_of_one_class_meet_in_one_stem() -> None:
    assert set(stems("банка", _TABLE)) & set(stems("банцы", _TABLE)) == {"f-k:бан"}


def test_a_stem_must_end_in_a_letter_of_its_class() -> None:
    assert list(stems("банк", _TABLE)) == []
    assert list(stems("банан", _TABLE)) == ["m:банан"]


def test_a_short_stem_has_no_reading() -> None:
    assert list(stems("бка", _TABLE)) == []
