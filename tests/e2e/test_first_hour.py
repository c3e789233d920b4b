"""The first hour of somebody new, with their own subject, as a shell sees it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from tests.support.command_line import Done, in_process
from tests.support.running_service import Running, until
from tests.support.sites import Shape, served

READING = (
    ("status",),
    ("why", "{story}"),
    ("stories",),
    ("search", "litio"),
    ("report",),
    ("outbox", "list"),
    ("feedback",),
    ("topics", "list"),
)
STORY = "La mina de litio de Valdeflores abre en otoño"
OTHER = "El mercado central celebra su aniversario"
TEXT = (
    "La empresa anunció que la mina de litio empezará a trabajar en otoño, después de tres años de "
    "permisos y de protestas. El ayuntamiento espera doscientos empleos y pide que el agua del río quede "
    "fuera de las obras. Los vecinos piden una consulta antes de que lleguen las primeras máquinas."
)


def _site() -> Shape:
    """A small Spanish outlet with a feed and two stories of this morning."""
    an_hour_ago = format_datetime(datetime.now(UTC) - timedelta(hours=1))
    stories = {"/mina": (STORY, TEXT), "/mercado": (OTHER, "El mercado cumple cien años. " * 20)}
    items = "".join(
        f"<item><title>{title}</title><link>{{site}}{path}</link><pubDate>{an_hour_ago}</pubDate></item>"
        for path, (title, _) in stories.items()
    )
    feed = f'<rss version="2.0"><channel><title>El Diario</title>{items}</channel></rss>'
    front = (
        '<html lang="es"><head><title>El Diario</title><link rel="alternate" type="application/rss+xml" '
        'href="/feed.xml"></head><body><h1>El Diario</h1></body></html>'
    )
    pages = {
        path: {
            "type": "text/html",
            "body": f'<html lang="es"><head><title>{title}</title></head><body><article><h1>{title}</h1>'
            f"<p>{text}</p></article></body></html>",
        }
        for path, (title, text) in stories.items()
    }
    routes = {
        "/": {"type": "text/html", "body": front},
        "/feed.xml": {"type": "application/rss+xml", "body": feed},
        **pages,
    }
    return Shape(name="diario", about="a small outlet", start="/", expect={}, routes=routes)


Shell = Callable[..., Done]


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shell]:
    """Runs commands in the folder that ``config`` lies in, and expects their exit code."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MONITOR_TELEGRAM_TOKEN", "")
    with in_process() as monitor:

        def run(*words: str, code: int = 0) -> Done:
            done = monitor(*words)
            assert done.code == code, f"{words}: {done.code}\n{done.out}\n{done.err}"
            return done

        yield run


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Running]:
    running = Running(
        config=tmp_path / "config",
        log=tmp_path / "service.log",
        environment={"MONITOR_TELEGRAM_TOKEN": ""},
    )
    yield running
    if running.alive():
        running.kill()


@pytest.mark.timeout(600)
def test_the_first_hour(shell: Shell, service: Running, tmp_path: Path) -> None:
    words = ("--words", "litio, lithium, литијум", "--languages", "es,en,sr", "--zone", "Europe/Madrid")
    said = shell("init", *words, "--yes").out
    assert said.splitlines()[-2:] == [
        "  monitor doctor    # is everything there that it needs",
        "  monitor run       # watch; Ctrl-C ends it",
    ]
    assert "no source is watched" in shell("doctor", "--offline").out
    assert "1 topic, 0 sources, 0 languages, 1 chat." in shell("check").out
    assert not (tmp_path / "var").exists(), "nobody has run the service yet"

    with served(_site()) as site:
        shell("sources", "discover", f"{site}/", "--write", "mine.yaml")
        assert "1 topic, 1 source" in shell("check").out
        assert "✓ source" in shell("doctor").out
        assert "The archive is empty" in shell("backtest", "litio").out

        with (tmp_path / "config" / "monitor.yaml").open("a", encoding="utf-8") as settings:
            settings.write("\nalerts: {settle: 0s}\n")  # else the alert waits for what else is read just now
        service.start()
        until(lambda: STORY in service.said(), timeout_s=120)
        assert OTHER not in service.said()
        assert "The service runs." in shell("status").out
        assert "1 of 1 article" in shell("backtest", "litio").out

        topic = tmp_path / "config" / "topics" / "litio.yaml"
        sound = topic.read_text(encoding="utf-8")
        topic.write_text(sound.replace('query: "litio', 'querry: "litio'), encoding="utf-8")
        until(lambda: "config edit refused" in service.said(), timeout_s=60)
        shell("check", code=1)
        for reading in READING:
            done = shell(*(word.format(story=f"{site}/mina") for word in reading))
            assert "unknown key 'querry' (did you mean query?)" in done.err
            assert "by the rules that the service took" in done.err
        assert STORY in shell("search", "litio").out
        assert "alert" in shell("why", f"{site}/mina").out

        topic.write_text(sound, encoding="utf-8")
        assert "1 topic, 1 source" in shell("check").out
        assert "Nothing changes" in shell("rules", "diff").out
        service.kill()
        narrow = sound.replace('query: "litio', 'query: "(litio')
        narrow = narrow.replace('литијум"\n    must', 'литијум) AND NOT protesta"\n    must')
        assert narrow != sound
        topic.write_text(narrow, encoding="utf-8")
        difference = shell("rules", "diff").out
        assert "litio (edited): 1 → 0 articles" in difference
        assert "- El Diario: La mina de [litio] de Valdeflores" in difference
