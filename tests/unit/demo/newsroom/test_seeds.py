"""The newsroom's seeds say what they claim: files, languages, copies, decoys, ages."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from monitor.core.text.fingerprint import headline_key, lead_of, text_key
from monitor.demo.newsroom.seeds import NewsroomArticle, bundled, load
from monitor.errors import ConfigError
from monitor.model import AlertSettings

FOLDER = bundled("seeds/newsroom")
SEEDS = load(FOLDER)
ARTICLES = {article.id: article for article in SEEDS.articles}
TOPICS = {
    "belarus",
    "lukashenko",
    "potash-sanctions",
    "political-prisoners",
    "us-belarus",
    "banks-sanctions",
}


def keys(article: NewsroomArticle) -> set[str]:
    """What makes two articles exact copies."""
    lead = lead_of(article.text)
    return {text_key(article.headline, article.text), headline_key(article.headline, lead)}


def shingles(article: NewsroomArticle) -> set[tuple[str, ...]]:
    words = article.text.casefold().split()
    return {tuple(words[at : at + 4]) for at in range(len(words) - 3)}


def test_every_row_has_its_file_and_every_file_its_row() -> None:
    files = {file.relative_to(FOLDER / "articles").as_posix() for file in FOLDER.glob("articles/*/*.md")}
    assert files == {f"{article.id}.md" for article in SEEDS.articles}


def test_size_of_the_newsroom() -> None:
    """Issue 2, point 3: at least 60 articles, 12 outlets, 7 languages, every kind and main tier."""
    assert len(SEEDS.articles) >= 60
    assert len(SEEDS.outlets) >= 12
    assert {article.language for article in SEEDS.articles} >= {"en", "ru", "be", "uk", "pl", "lt", "de"}
    assert {outlet.kind for outlet in SEEDS.outlets.values()} == {
        "feed-rss",
        "feed-atom",
        "feed-json",
        "feed-rdf",
        "sitemap",
        "sitemap-index",
        "listing",
    }
    tiers = {outlet.tier for outlet in SEEDS.outlets.values()}
    assert tiers >= {"state", "independent", "wire", "public", "business"}


def test_ids_and_languages_agree() -> None:
    for article in SEEDS.articles:
        assert article.id.split("/")[0] == article.outlet
        assert article.language == SEEDS.outlets[article.outlet].language
        assert SEEDS.furniture[article.language].keys() == SEEDS.furniture["en"].keys()


def test_slugs_differ_across_outlets() -> None:
    """Otherwise outlets that differ by nothing but the port could be taken for one another."""
    slugs = Counter(article.slug for article in SEEDS.articles if article.revision_of is None)
    assert [slug for slug, count in slugs.items() if count > 1] == []


@pytest.mark.parametrize("article", SEEDS.articles, ids=lambda article: article.id)
def test_article_reads_like_one(article: NewsroomArticle) -> None:
    words = len(article.text.split())
    assert (40 if article.copy else 88) <= words <= 220
    assert len(article.paragraphs) >= 2
    assert article.headline
    assert (article.age is None) != (article.publish_after_s is None)
    assert article.must | article.must_not <= TOPICS
    assert not article.must & article.must_not


def test_declared_exact_copies_are_exact() -> None:
    copies = [article for article in SEEDS.articles if article.copy == "exact"]
    assert len(copies) >= 8
    for copy in copies:
        assert copy.copy_of is not None
        original = ARTICLES[copy.copy_of]
        assert keys(copy) & keys(original), copy.id
        assert copy.family == original.family
        assert copy.outlet != original.outlet


def test_families_share_no_key_with_one_another() -> None:
    """What is not declared an exact copy must not be one by accident."""
    owner: dict[str, str] = {}
    for article in SEEDS.articles:
        for key in keys(article):
            assert key
            assert owner.setdefault(key, article.family) == article.family, article.id


def test_cut_copies_share_text_but_nothing_that_makes_them_exact() -> None:
    cut = [article for article in SEEDS.articles if article.copy == "cut"]
    assert cut
    for copy in cut:
        original = ARTICLES[copy.copy_of or ""]
        common = shingles(copy) & shingles(original)
        assert len(common) >= len(shingles(copy)) * 0.8
        assert copy.family == copy.id
        assert copy.headline != original.headline


def test_rewrites_and_translations_tell_the_same_event_in_other_words() -> None:
    followers = [article for article in SEEDS.articles if article.copy in {"rewrite", "translation"}]
    assert {article.copy for article in followers} == {"rewrite", "translation"}
    for follower in followers:
        original = ARTICLES[follower.copy_of or ""]
        assert follower.story == original.story
        assert len(shingles(follower) & shingles(original)) < 0.1 * len(shingles(follower))
        assert (follower.language != original.language) == (follower.copy == "translation")


def test_revisions_change_something_a_reader_sees() -> None:
    revisions = [article for article in SEEDS.articles if article.revision_of]
    assert len(revisions) >= 3
    for revision in revisions:
        first = ARTICLES[revision.revision_of or ""]
        assert (revision.slug, revision.outlet, revision.family) == (first.slug, first.outlet, first.family)
        assert revision.headline != first.headline
        assert revision.text != first.text
        assert revision.publish_after_s


def test_same_headline_alone_makes_no_copy() -> None:
    """Two morning briefings of one outlet: the same headline over different news."""
    headlines = Counter(
        (article.headline, article.outlet)
        for article in SEEDS.articles
        if article.revision_of is None and article.family == article.id
    )
    assert max(headlines.values()) >= 2


def test_every_topic_is_matched_in_several_languages_and_has_decoys() -> None:
    decoys = [article for article in SEEDS.articles if article.decoy]
    assert len({article.language for article in decoys}) >= 4
    assert all(article.must_not == TOPICS for article in decoys)
    for topic in TOPICS:
        assert len({article.language for article in SEEDS.articles if topic in article.must}) >= 5, topic


@pytest.mark.parametrize(
    "sense",
    [
        "White Russian",
        "Lukashevich",
        "Лукашевич",
        "Łukaszewicz",
        "Mińsk Mazowiecki",
        "potash",
        "Поташ",
        "bank of the",
        "банк крови",
        "банку",
        "längste Bank",
        "tax amnesty",
    ],
)
def test_there_is_a_decoy_with_the_other_sense(sense: str) -> None:
    assert any(sense in article.headline + article.text for article in SEEDS.articles if article.decoy)


def test_ages_are_clearly_fresh_or_clearly_old() -> None:
    """First contact alerts the fresh, stores the old; nothing stands near the border. No family has both."""
    fresh, old = AlertSettings().max_age - timedelta(hours=1), timedelta(hours=24)
    families: dict[str, set[bool]] = {}
    for article in SEEDS.articles:
        age = article.age or timedelta()
        assert age <= fresh or age > old, article.id
        families.setdefault(article.family, set()).add(age > old)
    assert all(len(sides) == 1 for sides in families.values())
    old_ones = [article for article in SEEDS.articles if article.age and article.age > old]
    assert sum(bool(article.must) for article in old_ones) >= 4


def test_enough_happens_while_the_demo_runs() -> None:
    scheduled = [article for article in SEEDS.articles if article.publish_after_s is not None]
    assert len(scheduled) >= 12
    assert any(article.copy == "exact" for article in scheduled)
    assert any(article.revision_of for article in scheduled)
    assert max(article.publish_after_s or 0 for article in scheduled) <= 30


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    row = {"id": "x/y", "outlet": "x", "language": "en", "story": "s"}
    outlet = {
        "id": "x",
        "name": "X",
        "language": "en",
        "country": "GB",
        "tier": "blog",
        "kind": "feed-rss",
        "feed": "/f",
        "page": "/{slug}",
    }
    with (tmp_path / "manifest.yaml").open("w", encoding="utf-8") as stream:
        YAML().dump({"outlets": [outlet], "articles": [row], "furniture": {}}, stream)
    with pytest.raises(ConfigError, match=r"x/y\.md.*cannot be read"):
        load(tmp_path)


def test_missing_bundled_material_is_a_config_error() -> None:
    with pytest.raises(ConfigError, match="missing"):
        bundled("seeds/no-such-thing")
