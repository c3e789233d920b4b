"""The bundled newsroom: invented outlets served over real HTTP on loopback, one port each."""

from __future__ import annotations

import dataclasses
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Self

from monitor.demo.newsroom.config import source_of, write_config
from monitor.demo.newsroom.feeds import Body, Shown, listings
from monitor.demo.newsroom.pages import article_page, front_page
from monitor.demo.newsroom.seeds import NewsroomArticle, Outlet, bundled, load
from monitor.demo.newsroom.server import FAULTS, ServerFault, Site
from monitor.model import Source

__all__ = ["Newsroom", "NewsroomArticle", "Outlet", "ServedRequest", "bundled"]

RELATED = 3


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ServedRequest:
    """How often a path was asked, and how often the answer was 304."""

    total: int
    not_modified: int


class Newsroom:
    """Serves the newsroom's seeds.

    Ages count back from the moment of ``start``; what is scheduled appears ``publish_after_s`` /
    ``speed`` seconds after it, by the clock ``now`` (aware UTC). Raises ``ConfigError`` when the
    seeds cannot be read.
    """

    def __init__(self, *, now: Callable[[], datetime], seeds: Path | None = None, speed: float = 1.0) -> None:
        self._now = now
        self._speed = speed
        self._seeds = load(seeds if seeds is not None else bundled("seeds/newsroom"))
        self._started: datetime | None = None
        self._released: dict[str, datetime] = {}
        self._counts: Counter[tuple[str, str, bool]] = Counter()
        self._lock = threading.Lock()
        self._sites: dict[str, Site] = {}
        self.outlets: Mapping[str, Outlet] = self._seeds.outlets
        self.articles: tuple[NewsroomArticle, ...] = self._seeds.articles

    def start(self) -> None:
        """Open a port for each outlet and begin to answer. ``outlets`` and ``articles`` get addresses."""
        self._started = self._now()
        for name in self._seeds.outlets:
            self._sites[name] = Site(answer=partial(self._answer, name), asked=partial(self._asked, name))
        self.outlets = MappingProxyType(
            {name: _placed(outlet, self._sites[name].port) for name, outlet in self._seeds.outlets.items()}
        )
        self.articles = tuple(
            dataclasses.replace(article, url=self._url(article)) for article in self._seeds.articles
        )
        for site in self._sites.values():
            site.start()

    def stop(self) -> None:
        """Close every port. Stopping twice does nothing."""
        sites, self._sites = self._sites, {}
        if sites:
            with ThreadPoolExecutor(len(sites)) as pool:
                list(pool.map(Site.stop, sites.values()))

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def article(self, article_id: str) -> NewsroomArticle:
        """One article by its manifest id. Raises ``KeyError``."""
        for article in self.articles:
            if article.id == article_id:
                return article
        raise KeyError(article_id)

    def is_published(self, article_id: str) -> bool:
        """Whether this version has come out."""
        return self._came_out(self.article(article_id)) is not None

    def publish(self, article_id: str) -> None:
        """Let one article or revision come out now. Raises ``KeyError`` for an unknown id."""
        article = self.article(article_id)
        if self._came_out(article) is None:
            with self._lock:
                self._released[article_id] = self._now()

    def publish_all(self) -> None:
        """Let everything scheduled come out now."""
        for article in self.articles:
            self.publish(article.id)

    def break_outlet(self, outlet_id: str, fault: ServerFault) -> None:
        """Make every answer of an outlet a fault: ``500``, ``hang``, ``challenge`` or ``empty``."""
        if fault not in FAULTS:
            raise ValueError(f"no such fault: {fault!r}; there are {', '.join(FAULTS)}")
        self._sites[outlet_id].break_(fault)

    def mend_outlet(self, outlet_id: str) -> None:
        """Let an outlet answer properly again."""
        self._sites[outlet_id].hint()

    @property
    def requests(self) -> Mapping[tuple[str, str], ServedRequest]:
        """A snapshot of the counters: (outlet id, path without query) → how often it was asked."""
        with self._lock:
            counts = Counter(self._counts)
        keys = sorted({(outlet, path) for outlet, path, _ in counts})
        return {
            key: ServedRequest(
                total=counts[*key, True] + counts[*key, False], not_modified=counts[*key, True]
            )
            for key in keys
        }

    @property
    def glosses(self) -> Mapping[str, str]:
        """Address of an article in another language → what it is about, in English."""
        told = self._seeds.glosses
        foreign = [item for item in self.articles if item.language != "en" and item.story in told]
        amp = {
            f"{self.outlets[item.outlet].site}/amp{_path(self.outlets[item.outlet], item.url)}": told[
                item.story
            ]
            for item in foreign
            if item.amp
        }
        return {item.url: told[item.story] for item in foreign} | amp

    def sources(self, *, every_s: float) -> tuple[Source, ...]:
        """The outlets as sources, polled every ``every_s`` seconds. The newsroom must have started."""
        return tuple(source_of(outlet, every=timedelta(seconds=every_s)) for outlet in self.outlets.values())

    def write_config(
        self,
        folder: Path,
        *,
        every_s: float = 2,
        chats: Sequence[Mapping[str, object]] | None = None,
        telegram_base_url: str | None = None,
    ) -> None:
        """Write a complete config folder for a service that reads this newsroom.

        ``chats`` are rows of chats.yaml; without them one console chat gets every topic.
        """
        write_config(
            folder,
            outlets=tuple(self.outlets.values()),
            topics=bundled("config/topics"),
            every_s=every_s,
            chats=chats,
            telegram_base_url=telegram_base_url,
        )

    def _asked(self, outlet_id: str, path: str, not_modified: bool) -> None:
        with self._lock:
            self._counts[outlet_id, path, not_modified] += 1

    def _url(self, article: NewsroomArticle) -> str:
        outlet = self.outlets[article.outlet]
        return outlet.site + outlet.page.format(slug=article.slug)

    def _came_out(self, article: NewsroomArticle) -> datetime | None:
        """When this version came out; None while it has not."""
        if self._started is None:
            return None
        if article.publish_after_s is None:
            return self._started - (article.age or timedelta())
        with self._lock:
            released = self._released.get(article.id)
        due = self._started + timedelta(seconds=article.publish_after_s / self._speed)
        return released or (due if due <= self._now() else None)

    def _shown(self, outlet_id: str) -> tuple[Shown, ...]:
        """What stands on an outlet's site now, newest first: of each article its latest version."""
        shown: dict[str, Shown] = {}
        for article in self.articles:
            moment = self._came_out(article)
            if article.outlet != outlet_id or moment is None:
                continue
            first = shown.get(article.revision_of or article.id)
            guid = f"urn:newsroom:{outlet_id}:{article.slug}"
            published = first.published if first else moment
            shown[article.revision_of or article.id] = Shown(
                article=article, published=published, modified=moment, url=article.url, guid=guid
            )
        return tuple(sorted(shown.values(), key=lambda item: item.published, reverse=True))

    def _answer(self, outlet_id: str, path: str) -> Body | None:
        outlet = self.outlets[outlet_id]
        shown = self._shown(outlet_id)
        furniture = self._seeds.furniture[outlet.language]
        started = self._started or datetime.fromtimestamp(0, UTC)
        listed = listings(outlet, _with_amp(outlet, shown), furniture, started)
        if path in listed:
            return listed[path]()
        html = f"text/html; charset={outlet.encoding}"
        for item in shown:
            if path.removeprefix("/amp").rstrip("/") == _path(outlet, item.url).rstrip("/"):
                page = article_page(
                    outlet,
                    item.article,
                    published=item.published,
                    modified=item.modified,
                    related=self._related(item.article),
                    furniture=furniture,
                )
                return Body(data=page, content_type=html, changed=item.modified)
        if path == "/robots.txt":
            rules = f"User-agent: *\nDisallow: /search\n\nSitemap: {outlet.site}/sitemap.xml\n"
            return Body(data=rules.encode(), content_type="text/plain", changed=started)
        if path == "/":
            page = front_page(outlet, [item.article for item in shown], furniture)
            changed = max((item.modified for item in shown), default=started)
            return Body(data=page, content_type=html, changed=changed)
        return None

    def _related(self, article: NewsroomArticle) -> tuple[NewsroomArticle, ...]:
        """Other articles of the outlet. Only what is out from the start, so that a page stays the same."""
        others = [
            other
            for other in self.articles
            if other.outlet == article.outlet and other.slug != article.slug and other.age is not None
        ]
        return tuple(others[:RELATED])


def _placed(outlet: Outlet, port: int) -> Outlet:
    return dataclasses.replace(outlet, port=port, url=f"http://127.0.0.1:{port}{outlet.feed}")


def _path(outlet: Outlet, url: str) -> str:
    return url.removeprefix(outlet.site)


def _with_amp(outlet: Outlet, shown: Sequence[Shown]) -> tuple[Shown, ...]:
    """``shown`` and a second listing of each article that has an AMP page, under a guid of its own."""
    twins = [
        dataclasses.replace(item, url=f"{outlet.site}/amp{_path(outlet, item.url)}", guid=f"{item.guid}:amp")
        for item in shown
        if item.article.amp
    ]
    return tuple(shown) + tuple(twins)
