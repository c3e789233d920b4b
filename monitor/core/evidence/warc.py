"""Pages of evidence as a WARC file (ISO 28500), which web archives and their readers take."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from io import BytesIO

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

# A body is kept as it was read: without its coding, and whole; these would say otherwise of it.
_OF_THE_TRANSFER = frozenset({"content-encoding", "transfer-encoding", "content-length"})


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPage:
    """A page of a record. ``part`` is the record's number and the part's name, ``12/page``.

    ``status`` 0: no page but what the source listed, kept as a resource. ``cut``: only its beginning is kept.
    """

    part: str
    url: str
    at: str
    body: bytes
    status: int = 0
    headers: Mapping[str, str]
    cut: bool = False


def warc_of(pages: Iterable[KeptPage]) -> bytes:
    """The pages as one uncompressed WARC file, always the same bytes for the same pages."""
    stream = BytesIO()
    writer = WARCWriter(stream, gzip=False)
    for page in pages:
        headers = {
            "WARC-Record-ID": f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{page.part} {page.url}')}>",
            "WARC-Date": f"{page.at[:19]}Z",
            "Monitor-Part": page.part,
        }
        if page.cut:
            headers["WARC-Truncated"] = "length"
        http = _http(page) if page.status else None
        record = writer.create_warc_record(
            _one_line(page.url),
            "response" if page.status else "resource",
            payload=BytesIO(page.body),
            length=len(page.body),
            warc_content_type="" if page.status else "text/html",
            warc_headers_dict=headers,
            http_headers=http,
        )
        writer.write_record(record)
    return stream.getvalue()


def _http(page: KeptPage) -> StatusAndHeaders:
    try:
        phrase = HTTPStatus(page.status).phrase
    except ValueError:
        phrase = ""
    fields = [
        (f"X-Archive-Orig-{name}" if name in _OF_THE_TRANSFER else name, _one_line(value))
        for name, value in page.headers.items()
    ]
    return StatusAndHeaders(f"{page.status} {phrase}", fields, protocol="HTTP/1.1")


def _one_line(value: str) -> str:
    return " ".join(value.split())
