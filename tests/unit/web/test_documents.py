"""A press review as DOCX and PDF, whatever outlets write into their headlines."""

from __future__ import annotations

import io
import re
import sys
import zipfile
import zlib

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.message.chart import coverage_png
from monitor.web.documents import NoPdf, PrintedItem, PrintedReview, docx_of, pdf_of
from tests.support.records import NOW

ITEM = PrintedItem(
    headline="Посланник в Минске",
    url="https://herald.example/1",
    facts="Herald · 3 outlets",
    note="Look here",
)


def _review(*items: PrintedItem, **changes: object) -> PrintedReview:
    given = {"title": "Morning", "about": "23 Nov. 4 articles.", "items": items, "footer": "98 % covered"}
    return PrintedReview(**{**given, **changes})  # type: ignore[arg-type]


def _links(pdf: bytes) -> list[bytes]:
    return re.findall(rb"/URI \((.*?)\)", pdf)


def test_a_word_processor_gets_headlines_links_notes_and_the_chart() -> None:
    chart = coverage_png(((NOW, 1, 2),), "UTC", hourly=True)
    content = docx_of(_review(ITEM, chart=chart))
    document = Document(io.BytesIO(content))
    text = [each.text for each in document.paragraphs]
    assert text[:2] == ["Morning", "23 Nov. 4 articles."]
    assert "1. Посланник в Минске" in text
    assert "Look here" in text
    assert text[-1] == "98 % covered"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b'Target="https://herald.example/1"' in archive.read("word/_rels/document.xml.rels")
        assert any(name.startswith("word/media/") for name in archive.namelist())


def test_a_pdf_has_its_links_and_its_letters() -> None:
    content = pdf_of(_review(ITEM))
    assert _links(content) == [b"https://herald.example/1"]
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL)
    assert any(b"Tj" in zlib.decompress(each) for each in streams if each[:1] == b"x")


def test_only_addresses_of_the_web_are_links() -> None:
    odd = PrintedItem(headline="x", url="javascript:alert(1)", facts="")
    assert _links(pdf_of(_review(odd))) == []
    with zipfile.ZipFile(io.BytesIO(docx_of(_review(odd)))) as archive:
        assert b"javascript" not in archive.read("word/_rels/document.xml.rels")


def test_nothing_is_said_to_be_nothing() -> None:
    assert any("Nothing" in each.text for each in Document(io.BytesIO(docx_of(_review()))).paragraphs)
    assert pdf_of(_review()).startswith(b"%PDF-")


@given(text=st.text(max_size=80), url=st.text(max_size=40))
@settings(max_examples=25, deadline=None)
def test_no_text_breaks_a_document(text: str, url: str) -> None:
    item = PrintedItem(headline=text, url=f"https://{url}", facts=text, note=text)
    review = _review(item, title=text, about=text, footer=text)
    Document(io.BytesIO(docx_of(review)))
    assert pdf_of(review).startswith(b"%PDF-")


def test_without_the_extra_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fpdf", None)
    with pytest.raises(NoPdf, match=r"coverage-monitor\[pdf\]"):
        pdf_of(_review(ITEM))
