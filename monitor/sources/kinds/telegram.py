"""The source kind ``telegram``: a public channel's preview page (t.me/s/name), without an account."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag
from pydantic import BaseModel, ConfigDict, field_validator

from monitor.core.text.markup_limits import few_attributes
from monitor.errors import ParseError
from monitor.i18n.lazy import lazy
from monitor.i18n.localizer import note
from monitor.model import Fetched, FetchRequest, Parsed, Source, SourceState
from monitor.ports import SourceKind
from monitor.sources.body import complaint, text_of
from monitor.sources.draft import EntryDraft, Sheet
from monitor.sources.entries import parsed
from monitor.sources.search_request import PAGE, as_given, conditional, on_host

MAX_PAGE: Final = 2_000_000
MAX_OPTIONS: Final = 12
_HOSTS: Final = frozenset({"t.me", "telegram.me", "telegram.dog"})
_NAME: Final = re.compile(r"[A-Za-z]\w{2,63}", re.ASCII)
_PATH: Final = re.compile(r"/(?:s/)?([A-Za-z]\w{2,63})/?", re.ASCII)
_POST: Final = ".tgme_widget_message[data-post]"
_DECLARATION: Final = re.compile(r"<\?xml[^>]*>?", re.IGNORECASE)
_PREFIX: Final = ".tgme_widget_message_"


class TelegramSourceOptions(BaseModel):
    """Which channel, and which of its posts."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    channel: str = ""
    """The channel's public name, with or without @; absent: the url names it."""
    forwards: bool = True
    """false leaves out posts that the channel forwards from others."""

    @field_validator("channel")
    @classmethod
    def _is_name(cls, value: str) -> str:
        name = value.strip().removeprefix("@")
        if name and not _NAME.fullmatch(name):
            raise ValueError("not a channel's public name; it is what follows t.me/ in its address")
        return name


def request(source: Source, state: SourceState | None) -> FetchRequest:
    """A GET of the preview page; ``t.me/name`` is read as ``t.me/s/name``.

    Raises ``ParseError`` when neither option nor url names a channel.
    """
    name = TelegramSourceOptions.model_validate(dict(source.options)).channel
    parts = urlsplit(source.url)
    if not name and parts.hostname in _HOSTS and (found := _PATH.fullmatch(parts.path)):
        name = found[1]
    url = on_host(source, f"/s/{name}") if name else as_given(source, "channel: its public name")
    return conditional(source, state, url, accept=PAGE)


def parse(source: Source, fetched: Fetched) -> Parsed:
    """The posts of the page, newest first, with their text as content.

    A forwarded post counts the one it is from among its authors. Posts without words (a bare
    picture, "channel created") are passed over. Raises ``ParseError`` for a channel whose preview
    is off, for groups and persons, and for what is no such page.
    """
    options = TelegramSourceOptions.model_validate(dict(source.options))
    text = _DECLARATION.sub("", text_of(fetched))
    if "tgme_" not in text:
        raise complaint(text or "nothing", fetched, wanted=note("a Telegram channel's preview page"))
    soup = BeautifulSoup(few_attributes(text[:MAX_PAGE]), "lxml")
    posts = soup.select(_POST)
    if not posts and not soup.select_one(".tgme_channel_info"):
        raise _no_preview(soup, text, fetched)
    title = soup.select_one(".tgme_channel_info_header_title")
    sheet = Sheet(
        drafts=tuple(_drafts(posts[::-1], fetched.url, options)),
        title=html.escape(_shown(title)),
        home=fetched.url,
    )
    return parsed("telegram", source, fetched, sheet)


def _drafts(posts: list[Tag], base: str, options: TelegramSourceOptions) -> Iterator[EntryDraft]:
    for post in posts:
        sender = post.select_one(f"{_PREFIX}forwarded_from_name")
        content = _content(post)
        if not content or (sender and not options.forwards):
            continue
        number = str(post["data-post"])
        link = post.select_one(f"a{_PREFIX}date[href]")
        moment = post.select_one(f"{_PREFIX}date time[datetime]")
        signature = post.select_one(f"{_PREFIX}from_author")
        yield EntryDraft(
            guid=number,
            links=(str(link["href"]) if link else "", f"/{number}"),
            base=base,
            content=content,
            published=(str(moment["datetime"]),) if moment else (),
            authors=tuple(name for name in (_shown(signature), _shown(sender)) if name),
        )


def _content(post: Tag) -> str:
    """The post's words as HTML, not those of the post it answers: its own text, then what it links to, asks
    in a poll or names a file, as far as the text does not say that."""
    own = ""
    for text in post.select(f"{_PREFIX}text"):
        if not text.find_parent(class_="tgme_widget_message_reply") and text.get_text(strip=True):
            own = text.decode_contents()
            break
    parts = [
        *(_shown(post.select_one(f".link_preview_{part}")) for part in ("title", "description")),
        *map(_shown, post.select(f"{_PREFIX}poll_question, {_PREFIX}poll_option_text")[:MAX_OPTIONS]),
        *map(_shown, post.select(f"{_PREFIX}document_title")[:MAX_OPTIONS]),
    ]
    said = " ".join(BeautifulSoup(own, "lxml").get_text(" ").split()) if own and any(parts) else ""
    more = dict.fromkeys(html.escape(part) for part in parts if part and part not in said)
    return "<br>".join((*([own] if own else []), *more))


def _shown(tag: Tag | None) -> str:
    return tag.get_text(" ", strip=True) if tag else ""


def _no_preview(soup: BeautifulSoup, text: str, fetched: Fetched) -> ParseError:
    """Telegram leads to the page of contact when there is no preview."""
    if not soup.select_one(".tgme_page"):
        return complaint(text, fetched, wanted=note("a Telegram channel's preview page"))
    extra = _shown(soup.select_one(".tgme_page_extra"))
    name = _shown(soup.select_one(".tgme_page_title")) or urlsplit(fetched.url).path.strip("/")
    if "subscriber" in extra:
        return ParseError(
            lazy(
                "the channel {name} has its preview off, so nobody can read it without an account "
                "({url}; watch the outlet's site, or ask the channel to allow the web preview)",
                name=name,
                url=fetched.url,
            )
        )
    told = note("{name} is no public channel ({url}; give the name of one; or its preview is off)")
    if "member" in extra:
        told = note("{name} is a group ({url}; give the name of a public channel)")
    return ParseError(lazy(told, name=name, url=fetched.url))


def sniff(fetched: Fetched) -> float:
    """1 for a preview page, 0.9 for the page that Telegram shows in its place."""
    try:
        text = text_of(fetched)
    except ParseError:
        return 0.0
    if "tgme_widget_message" in text or "tgme_channel_info" in text:
        return 1.0
    return 0.9 if 'class="tgme_page' in text else 0.0


KIND: Final = SourceKind(
    name="telegram",
    options=TelegramSourceOptions,
    request=request,
    parse=parse,
    sniff=sniff,
    has_page=lambda _entry: False,
)
