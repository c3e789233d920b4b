"""``monitor demo``: the bundled newsroom on loopback, the real service against it, a summary."""

from __future__ import annotations

import json
import logging
import signal
import tempfile
import threading
import time
from pathlib import Path

from rich.console import Console

from monitor import web
from monitor.app import Service, utc_now
from monitor.demo.newsroom.config import CONSOLE_CHAT
from monitor.demo.newsroom.service import Newsroom
from monitor.demo.summary import counted, in_words
from monitor.logs import configure
from monitor.model import WebSettings

EVERY_S = 2.0
SETTLE = "3s"
"""The newsroom's pages are read within seconds, and its first alert is to be seen within ten."""
SETTLE_S = 6.0
LONGEST_S = 120.0
MESSAGES = (
    "Below are its messages as a Telegram chat would get them: the headline, the sentence that matched, "
    "outlet, time and language, topics."
)
ONE_ALERT = (
    "One story is one alert. Other outlets that write about it come as an edit of the alert (✎), a new fact "
    "as a reply, a changed wording as a correction."
)
NEXT = (
    ("monitor init my-watch", "a config of your own: your words, your languages"),
    ("monitor sources discover outlet.example", "what an outlet offers to be read"),
    ("monitor demo --forever --speed 2", "this newsroom again, until Ctrl-C"),
)


def show(*, forever: bool = False, speed: float = 1.0, as_json: bool = False) -> int:
    """Run the demo; returns the exit code: 0 when alerts arrived, 1 when none did."""
    configure(level=logging.WARNING, json_lines=False)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    folder = tempfile.TemporaryDirectory(prefix="coverage-monitor-demo-")
    with folder as name, Newsroom(now=utc_now, speed=speed) as newsroom:
        config = Path(name) / "config"
        # What went well with each source is the operator's business; here it would bury the news.
        options = {"edits": True, "glosses": dict(newsroom.glosses)}
        chat = {**CONSOLE_CHAT, "operator": False, "options": options}
        newsroom.write_config(config, every_s=EVERY_S, chats=[chat])
        with (config / "monitor.yaml").open("a", encoding="utf-8") as settings:
            settings.write(f"alerts: {{settle: {SETTLE}}}\n")
        if not as_json:
            _introduce(newsroom, forever=forever)
        service = Service(config, attach=(web.attach(config),))
        service.store.admin.upgrade()  # what follows asks the store before the service has begun
        thread = threading.Thread(target=service.run, name="service")
        started = time.monotonic()
        thread.start()
        try:
            _wait(newsroom, service, stop, forever=forever, speed=speed)
            summary = counted(service.store, newsroom, time.monotonic() - started)
        finally:
            service.stop()
            thread.join()
    if as_json:
        print(json.dumps(summary, ensure_ascii=False))  # noqa: T201 - what --json asks for
    else:
        _conclude(in_words(summary))
    return 0 if summary.get("alerts sent") else 1


def _introduce(newsroom: Newsroom, *, forever: bool) -> None:
    languages = sorted({outlet.language for outlet in newsroom.outlets.values()})
    end = "until Ctrl-C" if forever else "for about half a minute"
    outlets = (
        f"{len(newsroom.outlets)} invented outlets in {len(languages)} languages ({', '.join(languages)})"
    )
    steps = (
        f"A newsroom of {outlets} is served on this machine.",
        f"The real service reads it {end}, as it would read real outlets, with the topics of config/topics.",
        MESSAGES,
        ONE_ALERT,
        "≈ says in English what a foreign article is about.",
        f"While it runs, the desk (pages for a browser) stands at http://{WebSettings().listen}/",
    )
    console = Console(highlight=False, soft_wrap=True)
    for number, step in enumerate(steps, start=1):
        console.print(f"[bold]{number}.[/bold] {step}")
    console.print()


def _conclude(lines: tuple[str, ...]) -> None:
    console = Console(highlight=False, soft_wrap=True)
    console.print("[bold]What the service did[/bold]")
    for line in lines:
        console.print(line)
    console.print("\n[bold]What to try next[/bold]")
    width = max(len(command) for command, _ in NEXT)
    for command, what in NEXT:
        console.print(f"  {command:<{width}}  {what}")


def _wait(
    newsroom: Newsroom, service: Service, stop: threading.Event, *, forever: bool, speed: float
) -> None:
    """Until everything scheduled was published, read and told; or until stopped."""
    last = max((article.publish_after_s or 0.0 for article in newsroom.articles), default=0.0)
    calm_from = time.monotonic() + last / speed + SETTLE_S
    deadline = calm_from + LONGEST_S
    while not stop.wait(0.25):
        if forever:
            continue
        now = time.monotonic()
        if now > deadline:
            return
        open_work = service.store.jobs.open_count() + service.store.outbox.open_count()
        if now > calm_from and not open_work:
            return
