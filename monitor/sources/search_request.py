"""First requests of kinds that ask a service a question: the address is built from the options."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import quote, urlencode, urlsplit

from monitor.errors import ParseError
from monitor.i18n.lazy import lazy
from monitor.model import FetchRequest, Source, SourceState

RSS: Final = "application/rss+xml, application/atom+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1"
JSON: Final = "application/json, */*;q=0.1"
PAGE: Final = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"


def on_host(source: Source, path: str, parameters: Mapping[str, object] | None = None) -> str:
    """``path`` (unquoted, with its slash) and the parameters on the scheme and host of the source's url."""
    parts = urlsplit(source.url)
    query = f"?{urlencode(parameters, quote_via=quote)}" if parameters else ""
    return f"{parts.scheme}://{parts.netloc}{quote(path, safe='/@:+')}{query}"


def as_given(source: Source, needed: str) -> str:
    """The source's url when it names more than a host.

    Raises ``ParseError`` when it does not: there is nothing to ask for. ``needed`` is the option
    that would say it ("query: the words to look for").
    """
    parts = urlsplit(source.url)
    if parts.path.strip("/") or parts.query:
        return source.url
    raise ParseError(
        lazy(
            "{id}: {url} names only the host to ask; give options {needed}, or a whole url",
            id=source.id,
            url=source.url,
            needed=needed,
        )
    )


def conditional(source: Source, state: SourceState | None, url: str, *, accept: str) -> FetchRequest:
    """A GET of ``url`` with the validators of the last answer."""
    return FetchRequest(
        url=url,
        etag=state.etag if state else None,
        last_modified=state.last_modified if state else None,
        accept=accept,
        allow_private=source.allow_private,
    )
