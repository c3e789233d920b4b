"""``monitor doctor``: is everything there that the service needs, and what to do where it is not."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from monitor.cli.output import (
    CONFIG_OPTION,
    EXIT_INPUT,
    EXIT_UNREACHABLE,
    JSON_OPTION,
    counted,
    emit,
    examples,
    moment,
    say,
)
from monitor.errors import ChannelError, MonitorError, StoreError

if TYPE_CHECKING:
    from monitor.core.rulebook import Rulebook
    from monitor.model import Fetched, FetchRequest, NotModified, Source
    from monitor.ports import Fetcher

NAME = "doctor"
EXAMPLES = examples("monitor doctor", "monitor doctor --offline", "monitor doctor --sources 20 --json")

_SIGNS = {"ok": "✓", "warning": "!", "error": "✗"}
FEW_DISK_MB = 2_000
NO_DISK_MB = 200
FEW_MEMORY_MB = 400
CLOCK_OFF_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing looked at. ``level``: ok, warning or error; ``todo`` is empty when all is well.

    ``unreachable``: something outside did not answer.
    """

    about: str
    level: str
    text: str
    todo: str = ""
    unreachable: bool = False


def command(
    config: Path = CONFIG_OPTION,
    sources: int = typer.Option(5, "--sources", "-n", min=0, max=1000, help="So many sources are asked."),
    *,
    offline: bool = typer.Option(False, "--offline", help="Ask nobody: no bot, no chats, no sources."),
    json: bool = JSON_OPTION,
) -> None:
    """Look at files, store, disk, memory, clock, bot, chats and a sample of sources; say what to do.

    Nothing is changed. Exit 1 when something stops the service, 3 when something outside does not answer.
    """
    found = []
    for finding in _look(config, sources, offline=offline):
        found.append(finding)
        if json:
            emit(asdict(finding))
        else:
            todo = f"\n    → {finding.todo}" if finding.todo else ""
            say(f"{_SIGNS[finding.level]} {finding.about}: {finding.text}{todo}")
    errors = [finding for finding in found if finding.level == "error"]
    if not json:
        warnings = sum(finding.level == "warning" for finding in found)
        say(f"{counted(len(errors), 'error')}, {counted(warnings, 'warning')}.")
    if errors:
        outside = all(finding.unreachable for finding in errors)
        raise typer.Exit(EXIT_UNREACHABLE if outside else EXIT_INPUT)


def _look(config: Path, sample: int, *, offline: bool) -> Iterator[Finding]:
    from monitor.app import readable_rulebook
    from monitor.cli.advice import advice, summary
    from monitor.config import check
    from monitor.errors import ConfigError
    from monitor.plugins import channel_kinds, source_kinds

    try:
        rulebook, _ = readable_rulebook(config)
    except ConfigError as error:
        for problem in error.problems:
            place = str(problem).removesuffix(f" ({problem.hint})")
            yield Finding(about="files", level="error", text=place, todo=problem.hint or "`monitor init`")
        return
    problems = check(config, env=os.environ, kinds=source_kinds(), channel_kinds=channel_kinds())
    for problem in problems:
        yield Finding(about="files", level=problem.level, text=str(problem))
    if not problems:
        yield Finding(about="files", level="ok", text=summary(rulebook))
    for line in advice(rulebook):
        yield Finding(about="advice", level="warning", text=line)
    yield from _machine(rulebook, config)
    yield from _store(rulebook, config)
    if not offline:
        yield from _telegram(rulebook)
    yield from _channels(rulebook)
    if not offline and sample:
        yield from _sources(rulebook, config, sample)


def _machine(rulebook: Rulebook, config: Path) -> Iterator[Finding]:
    from monitor.app import store_file

    file = store_file(rulebook, config)
    if file is not None:
        folder = next((each for each in file.parents if each.is_dir()), Path("/"))
        free = shutil.disk_usage(folder).free // 1_000_000
        level = "error" if free < NO_DISK_MB else "warning" if free < FEW_DISK_MB else "ok"
        todo = "" if level == "ok" else "make room, or lower archive_days in monitor.yaml"
        yield Finding(about="disk", level=level, text=f"{free:,} MB free at {folder}", todo=todo)
        if not os.access(file if file.exists() else folder, os.W_OK):
            yield Finding(
                about="store",
                level="error",
                text=f"{file} cannot be written",
                todo=f"give the user who runs the service the right to write in {folder}",
            )
    available = _available_mb()
    if available is not None:
        few = available < FEW_MEMORY_MB
        todo = "give the machine more, or watch fewer sources and topics" if few else ""
        level = "warning" if few else "ok"
        yield Finding(about="memory", level=level, text=f"{available:,} MB available", todo=todo)


def _available_mb() -> int | None:
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:  # not on this system
        return None
    return next((int(line.split()[1]) // 1_000 for line in lines if line.startswith("MemAvailable:")), None)


def _store(rulebook: Rulebook, config: Path) -> Iterator[Finding]:
    from monitor.app import open_rulebook_store, store_is_missing, utc_now

    name = rulebook.settings.store.partition("@")[2] or rulebook.settings.store
    if store_is_missing(rulebook, config):
        yield Finding(about="store", level="ok", text=f"{name} is not there yet; `monitor run` makes it")
        return
    try:
        store = open_rulebook_store(rulebook, config)
    except StoreError as error:
        yield Finding(about="store", level="error", text=str(error), unreachable=True)
        return
    try:
        store.admin.check_version()
        if not store.admin.is_current():
            text = f"{name} has the tables of another version"
            yield Finding(about="store", level="warning", text=text, todo="`monitor db upgrade`, or start it")
            return
        alive = store.admin.service_alive()
        kept = next(iter(store.admin.rulebooks(1)), None)
        beat = store.admin.last_heartbeat()
        text = f"{name}; the service {'runs' if alive else 'does not run'}"
        yield Finding(about="store", level="ok", text=text)
        if beat is not None and (beat - utc_now()).total_seconds() > CLOCK_OFF_S:
            text = f"the store was written at {moment(beat)}, which is in the future"
            yield Finding(about="clock", level="error", text=text, todo="set the clock (NTP)")
        if alive and kept is not None and kept.revision != rulebook.revision:
            yield Finding(
                about="rules",
                level="warning",
                text=f"the service works by rules of {moment(kept.taken_at)}, not by these files",
                todo="`monitor rules diff` shows the difference; `monitor check` why an edit was refused",
            )
    except StoreError as error:
        yield Finding(about="store", level="error", text=str(error), unreachable=True)
    finally:
        store.admin.close()


def _telegram(rulebook: Rulebook) -> Iterator[Finding]:
    from monitor.channels.telegram.reach import look

    chats = [chat.address for chat in rulebook.chats.values() if chat.channel == "telegram"]
    settings = rulebook.settings.telegram
    if not settings.token:
        if chats:
            yield Finding(
                about="telegram",
                level="error",
                text=f"{counted(len(chats), 'chat')} and no bot token in this shell",
                todo="set MONITOR_TELEGRAM_TOKEN (@BotFather gives it), or run this as the service",
            )
        return
    name, problem, found = look(settings, chats)
    if problem:
        todo = "is the token right (@BotFather shows it), and does this machine reach the Bot API?"
        yield Finding(about="telegram", level="error", text=problem, todo=todo, unreachable=True)
        return
    yield Finding(about="telegram", level="ok", text=f"the bot is @{name}")
    for address, wrong in found.items():
        level, text = ("error", f"telegram:{address}: {wrong}") if wrong else ("ok", f"telegram:{address}")
        todo = "add the bot to the chat (a person must press Start first) and check the number"
        yield Finding(about="chat", level=level, text=text, todo=todo if wrong else "")


def _channels(rulebook: Rulebook) -> Iterator[Finding]:
    """Channels other than Telegram open, or say what they lack."""
    from monitor.plugins import channel_kinds

    kinds = channel_kinds()
    for name in sorted({chat.channel for chat in rulebook.chats.values()} - {"telegram"}):
        try:
            kinds[name].open(rulebook).close()
        except (ChannelError, KeyError) as error:
            yield Finding(about="chat", level="error", text=f"{name}: {error}")
        else:
            yield Finding(about="chat", level="ok", text=f"{name} can be opened")


def _sources(rulebook: Rulebook, config: Path, sample: int) -> Iterator[Finding]:
    from monitor import __version__
    from monitor.app import open_spool, utc_now
    from monitor.http.fetcher import HttpFetcher
    from monitor.http.robots_fetcher import RobotsFetcher
    from monitor.inbox import fetching
    from monitor.jobs.preview import poll_once
    from monitor.plugins import source_kinds

    kinds = source_kinds()
    fetcher = HttpFetcher(rulebook.settings.fetch, version=__version__, now=utc_now)
    dates: list[float] = []
    asked = _dated(RobotsFetcher(fetcher, now=utc_now), dates, utc_now)
    fetch = fetching(open_spool(rulebook, config, peek=True), asked)
    try:
        for source in _sample([each for each in rulebook.sources.values() if each.enabled], sample):
            try:
                entries = poll_once(source, kinds[source.kind], fetch, rulebook.settings.fetch).entries
            except (MonitorError, KeyError) as error:
                todo = f"`monitor sources test {source.id}`; correct its url or say enabled: false"
                text = f"{source.id}: {error}"
                yield Finding(about="source", level="warning", text=text, todo=todo, unreachable=True)
            else:
                text = f"{source.id}: {counted(len(entries), 'entry', 'entries')}"
                yield Finding(about="source", level="ok", text=text)
    finally:
        fetcher.close()
    if dates:
        off = sorted(dates)[len(dates) // 2]
        wrong = abs(off) > CLOCK_OFF_S
        text = f"{abs(off):.0f} s {'ahead of' if off > 0 else 'behind'} the hosts that were asked"
        todo = "set the clock (NTP): times of articles and of digests hang on it" if wrong else ""
        yield Finding(about="clock", level="error" if wrong else "ok", text=text, todo=todo)


def _dated(fetch: Fetcher, dates: list[float], now: Callable[[], datetime]) -> Fetcher:
    """The fetcher that also notes by how many seconds our clock is ahead of each host's."""
    from monitor.model import Fetched

    def ask(request: FetchRequest) -> Fetched | NotModified:
        answer = fetch(request)
        said = answer.headers.get("date", "") if isinstance(answer, Fetched) else ""
        with suppress(TypeError, ValueError):  # no date, or none that can be read
            dates.append((now() - parsedate_to_datetime(said)).total_seconds())
        return answer

    return ask


def _sample(sources: Sequence[Source], most: int) -> Sequence[Source]:
    """Evenly spread over the list, so that each file has its chance."""
    if len(sources) <= most:
        return sources
    return [sources[at * len(sources) // most] for at in range(most)]
