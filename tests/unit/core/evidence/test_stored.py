"""The chain where it is stored: whatever is changed, cut or taken away is named."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from monitor.core.evidence.packing import unpacked
from monitor.core.evidence.stored import ChainCheck
from monitor.model import EvidenceRecord
from tests.support.evidence import capture, chained
from tests.support.records import NOW

CHAIN = chained([capture(1), capture(2, body=b""), capture(3)])
PARTS = [(n, name) for n, record in enumerate(CHAIN) for name in record.packed]


def _found(records: Sequence[EvidenceRecord], pruned_through: int = 0) -> list[str]:
    return [finding.where for finding in ChainCheck(pruned_through=pruned_through).findings(records)]


def _changed(n: int, **values: object) -> list[EvidenceRecord]:
    return [dataclasses.replace(each, **values) if at == n else each for at, each in enumerate(CHAIN)]  # type: ignore[arg-type]


def _flipped(content: bytes, at: int, by: int) -> bytes:
    at %= len(content)
    return content[:at] + bytes([content[at] ^ by]) + content[at + 1 :]


def test_an_untouched_chain_is_whole_and_its_head_is_met() -> None:
    check = ChainCheck(sought=CHAIN[1].hash)
    assert list(check.findings(CHAIN)) == []
    assert (check.n, check.hash, check.met, check.parts) == (3, CHAIN[-1].hash, True, 9)


@given(which=st.sampled_from(PARTS), at=st.integers(0, 10**6), by=st.integers(1, 255), blocks=st.booleans())
def test_a_flipped_byte_of_a_part_is_named(which: tuple[int, str], at: int, by: int, blocks: bool) -> None:
    n, name = which
    held = CHAIN[n].blocks if blocks else CHAIN[n].packed
    if not held[name]:
        return
    changed = {**held, name: _flipped(held[name], at, by)}
    found = _found(_changed(n, **{"blocks" if blocks else "packed": changed}))
    assert found == [f"record {n + 1}, {name}"]


@given(n=st.integers(0, 2), at=st.integers(0, 10**6), by=st.integers(1, 255))
def test_a_flipped_byte_of_a_link_or_hash_is_named(n: int, at: int, by: int) -> None:
    assert _found(_changed(n, link=_flipped(CHAIN[n].link, at, by)))[0] == f"record {n + 1}"
    hashed = _flipped(CHAIN[n].hash.encode(), at, by).decode("latin-1")
    assert _found(_changed(n, hash=hashed))[0] == f"record {n + 1}"


def test_what_a_record_is_found_by_is_part_of_it() -> None:
    for values in ({"article_id": "other"}, {"kind": "pruned"}, {"at": NOW}, {"topics": ()}):
        assert _found(_changed(1, **values)) == ["record 2"]


def test_a_record_that_was_taken_out_is_missed() -> None:
    assert _found([CHAIN[0], CHAIN[2]])[0] == "record 3"
    assert _found(CHAIN[1:])[0] == "record 2"


def test_a_part_may_be_gone_only_where_the_retention_deleted_it() -> None:
    gone = _changed(0, packed={}, blocks={})
    assert _found(gone) == ["record 1, facts", "record 1, page", "record 1, text"]
    assert _found(gone, pruned_through=1) == []
    more = {**CHAIN[0].packed, "note": b"x"}
    assert _found(_changed(0, packed=more)) == ["record 1, note"]


def test_a_bomb_is_unpacked_no_further_than_what_it_should_be() -> None:
    packed = capture(1, body=b"\x00" * 5_000_000)
    page = next(part for part in packed.parts if part.name == "page")
    assert unpacked(page.packed, 10) == b"\x00" * 11
    assert unpacked(b"no frame", 10) is None
    assert unpacked(page.packed[:-3], page.length) is None


def test_which_records_are_missing_is_said() -> None:
    chain = chained([capture(number) for number in range(1, 7)])
    found = list(ChainCheck().findings([chain[0], *chain[4:]]))
    assert (found[0].where, found[0].problem) == ("record 5", "records 2 to 4 before it are missing")
    check = ChainCheck(n=2, hash=chain[1].hash)
    assert list(check.findings(chain[2:])) == []
    assert check.parts == 12
