"""OPML and CSV: what goes out comes back; what others write is read; what is hostile is harmless."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.config import read_csv, read_opml, write_csv, write_opml
from monitor.errors import ConfigError
from monitor.model import Recipe, Source

WHOLE = Source(
    id="laika",
    name='Laika "laiks" & <ko>',
    kind="listing",
    url="https://laika.example/zinas?a=1&b=2",
    site="https://laika.example",
    language="lv",
    country="LV",
    tier="public",
    every=timedelta(minutes=90),
    timezone="Europe/Riga",
    options={"item": "li, article", "title": "h3"},
    enabled=False,
    recipe=Recipe(select="article, .body", remove="aside"),
)
BARE = Source(id="bare", name="Bare", kind="feed", url="https://bare.example/rss")
EXPECTED = {
    "id": "laika",
    "name": 'Laika "laiks" & <ko>',
    "kind": "listing",
    "url": "https://laika.example/zinas?a=1&b=2",
    "site": "https://laika.example",
    "language": "lv",
    "country": "LV",
    "tier": "public",
    "every": "1h30m",
    "timezone": "Europe/Riga",
    "options": {"item": "li, article", "title": "h3"},
    "enabled": False,
    "text": {"select": "article, .body", "remove": "aside"},
}


def records(found: Iterable[tuple[str, Mapping[str, object]]]) -> list[Mapping[str, object]]:
    return [record for _, record in found]


def test_everything_comes_back() -> None:
    by_opml = records(read_opml(write_opml([WHOLE, BARE]), "x.opml"))
    by_csv = records(read_csv(write_csv([WHOLE, BARE]), "x.csv"))
    assert by_opml[0] == by_csv[0] == EXPECTED
    assert by_opml[1]["url"] == by_csv[1]["url"] == "https://bare.example/rss"


def test_opml_in_utf16_is_read() -> None:
    text = (
        '<?xml version="1.0" encoding="UTF-16"?><opml><body><outline text="Głos" xmlUrl="https://a.example"/>'
    )
    found = records(read_opml(f"{text}</body></opml>".encode("utf-16"), "x.opml"))
    assert [(record["name"], record["url"]) for record in found] == [("Głos", "https://a.example")]


def test_a_feed_readers_opml_is_read_through_its_folders() -> None:
    data = b"""<?xml version="1.0"?><opml version="1.0"><head/><body>
      <outline text="Baltics"><outline text="LRT" xmlUrl="https://lrt.example/rss"
        htmlUrl="https://lrt.example" type="rss"/>
      <outline text="no feed" url="https://x.example"/></outline>
      <outline title="ERR" text="err" xmlURL=" https://err.example/rss " language="et-EE"/></body></opml>"""
    found = list(read_opml(data, "x.opml"))
    assert [record["url"] for _, record in found] == ["https://lrt.example/rss", "https://err.example/rss"]
    assert found[0][1] == {
        "name": "LRT",
        "kind": "feed",
        "url": "https://lrt.example/rss",
        "site": "https://lrt.example",
    }
    assert (found[1][0], found[1][1]["name"], found[1][1]["language"]) == ("line 5", "ERR", "et")


@pytest.mark.parametrize(
    "text",
    [
        "url,title,lang\nhttps://a.example/rss,A,be\n",
        "\ufeffFeed URL;Name;Language\r\nhttps://a.example/rss;A;be\r\n",
        "Name\tURL\tlang\nA\thttps://a.example/rss\tbe\n\n",
    ],
)
def test_columns_may_be_called_and_parted_otherwise(text: str) -> None:
    (record,) = records(read_csv(text, "x.csv"))
    assert (record["url"], record["name"], record["language"]) == ("https://a.example/rss", "A", "be")


def test_what_is_neither_says_so() -> None:
    with pytest.raises(ConfigError, match="names no column url"):
        list(read_csv("just some text\nwithout columns\n", "x.csv"))
    with pytest.raises(ConfigError, match="is no OPML"):
        list(read_opml(b"<html><body>no</body></html>", "x.opml"))


def test_entities_are_not_expanded() -> None:
    bomb = (
        b'<!DOCTYPE opml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
        b'<!ENTITY f SYSTEM "file:///etc/passwd">]>'
        b'<opml><body><outline text="&f;" xmlUrl="https://x.example/rss"/></body></opml>'
    )
    assert "root:" not in repr(records(read_opml(bomb, "x.opml")))


def test_a_spreadsheet_runs_no_formula_of_ours() -> None:
    evil = Source(id="x", name="=HYPERLINK(1)", kind="feed", url="https://x.example")
    text = write_csv([evil])
    assert ",=HYPERLINK" not in text
    assert records(read_csv(text, "x.csv"))[0]["name"] == "=HYPERLINK(1)"


@given(data=st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    text = data.decode("latin-1")
    reads: tuple[Callable[[], object], ...] = (
        lambda: list(read_opml(b"<opml>" + data, "x")),
        lambda: list(read_opml(data, "x")),
        lambda: list(read_csv(f"url,name\n{text}", "x")),
        lambda: list(read_csv(text, "x")),
    )
    for read in reads:
        try:
            read()
        except ConfigError as error:
            assert str(error)  # noqa: PT017  # whether it is raised is open
