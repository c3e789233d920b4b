"""The pack of a case: its records, their pages, the chain, a report and the verifier, in one zip file."""

from __future__ import annotations

import base64
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import resources
from io import BytesIO

from monitor.core.evidence.cases import Case, Unpacked
from monitor.core.evidence.report import report_page
from monitor.core.evidence.verifier import BEGINNING, block_table, digest
from monitor.core.evidence.warc import KeptPage, warc_of

_ALWAYS = (1980, 1, 1, 0, 0, 0)
"""Members carry no moment: the same case is the same file."""
_IN_WARC = "page", "entry"


def pack_of(case: Case, records: Sequence[Unpacked], chain: Iterable[tuple[int, bytes, str]]) -> bytes:
    """The zip file of a case that is not empty.

    ``chain``: number, link and hash of every record from the one before the case's first to the head.
    """
    previous, lines = BEGINNING, []
    for n, link, hashed in chain:
        if n < records[0].n:
            previous = hashed
        else:
            lines.append(f"{n} {digest(link)} {hashed}\n")
    files = {
        "README.txt": _README.encode(),
        "report.html": report_page(case, records).encode(),
        "records.jsonl": "".join(map(_line, records)).encode(),
        "pages.warc": warc_of(page for record in records for page in _pages(record)),
        "chain.txt": "".join(lines).encode("ascii"),
        "verify.py": resources.files(__package__).joinpath("verifier.py").read_bytes(),
    }
    n, head = case.head
    manifest = {
        "asked": list(case.asked),
        "since": case.since,
        "until": case.until,
        "made_at": case.made_at,
        "first": {"n": records[0].n, "previous": previous},
        "head": {"n": n, "hash": head},
        "files": {name: _stated(content) for name, content in files.items()},
    }
    stated = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
    table = base64.b64encode(block_table(stated)).decode("ascii")
    sums = f"{digest(stated)} {table}\n".encode("ascii")
    return _zipped({**files, "manifest.json": stated, "manifest.sha256": sums})


def _stated(content: bytes) -> dict[str, object]:
    blocks = base64.b64encode(block_table(content)).decode("ascii")
    return {"length": len(content), "sha256": digest(content), "blocks": blocks}


def _line(record: Unpacked) -> str:
    texts = {
        name: content.decode("utf-8", "surrogateescape")
        for name, content in record.parts.items()
        if not name.startswith(_IN_WARC)
    }
    # The number first: that is where the verifier looks for it in a damaged line.
    told = {"n": record.n, "hash": record.hash, "missing": list(record.missing)}
    return json.dumps({**told, "link": record.link, "parts": texts}, separators=(",", ":")) + "\n"


def _pages(record: Unpacked) -> Iterator[KeptPage]:
    facts = record.facts
    answers = {answer["part"]: answer for answer in facts.get("answers", [])}
    for name, body in record.parts.items():
        if not name.startswith(_IN_WARC):
            continue
        answer = answers.get(name, {})
        yield KeptPage(
            part=f"{record.n}/{name}",
            url=answer.get("url") or facts.get("listed", {}).get("url") or "about:blank",
            at=answer.get("fetched_at") or facts.get("at", ""),
            body=body,
            status=answer.get("status", 0),
            headers=answer.get("headers", {}),
            cut=bool(answer) and answer["kept"] < answer["length"],
        )


def _zipped(files: Mapping[str, bytes]) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, _ALWAYS), content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


_README = """\
An evidence pack of Coverage Monitor.

report.html      for people: each reading with its times, why it matched, the answers' headers, the text
records.jsonl    the same for programs, one record a line, as it was stored and hashed
pages.warc       the pages as they came, for any reader of web archives (WARC, ISO 28500)
chain.txt        number, hash of the link and hash of every record from the first one here to the chain's head
verify.py        python3 verify.py says whether anything here was changed, and which byte first
manifest.json    the hashes of the files; manifest.sha256 has its own

What it shows: what the monitor read, when by its own clock, and that nothing of it was changed after its
hash was known to somebody else. What it cannot show: that the outlet sent these bytes to anybody else, or
that the chain was not made up as a whole before its head was written down elsewhere. Bodies stand without
their transfer's coding.
"""
