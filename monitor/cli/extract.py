"""``monitor extract``."""

from __future__ import annotations

import typer

from monitor.cli.inputs import each, fetched, page_address
from monitor.cli.output import JSON_OPTION, emit, examples, moment, say
from monitor.model import Extracted

NAME = "extract"
EXAMPLES = examples(
    "monitor extract page.html --url https://outlet.example/a",
    "monitor extract --json pages/*.html",
    "monitor extract https://outlet.example/a",
)


def command(
    files: list[str] = typer.Argument(..., metavar="FILE…|URL"),
    url: str | None = typer.Option(
        None, "--url", help="The address that a file came from.", callback=page_address
    ),
    *,
    allow_private: bool = typer.Option(False, "--allow-private", help="Ask private addresses too."),
    json: bool = JSON_OPTION,
) -> None:
    """Title, text, authors, dates, language and canonical address of a page."""
    from monitor.core.extract import extract

    def show(name: str) -> None:
        answer = fetched(name, url, allow_private=allow_private)
        found = extract(answer.body, url=answer.url, fetched_at=answer.fetched_at, charset=answer.charset)
        _print(name, found, as_json=json)

    if code := each(files, show, as_json=json):
        raise typer.Exit(code)


def _print(name: str, found: Extracted, *, as_json: bool) -> None:
    if as_json:
        emit(
            {
                "url": found.url,
                "canonical_url": found.canonical_url,
                "title": found.title,
                "text": found.text,
                "authors": list(found.authors),
                "published": found.published,
                "modified": found.modified,
                "language": found.language,
                "site": found.site,
                "extracted_by": found.extracted_by,
                "score": found.score,
                "paywalled": found.paywalled,
                "live": found.live,
                "next_page": found.next_page,
                "pictures": list(found.pictures),
                "file": name,
            }
        )
        return
    say(f"{found.title or '(no title)'}\n{found.canonical_url}")
    authors = ", ".join(found.authors) or "no author named"
    say(f"{found.site} · {authors} · {moment(found.published, 'no date')} · {found.language or '?'}")
    flags = [word for word, is_so in (("paywalled", found.paywalled), ("live", found.live)) if is_so]
    say(" · ".join([f"text from {found.extracted_by or 'nowhere'} ({found.score:.2f})", *flags]))
    say(f"\n{found.text or '(no article text found)'}\n")
