"""``monitor match``: the JSON contract, many inputs, bad inputs, one query."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from tests.support.command_line import Command

RECORD = {
    "id": "a1",
    "title": "Sanctions on potash",
    "text": "🌾 Minsk asks: will the potash embargo end?",
    "lang": "en",
    "url": "https://a.example/1",
    "source": "Outlet",
    "published": None,
}


def test_the_contract_key_by_key(monitor: Command, config: Path) -> None:
    done = monitor("match", "--config", config, "--json", "-", stdin=json.dumps(RECORD))
    assert done.code == 0
    (line,) = done.lines
    assert list(line) == ["id", "topics"]
    assert line["id"] == "a1"
    assert [topic["topic"] for topic in line["topics"]] == ["potash", "minsk"]
    for topic in line["topics"]:
        assert list(topic) == ["topic", "score", "spans"]
        assert 0 < topic["score"] <= 1
        for span in topic["spans"]:
            assert list(span) == ["field", "start", "end", "text", "term"]
            text = RECORD["title"] if span["field"] == "title" else RECORD["text"]
            assert isinstance(text, str)
            assert text[span["start"] : span["end"]] == span["text"]


def test_a_file_is_called_by_its_name(monitor: Command, config: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Минск", encoding="utf-8")
    (tmp_path / "b.txt").write_text("Minsk", encoding="utf-8")
    done = monitor("match", "-c", config, "--json", tmp_path / "a.txt", tmp_path / "b.txt")
    assert [line["id"] for line in done.lines] == ["a.txt", "b.txt"]


def test_two_files_of_one_name_keep_their_folders(monitor: Command, config: Path, tmp_path: Path) -> None:
    paths = [tmp_path / folder / "a.txt" for folder in ("one", "two")]
    for path in paths:
        path.parent.mkdir()
        path.write_text("Minsk", encoding="utf-8")
    done = monitor("match", "-c", config, "--json", *paths)
    assert [line["id"] for line in done.lines] == [str(path) for path in paths]


@pytest.mark.parametrize("own", ["x", 0, 7, "0"])
def test_the_id_comes_back_as_it_was_given(monitor: Command, own: object) -> None:
    done = monitor("match", "-q", "potash", "--json", "-", stdin=json.dumps({"id": own, "text": "x"}))
    assert done.lines == [{"id": own, "topics": []}]


def test_bad_inputs_are_reported_and_the_rest_goes_on(monitor: Command, config: Path, tmp_path: Path) -> None:
    good, binary = tmp_path / "good.txt", tmp_path / "bad.dat"
    good.write_text("Minsk", encoding="utf-8")
    binary.write_bytes(bytes(range(256)) * 20)
    done = monitor("match", "-c", config, "--json", binary, tmp_path / "none.txt", tmp_path, good)
    assert done.code == 1
    bad = done.lines[:3]
    assert [list(line) for line in bad] == [["id", "error"]] * 3
    assert [line["id"] for line in bad] == ["bad.dat", "none.txt", tmp_path.name]
    for said, line in zip(("binary file", "no such file", "is a folder"), bad, strict=True):
        assert said in line["error"]
        assert said in done.err
    assert done.lines[3]["id"] == "good.txt"
    assert done.lines[3]["topics"]


@pytest.mark.parametrize(
    "broken",
    ["nonsense", '{"id": "b", "text": ', "[1]", "null", "[" * 100_000, '{"id": "b", "text": ["x"]}'],
    ids=["words", "cut", "list", "null", "deep", "wrong type"],
)
@pytest.mark.parametrize("at", [0, 1])
def test_a_broken_line_does_not_hide_the_others(monitor: Command, broken: str, at: int) -> None:
    lines = ['{"id": "a", "text": "potash"}', '{"id": "c", "text": "potash"}']
    lines.insert(at, broken)
    done = monitor("match", "-q", "potash", "--json", "-", stdin="\n".join(lines))
    assert done.code == 1
    assert len(done.lines) == 3
    assert list(done.lines[at]) == ["id", "error"]
    assert done.lines[at]["id"] in {f"-:{at + 1}", "b"}
    assert [line["id"] for line in done.lines if "topics" in line] == ["a", "c"]
    assert f"-:{at + 1}" in done.err


def test_line_separators_inside_strings_end_no_line(monitor: Command) -> None:
    row = {"id": "s", "text": "potash\u2028mine\u0085\u2029end"}
    stdin = json.dumps(row, ensure_ascii=False)
    done = monitor("match", "-q", '"potash mine"', "--json", "-", stdin=stdin)
    (line,) = done.lines
    assert line["topics"][0]["spans"][0]["text"] == "potash\u2028mine"


def test_half_a_surrogate_pair_is_no_reason_to_stop(monitor: Command) -> None:
    stdin = '{"id": "s", "text": "\\ud800 potash"}'
    done = monitor("match", "-q", "potash", "--json", "-", stdin=stdin)
    assert done.lines[0]["topics"][0]["spans"][0]["start"] == 2


@pytest.mark.parametrize(
    "body",
    [
        "\ufeffМинск".encode(),
        "Минск".encode("utf-16"),
        "Минск".encode("utf-32"),
        gzip.compress("Минск".encode()),
        ("Сегодня в городе Минск прошла большая встреча. " * 5).encode("cp1251"),
    ],
    ids=["utf-8 with mark", "utf-16", "utf-32", "gzip", "cp1251"],
)
def test_texts_of_other_encodings_are_read(
    monitor: Command, config: Path, tmp_path: Path, body: bytes
) -> None:
    path = tmp_path / "text"
    path.write_bytes(body)
    done = monitor("match", "-c", config, "--json", path)
    assert done.lines[0]["topics"][0]["spans"][0]["text"] == "Минск"


def test_a_query_alone_is_the_topic_query_and_needs_no_config(
    monitor: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = monitor("match", "--query", "калий", "--lang", "ru", "--json", "-", stdin="Цены калия")
    assert done.lines[0]["topics"][0]["topic"] == "query"
    assert done.lines[0]["id"] == "-"


def test_a_query_may_use_the_names_of_a_config(monitor: Command, config: Path) -> None:
    done = monitor("match", "-c", config, "-q", "@belarus", "--json", "-", stdin="Belarusian news")
    assert done.lines[0]["topics"][0]["spans"][0]["term"] == "@belarus"


def test_a_wrong_query_is_shown_with_a_caret_and_the_mend(monitor: Command) -> None:
    done = monitor("match", "--query", "potash AND (mine OR", "-", stdin="x")
    said, shown, caret = done.err.splitlines()
    assert done.code == 1
    assert said.startswith("query:1:20: ")
    assert said.endswith(")")
    assert shown == "potash AND (mine OR"
    assert caret == " " * 19 + "^"


def test_a_doubtful_query_is_warned_about_and_used(monitor: Command) -> None:
    done = monitor("match", "--query", "a OR b AND potash", "--json", "-", stdin="b potash")
    assert done.code == 0
    assert "warning: AND and OR are mixed" in done.err
    assert done.lines[0]["topics"]


def test_people_see_the_terms(monitor: Command, config: Path) -> None:
    done = monitor("match", "-c", config, "-", stdin="Minsk wins")
    assert done.out.startswith("-: minsk (score ")
    assert "body 0–5: 'Minsk'" in done.out
    assert "no topic matches" in monitor("match", "-c", config, "-", stdin="rain").out


def test_a_warning_of_the_config_stays_out_of_the_json(monitor: Command, config: Path) -> None:
    (config / "stray.yaml").write_text("x: 1\n", encoding="utf-8")
    done = monitor("match", "-c", config, "--json", "-", stdin="Minsk")
    assert [line["id"] for line in done.lines] == ["-"]
    assert "nobody reads this file" in done.err


@pytest.mark.parametrize("lang", ["russian!", "x", "русский"])
def test_a_language_must_be_a_code(monitor: Command, lang: str) -> None:
    assert monitor("match", "-q", "x", "--lang", lang, "-", stdin="x").code == 2


def test_the_source_of_a_record_brings_its_tier_and_country(monitor: Command, config: Path) -> None:
    (config / "sources").mkdir()
    (config / "sources" / "all.yaml").write_text(
        "sources: [{id: b, name: Bell, kind: feed, url: 'https://b.example', tier: state, country: BY}]",
        encoding="utf-8",
    )
    query = "potash AND tier:state AND country:BY AND source:Bell"
    for name in ("b", "Bell"):
        stdin = json.dumps({"id": "1", "text": "potash", "source": name})
        done = monitor("match", "-c", config, "-q", query, "--json", "-", stdin=stdin)
        assert done.lines[0]["topics"], name


def test_explain_shows_every_clause_and_the_near_miss(monitor: Command) -> None:
    text = "Minsk was quiet. The sanctions that were lifted after long talks concern a bank."
    query = "minsk AND sanctions NEAR/5 bank"
    done = monitor("match", "-q", query, "--lang", "en", "--explain", "-", stdin=text)
    assert "no topic matches" in done.out
    assert "✓ minsk — 'Minsk' (body)" in done.out
    assert "✗ sanctions NEAR/5 bank — NEAR/5 not met: nearest distance 8" in done.out


def test_explain_as_json_keeps_the_contract_and_adds_the_tree(monitor: Command, config: Path) -> None:
    done = monitor(
        "match", "-c", config, "--explain", "--topic", "potash", "--json", "-", stdin="Minsk potash"
    )
    (line,) = done.lines
    assert list(line) == ["id", "topics", "explain"]
    assert line["topics"] == []
    (reason,) = line["explain"]
    assert reason["topic"] == "potash"
    assert reason["true"] is False
    assert [part["true"] for part in reason["clause"]["parts"]] == [True, False, True]


def test_an_unknown_topic_is_named_with_those_that_are(monitor: Command, config: Path) -> None:
    done = monitor("match", "-c", config, "--topic", "nope", "-", stdin="Minsk")
    assert done.code == 1
    assert "potash, minsk" in done.err
