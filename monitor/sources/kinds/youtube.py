"""The source kind ``youtube``: the newest videos of a channel or playlist, without an account."""

from __future__ import annotations

import dataclasses
import re
from typing import Final
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field

from monitor.errors import ParseError
from monitor.i18n.lazy import lazy
from monitor.i18n.localizer import note
from monitor.model import Fetched, FetchRequest, Parsed, Source, SourceState
from monitor.ports import SourceKind
from monitor.sources.body import text_of
from monitor.sources.entries import parsed
from monitor.sources.kinds.feed import sheet_of
from monitor.sources.search_request import RSS, as_given, conditional, on_host

_PATH: Final = "/feeds/videos.xml"
_CHANNEL: Final = re.compile(r"/channel/(UC[\w-]{22})(?:/.*)?", re.ASCII)
_HANDLE: Final = re.compile(r"/(?:@|c/|user/).+")
_HOST: Final = re.compile(r"(?:(?:www|m)\.)?youtube\.com")
_HEAD: Final = 2_000


class YoutubeOptions(BaseModel):
    """Whose videos."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    channel: str = Field(default="", pattern=r"^(UC[A-Za-z0-9_-]{22})?$")
    """The channel's id, UC and 22 characters; absent: the url names it."""
    playlist: str = Field(default="", pattern=r"^([A-Za-z0-9_-]{10,60})?$")
    """A playlist's id instead."""
    shorts: bool = True
    """false leaves out short videos."""


def request(source: Source, state: SourceState | None) -> FetchRequest:
    """A conditional GET of the feed of the fifteen newest videos.

    Raises ``ParseError`` when nothing names a channel by its id; ids of @names are not asked for.
    """
    options = YoutubeOptions.model_validate(dict(source.options))
    parts = urlsplit(source.url)
    channel = options.channel
    if not channel and not options.playlist and _HOST.fullmatch(parts.hostname or ""):
        if found := _CHANNEL.fullmatch(parts.path):
            channel = found[1]
        elif _HANDLE.fullmatch(parts.path):
            raise ParseError(
                lazy(
                    "{id}: {url} does not tell the channel's id; open it, choose Share channel, "
                    "Copy channel ID, and give it as options channel",
                    id=source.id,
                    url=source.url,
                )
            )
    if options.playlist:
        url = on_host(source, _PATH, {"playlist_id": options.playlist})
    elif channel:
        url = on_host(source, _PATH, {"channel_id": channel})
    else:
        url = as_given(source, "channel: the channel's id")
    return conditional(source, state, url, accept=RSS)


def parse(source: Source, fetched: Fetched) -> Parsed:
    """The videos with title and description. Raises ``ParseError`` as a feed does."""
    options = YoutubeOptions.model_validate(dict(source.options))
    sheet = sheet_of(fetched, wanted=note("a YouTube feed"))
    drafts = tuple(
        # Every view moves the date of change.
        dataclasses.replace(draft, updated=()) if draft.published else draft
        for draft in sheet.drafts
        if options.shorts or not any("/shorts/" in link for link in draft.links)
    )
    return parsed("youtube", source, fetched, dataclasses.replace(sheet, drafts=drafts))


def sniff(fetched: Fetched) -> float:
    """0.9 for a feed with YouTube's ids; it is a feed first, so ``monitor parse`` says so."""
    try:
        return 0.9 if "youtube.com/xml/schemas" in text_of(fetched)[:_HEAD] else 0.0
    except ParseError:
        return 0.0


KIND: Final = SourceKind(
    name="youtube",
    options=YoutubeOptions,
    request=request,
    parse=parse,
    sniff=sniff,
    has_page=lambda _entry: False,
)
