"""A press review as a document that is handed on: DOCX, and PDF with the extra ``pdf``.

Both libraries are loaded by the first document that somebody wants.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.core.text.clean import printable
from monitor.web.render import href

if TYPE_CHECKING:
    from docx.text.paragraph import Paragraph
    from fpdf import FPDF

NO_PDF = "PDF needs the extra pdf: pip install 'coverage-monitor[pdf]'; HTML and DOCX come without it"
_NOTHING = "Nothing in this period."


class NoPdf(Exception):
    """The library that writes PDF is not installed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedItem:
    """A story as a document shows it: ``facts`` are its outlet, moment, spread; ``note`` is the editor's."""

    headline: str
    url: str
    facts: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedReview:
    """A press review in words, with its chart as PNG (empty: none)."""

    title: str
    about: str
    items: Sequence[PrintedItem]
    footer: str = ""
    chart: bytes = b""


def docx_of(review: PrintedReview) -> bytes:
    """The review for a word processor."""
    from docx import Document  # noqa: PLC0415
    from docx.shared import Cm  # noqa: PLC0415

    document = Document()
    document.core_properties.title = _words(review.title)
    document.core_properties.author = ""
    document.add_heading(_words(review.title), 0)
    document.add_paragraph(_words(review.about))
    if review.chart:
        document.add_picture(io.BytesIO(review.chart), width=Cm(15))
    for number, item in enumerate(review.items, start=1):
        document.add_heading(f"{number}. {_words(item.headline or item.url)}", 2)
        facts = document.add_paragraph(f"{_words(item.facts)} ")
        _link(facts, item.url)
        if item.note:
            document.add_paragraph().add_run(_words(item.note)).bold = True
    if not review.items:
        document.add_paragraph(_NOTHING)
    document.add_paragraph(_words(review.footer)).style = "Caption"
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _link(paragraph: Paragraph, url: str) -> None:
    """The address as a link, which python-docx has no call for; only of the web."""
    from docx.opc.constants import RELATIONSHIP_TYPE  # noqa: PLC0415
    from docx.oxml import OxmlElement  # noqa: PLC0415
    from docx.oxml.ns import qn  # noqa: PLC0415

    run = paragraph.add_run(_words(url))
    run.font.underline = True
    if href(url):
        link = OxmlElement("w:hyperlink")
        target = paragraph.part.relate_to(_words(url), RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        link.set(qn("r:id"), target)
        link.append(run._r)  # noqa: SLF001 - the element is what is moved
        paragraph._p.append(link)  # noqa: SLF001


def pdf_of(review: PrintedReview) -> bytes:
    """The review for print; raises ``NoPdf`` where the extra is not installed."""
    try:
        from fpdf import FPDF  # noqa: PLC0415
    except ImportError as error:
        raise NoPdf(NO_PDF) from error

    pdf = FPDF()
    pdf.set_title(_words(review.title))
    fonts = _fonts()
    pdf.add_font("text", "", fonts / "DejaVuSans.ttf")
    pdf.add_font("text", "B", fonts / "DejaVuSans-Bold.ttf")
    pdf.set_auto_page_break(auto=True, margin=18)
    pdf.add_page()
    _write(pdf, review.title, size=17, bold=True)
    _write(pdf, review.about)
    if review.chart:
        pdf.image(io.BytesIO(review.chart), w=pdf.epw)
    for number, item in enumerate(review.items, start=1):
        pdf.ln(3)
        _write(pdf, f"{number}. {item.headline or item.url}", size=11, bold=True)
        _write(pdf, item.facts)
        _write(pdf, item.url, size=8, link=_words(href(item.url)))
        if item.note:
            _write(pdf, item.note, bold=True)
    if not review.items:
        _write(pdf, _NOTHING)
    pdf.ln(4)
    _write(pdf, review.footer, size=8)
    return bytes(pdf.output())


def _write(pdf: FPDF, text: str, *, size: int = 9, bold: bool = False, link: str = "") -> None:
    pdf.set_font("text", "B" if bold else "", size)
    pdf.multi_cell(0, size / 2, _words(text), new_x="LMARGIN", new_y="NEXT", link=link, align="L")


def _fonts() -> Path:
    """DejaVu, which travels with matplotlib: Latin, Greek, Cyrillic, Armenian, Georgian."""
    import matplotlib as mpl  # noqa: PLC0415

    return Path(mpl.get_data_path()) / "fonts" / "ttf"


def _words(text: str) -> str:
    """Text that XML and a font take: no control characters, half surrogates or non-characters."""
    shown = printable(" ".join(text.split()))
    return "".join(char for char in shown if ord(char) & 0xFFFE != 0xFFFE)  # noqa: PLR2004
