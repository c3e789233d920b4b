"""The spool: nothing is lost, nothing is read half, bad files are shown with their reason."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.errors import FetchError
from monitor.inbox import Spool, fetching
from monitor.model import Fetched, FetchRequest, NotModified, Source
from monitor.sources.kinds import inbox

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
URL = "inbox://press"


def spool(root: Path, *, most: int = 400, peek: bool = False) -> Spool:
    return Spool(root=root, now=lambda: NOW, most=most, peek=peek)


def drop(root: Path, name: str, *titles: str) -> Path:
    folder = root / "press"
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(
        "\n".join(json.dumps({"id": title, "title": title}) for title in titles), encoding="utf-8"
    )
    return path


def ask(given: Spool, etag: str | None = None) -> Fetched | NotModified:
    return given(FetchRequest(url=URL, etag=etag))


def titles(answer: Fetched | NotModified) -> list[str]:
    assert isinstance(answer, Fetched)
    source = Source(id="press", name="Press", kind="inbox", url=URL)
    return [entry.title for entry in inbox.parse(source, answer).entries]


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.is_file()) if folder.is_dir() else []


def test_a_batch_moves_aside_only_after_it_was_stored(tmp_path: Path) -> None:
    """The ETag is written with the articles; until it comes back the batch is handed out again."""
    drop(tmp_path, "a.jsonl", "one", "two")
    first = ask(spool(tmp_path))
    assert titles(first) == ["one", "two"]
    again = ask(spool(tmp_path))  # killed before the commit: the old ETag, so the same batch
    assert isinstance(first, Fetched)
    assert isinstance(again, Fetched)
    assert (titles(again), again.etag) == (["one", "two"], first.etag)
    drop(tmp_path, "b.json", "three")
    following = ask(spool(tmp_path), first.etag)
    assert titles(following) == ["three"]
    assert [name.split("-")[-1] for name in files(tmp_path / "press" / "done")] == ["a.jsonl"]
    assert isinstance(following, Fetched)
    assert isinstance(ask(spool(tmp_path), following.etag), NotModified)


def test_bad_files_stand_aside_with_their_reason(tmp_path: Path) -> None:
    good = drop(tmp_path, "good.jsonl", "one")
    (good.parent / "bad.json").write_bytes(b"{not json")
    (good.parent / "latin.json").write_bytes(b'{"title": "caf\xe9"}')
    (good.parent / "mixed.jsonl").write_text('{"title": "two"}\n{"url": "x"}\n', encoding="utf-8")
    answer = ask(spool(tmp_path))
    assert sorted(titles(answer)) == ["one", "two"]
    assert isinstance(answer, Fetched)
    warnings = inbox.parse(Source(id="p", name="P", kind="inbox", url=URL), answer).warnings
    assert len(warnings) == 3
    assert any("bad.json was set aside: the document is no JSON" in line for line in warnings)
    bad = tmp_path / "press" / "bad"
    assert files(bad) == sorted(
        f"{name}{end}" for name in ("bad.json", "latin.json", "mixed.jsonl") for end in ("", ".reason.txt")
    )
    assert "not UTF-8" in (bad / "latin.json.reason.txt").read_text(encoding="utf-8")
    assert json.loads((bad / "mixed.jsonl").read_text(encoding="utf-8")) == {"url": "x"}
    assert titles(ask(spool(tmp_path))) == titles(answer)  # read again, nothing is set aside twice
    assert len(files(bad)) == 6


def test_a_large_drop_comes_in_parts_and_whole(tmp_path: Path) -> None:
    drop(tmp_path, "a.jsonl", *(f"a{number}" for number in range(7)))
    drop(tmp_path, "b.jsonl", *(f"b{number}" for number in range(5)))
    seen: list[str] = []
    etag: str | None = None
    for _ in range(10):
        answer = ask(spool(tmp_path, most=3), etag)
        if isinstance(answer, NotModified):
            break
        seen += titles(answer)
        etag = answer.etag
    assert sorted(seen) == sorted([f"a{n}" for n in range(7)] + [f"b{n}" for n in range(5)])


def test_half_written_files_links_and_other_names_wait(tmp_path: Path) -> None:
    folder = drop(tmp_path, "a.jsonl", "one").parent
    for name in (".hidden.json", "upload.json.part", "notes.txt"):
        (folder / name).write_text('{"title": "no"}', encoding="utf-8")
    (tmp_path / "secret.json").write_text('{"title": "secret"}', encoding="utf-8")
    (folder / "link.json").symlink_to(tmp_path / "secret.json")
    assert titles(ask(spool(tmp_path))) == ["one"]


def test_peeking_takes_nothing(tmp_path: Path) -> None:
    drop(tmp_path, "a.jsonl", "one")
    assert titles(ask(spool(tmp_path, peek=True))) == ["one"]
    assert files(tmp_path / "press") == ["a.jsonl"]
    assert isinstance(spool(tmp_path, peek=True)(FetchRequest(url="inbox://empty")), NotModified)


@pytest.mark.parametrize(
    "url",
    ["inbox://../etc", "inbox:relative", "inbox:///srv/../etc", "inbox://a/b", "inbox://", "inbox://A%2F"],
)
def test_only_named_or_absolute_folders(tmp_path: Path, url: str) -> None:
    with pytest.raises(FetchError, match="names no folder"):
        spool(tmp_path)(FetchRequest(url=url))


def test_what_is_put_is_read(tmp_path: Path) -> None:
    spool(tmp_path).put(URL, b'{"title": "posted"}')
    assert titles(ask(spool(tmp_path))) == ["posted"]


def test_the_web_is_asked_for_all_else(tmp_path: Path) -> None:
    asked: list[str] = []

    def web(request: FetchRequest) -> NotModified:
        asked.append(request.url)
        return NotModified(url=request.url, fetched_at=NOW)

    fetch = fetching(spool(tmp_path), web)
    fetch(FetchRequest(url="https://x.example"))
    fetch(FetchRequest(url=URL))
    assert asked == ["https://x.example"]


def test_an_entry_says_what_was_dropped(tmp_path: Path) -> None:
    whole = {
        "id": "9",
        "title": "5 < 6 in a title",
        "text": "First <i>paragraph</i>.\nSecond.",
        "lang": "be",
        "url": "https://outlet.example/9",
        "source": "Outlet",
        "published": "2026-11-23T10:00:00+03:00",
    }
    spool(tmp_path).put(URL, json.dumps(whole).encode())
    answer = ask(spool(tmp_path))
    assert isinstance(answer, Fetched)
    (entry,) = inbox.parse(Source(id="p", name="P", kind="inbox", url=URL), answer).entries
    assert (entry.title, entry.url, entry.language) == ("5 < 6 in a title", "https://outlet.example/9", "be")
    assert entry.content == "First &lt;i&gt;paragraph&lt;/i&gt;.<br>Second."
    assert entry.authors == ("Outlet",)
    assert entry.published == datetime(2026, 11, 23, 7, tzinfo=UTC)
    assert not inbox.has_page(entry)
