"""The source kind ``mastodon``: posts with a tag on one instance, as RSS or JSON, without an account."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, field_validator

from monitor.errors import ParseError
from monitor.i18n.lazy import lazy
from monitor.i18n.localizer import note
from monitor.model import Fetched, FetchRequest, Parsed, Source, SourceState
from monitor.ports import SourceKind
from monitor.sources.body import complaint, text_of
from monitor.sources.draft import EntryDraft, Sheet
from monitor.sources.entries import parsed
from monitor.sources.json_fields import document, record_of, rows, word, words
from monitor.sources.kinds.feed import sheet_of
from monitor.sources.search_request import JSON, RSS, as_given, conditional, on_host

_RECORDS: Final = 40
_TAG: Final = re.compile(r"\w{1,100}")
_AUTHOR: Final = re.compile(r"/(@[\w.-]{1,100})/\d+")
_HEAD: Final = 2_000


class MastodonOptions(BaseModel):
    """Which tag; the url names the instance (https://mastodon.social)."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    tag: str = ""
    """The tag, with or without #."""
    format: Literal["rss", "json"] = "rss"
    """What is asked for; json tells each post's language, but some instances refuse it."""

    @field_validator("tag")
    @classmethod
    def _is_tag(cls, value: str) -> str:
        tag = value.strip().removeprefix("#")
        if tag and not _TAG.fullmatch(tag):
            raise ValueError("not a tag: letters, digits and _ only")
        return tag


def request(source: Source, state: SourceState | None) -> FetchRequest:
    """A GET of the tag's newest posts. Raises ``ParseError`` without a tag."""
    options = MastodonOptions.model_validate(dict(source.options))
    accept = RSS if options.format == "rss" else JSON
    if not options.tag:
        return conditional(source, state, as_given(source, "tag: the tag to follow"), accept=accept)
    if options.format == "rss":
        url = on_host(source, f"/tags/{options.tag}.rss")
    else:
        url = on_host(source, f"/api/v1/timelines/tag/{options.tag}", {"limit": _RECORDS})
    return conditional(source, state, url, accept=accept)


def parse(source: Source, fetched: Fetched) -> Parsed:
    """The posts with their text as content. Raises ``ParseError`` for what is no list of posts."""
    text = text_of(fetched)
    if text[0] in "{[":
        sheet = _timeline(text, fetched)
    else:
        found = sheet_of(fetched, wanted=note("posts of Mastodon"))
        sheet = dataclasses.replace(found, drafts=tuple(_from_feed(draft) for draft in found.drafts))
    return parsed("mastodon", source, fetched, sheet)


def _from_feed(draft: EntryDraft) -> EntryDraft:
    """The feed names no author, but the post's address does."""
    return dataclasses.replace(
        draft,
        summary="",
        content=draft.content or draft.summary,
        authors=draft.authors or tuple(name for link in draft.links[:1] if (name := _author(link))),
    )


def _author(link: str) -> str:
    """``@name@instance`` of a post's address."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return ""
    found = _AUTHOR.fullmatch(parts.path)
    return f"{found[1]}@{parts.netloc}" if found else ""


def _timeline(text: str, fetched: Fetched) -> Sheet:
    value = document(text)
    if not isinstance(value, list):
        said = word(record_of(value), "error")
        if said:
            told = note("the instance says: {said} ({url}; set options format: rss)")
            raise ParseError(lazy(told, said=said, url=fetched.url))
        raise complaint(text, fetched, wanted=note("posts of Mastodon"))
    posts = [record_of(post.get("reblog")) or post for post in rows(value)]
    return Sheet(drafts=tuple(_from_post(post, fetched.url) for post in posts))


def _from_post(post: Mapping[str, Any], url: str) -> EntryDraft:
    account = record_of(post.get("account"))
    name = word(account, "acct")
    if name and "@" not in name:
        name = f"{name}@{urlsplit(url).netloc}"
    return EntryDraft(
        guid=word(post, "uri", "id"),
        links=(word(post, "url"), word(post, "uri")),
        base=url,
        title=word(post, "spoiler_text"),
        title_is_html=False,
        content=word(post, "content"),
        published=words(post, "created_at"),
        updated=words(post, "edited_at"),
        authors=(f"@{name}",) if name else (),
        language=word(post, "language"),
    )


def sniff(fetched: Fetched) -> float:
    """1 for a timeline; 0.9 for a feed that Mastodon made, which is a feed first."""
    try:
        text = text_of(fetched)
    except ParseError:
        return 0.0
    if text[0] == "[":
        posts = rows(document(text))
        return 1.0 if posts and "account" in posts[0] and "content" in posts[0] else 0.0
    return 0.9 if "<generator>Mastodon" in text[:_HEAD] else 0.0


KIND: Final = SourceKind(
    name="mastodon",
    options=MastodonOptions,
    request=request,
    parse=parse,
    sniff=sniff,
    has_page=lambda _entry: False,
)
