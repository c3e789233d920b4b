"""Step 6 as the read job calls it."""

from __future__ import annotations

from datetime import UTC, datetime

from monitor.core.match import match, match_text
from monitor.core.query.engine.matcher import Matcher
from monitor.core.rulebook import Rulebook
from monitor.model import Article, Fingerprint, Topic

ARTICLE = Article(
    id="a",
    entry_id="e",
    source_id="nn",
    url="https://nn.example/1?utm=x",
    canonical_url="https://nn.example/1",
    title="Калійныя санкцыі",
    text="Першы абзац.\nДругі абзац.",
    lead="Першы абзац.",
    fingerprint=Fingerprint(version=1, url_key="", text_key="", headline_key=""),
    seen_at=datetime(2026, 1, 1, tzinfo=UTC),
    authors=("А. Б.", "В. Г."),
    language="be",
    source_name="Наша Ніва",
    tier="independent",
    country="BY",
)


def test_an_article_is_matched_with_everything_that_is_known_of_it() -> None:
    """All fields reach the query; the match carries the revision."""
    query = 'title:калій* lead:першы author:"В Г" source:nn source:"Наша Ніва" tier:independent '
    query += "lang:be country:BY url:nn.example/1"
    topic = Topic(id="t", query=query)
    rulebook = Rulebook(revision="r1", topics={"t": topic}, matcher=Matcher.build([topic]))
    (found,) = match(ARTICLE, rulebook)
    assert (found.topic_id, found.rulebook) == ("t", "r1")
    assert match_text(ARTICLE).url == "https://nn.example/1"
