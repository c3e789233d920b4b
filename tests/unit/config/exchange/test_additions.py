"""New sources: none twice, none invalid, ids made and kept apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.config import additions, file_named
from monitor.config.exchange.additions import new_id, slug
from monitor.errors import ConfigError
from monitor.model import Source
from monitor.plugins import source_kinds

KNOWN = {"bbc": Source(id="bbc", name="BBC", kind="feed", url="https://www.bbc.example/rss")}


def test_one_address_is_one_source_however_it_is_spelled() -> None:
    records = [
        ("line 2", {"name": "BBC again", "url": "http://bbc.example/rss/"}),
        ("line 3", {"name": "New", "url": "https://new.example/rss"}),
        ("line 4", {"name": "New too", "url": "https://new.example/rss?utm_source=x"}),
    ]
    found = additions(records, KNOWN, source_kinds())
    assert [record["name"] for record in found.new] == ["New"]
    assert [(one.where, one.why) for one in found.known] == [
        ("line 2", "bbc reads this address already"),
        ("line 4", "new reads this address already"),
    ]
    assert found.wrong == ()


def test_searches_of_one_service_are_told_apart_by_what_they_look_for() -> None:
    def search(words: str) -> dict[str, object]:
        return {
            "name": words,
            "kind": "googlenews",
            "url": "https://news.google.com",
            "options": {"query": words},
        }

    found = additions(
        [("1", search("river")), ("2", search("dam")), ("3", search("dam"))], {}, source_kinds()
    )
    assert [record["id"] for record in found.new] == ["river", "dam"]
    assert [one.where for one in found.known] == ["3"]


@pytest.mark.parametrize(
    ("record", "why"),
    [
        ({"id": "bbc", "url": "https://other.example/"}, "the id bbc is taken"),
        ({"name": "X", "url": "ftp://x.example/"}, "is not a web address"),
        ({"name": "X", "url": "https://x.example", "kind": "fedd"}, "unknown source kind 'fedd'"),
        ({"name": "X", "url": "https://x.example", "language": "xx-long"}, "is not a language code"),
        ({"name": "X", "url": "https://x.example", "kind": "listing", "options": {"itme": "li"}}, "itme"),
        ({"name": "X", "url": "https://x.example", "options": "{broken"}, "options"),
        ({"name": "X"}, "url"),
    ],
)
def test_what_cannot_be_a_source_says_why(record: dict[str, object], why: str) -> None:
    found = additions([("line 7", record)], KNOWN, source_kinds())
    assert found.new == ()
    assert why in found.wrong[0].why
    assert found.wrong[0].where == "line 7"


@pytest.mark.parametrize(
    ("record", "id_"),
    [
        ({"name": "Süddeutsche Zeitung"}, "suddeutsche-zeitung"),
        ({"name": "Наша Ніва", "url": "https://www.nashaniva.example/rss"}, "nashaniva"),
        ({"name": "BBC"}, "bbc-2"),
        ({"url": "https://feeds.outlet.example/x"}, "outlet"),
        ({}, "source"),
    ],
)
def test_ids_come_from_the_name_or_the_host(record: dict[str, object], id_: str) -> None:
    assert new_id(record, KNOWN) == id_


def test_files_lie_where_the_config_reads_them(tmp_path: Path) -> None:
    assert file_named("europe", tmp_path) == tmp_path / "sources" / "europe.yaml"
    assert file_named(str(tmp_path / "sources" / "x.yml"), tmp_path) == tmp_path / "sources" / "x.yml"
    with pytest.raises(ConfigError, match="lies outside"):
        file_named("../secrets.yaml", tmp_path)


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("Dziennik Łódzki", "dziennik-lodzki"),
        ("Ærø Avis", "aero-avis"),
        ("Straße", "strasse"),
        ("Þór", "thor"),
        ("Đakovo", "dakovo"),
        ("São Paulo", "sao-paulo"),
    ],
)
def test_ids_keep_the_letters_of_names(name: str, made: str) -> None:
    assert slug(name) == made


@pytest.mark.parametrize(
    ("url", "web"),
    [
        ("feed://a.example/rss", "https://a.example/rss"),
        ("feed:https://a.example/rss", "https://a.example/rss"),
        ("FEED:http://a.example/rss", "http://a.example/rss"),
        ("https://feed.example/rss", "https://feed.example/rss"),
    ],
)
def test_addresses_of_feed_readers_are_those_of_the_web(url: str, web: str) -> None:
    (record,) = additions((("", {"name": "A", "url": url}),), {}, {"feed": source_kinds()["feed"]}).new
    assert record["url"] == web
