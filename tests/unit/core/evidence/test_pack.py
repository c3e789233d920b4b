"""What stands in an evidence pack: a WARC that other readers take, records, a report that is inert."""

from __future__ import annotations

import io
import json
import zipfile

from warcio.archiveiterator import ArchiveIterator

from monitor.core.evidence.warc import KeptPage, warc_of
from tests.support.evidence import answer, capture, chained, packed

CHAIN = chained([capture(1), capture(2), capture(3, body=b"<script>alert(1)</script>")])


def _members(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_pages_are_read_by_a_reader_of_web_archives() -> None:
    warc = _members(packed(CHAIN, CHAIN))["pages.warc"]
    found = [
        (
            record.rec_headers.get_header("WARC-Target-URI"),
            record.http_headers.get_statuscode(),
            record.http_headers.get_header("X-Archive-Orig-content-encoding"),
            record.content_stream().read(),
        )
        for record in ArchiveIterator(io.BytesIO(warc))
    ]
    assert found[0] == ("https://herald.example/1", "200", "gzip", answer(1).body)
    assert found[2][3] == b"<script>alert(1)</script>"


def test_the_same_case_is_the_same_file() -> None:
    assert packed(CHAIN, CHAIN) == packed(CHAIN, CHAIN)


def test_records_hold_what_was_hashed_and_the_report_shows_it_inert() -> None:
    members = _members(packed(CHAIN[1:], CHAIN))
    lines = [json.loads(line) for line in members["records.jsonl"].splitlines()]
    assert [line["n"] for line in lines] == [2, 3]
    assert json.loads(lines[0]["parts"]["facts"])["article"]["title"] == "Envoy in Minsk"
    report = members["report.html"].decode()
    assert "<mark>potash</mark>" in report
    assert "&lt;b&gt;followed" in report
    assert "<b>" not in report
    assert "<script" not in report


def test_a_listed_entry_is_a_resource_and_a_cut_page_says_so() -> None:
    pages = [
        KeptPage(
            part="1/entry",
            url="https://h.example/1\n",
            at="2026-11-23T12:00:00.5+00:00",
            body=b"<p>",
            headers={},
        ),
        KeptPage(
            part="1/page",
            url="https://h.example/1",
            at="2026-11-23T12:00:00",
            body=b"abc",
            status=299,
            headers={"Server": "a\nb", "content-length": "9"},
            cut=True,
        ),
    ]
    entry, page = (
        (each.rec_type, each.rec_headers, each.http_headers, each.content_stream().read())
        for each in ArchiveIterator(io.BytesIO(warc_of(pages)))
    )
    assert (entry[0], entry[2], entry[3]) == ("resource", None, b"<p>")
    assert entry[1].get_header("WARC-Date") == "2026-11-23T12:00:00Z"
    assert entry[1].get_header("WARC-Target-URI") == "https://h.example/1"
    assert entry[1].get_header("WARC-Truncated") is None
    assert (page[0], page[2].get_statuscode(), page[3]) == ("response", "299", b"abc")
    assert page[2].get_header("Server") == "a b"
    assert page[1].get_header("WARC-Truncated") == "length"


def test_the_chain_of_a_case_begins_after_the_record_before_it() -> None:
    members = _members(packed(CHAIN[1:], CHAIN))
    first = json.loads(members["manifest.json"])["first"]
    assert first == {"n": 2, "previous": CHAIN[0].hash}
    assert [line.split()[0] for line in members["chain.txt"].decode().splitlines()] == ["2", "3"]
    assert len(members["pages.warc"]) > 0
    lines = [json.loads(line) for line in members["records.jsonl"].splitlines()]
    assert set(lines[0]["parts"]) == {"facts", "text"}, "pages stand in the WARC"
    stated = json.loads(members["manifest.json"])["files"]
    assert {name: len(content) for name, content in members.items() if name in stated} == {
        name: each["length"] for name, each in stated.items()
    }
