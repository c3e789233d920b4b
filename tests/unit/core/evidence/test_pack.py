"""What stands in an evidence pack: a WARC that other readers take, records, a report that is inert."""

from __future__ import annotations

import io
import json
import zipfile

from warcio.archiveiterator import ArchiveIterator

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
