"""``monitor init``: a small config of one's own, which ``check`` accepts."""

from __future__ import annotations

import json as json_text
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import typer

from monitor.cli.output import EXIT_INPUT, JSON_OPTION, complain, counted, emit, examples, say
from monitor.cli.pipeline.inputs import InputError

NAME = "init"
EXAMPLES = examples(
    "monitor init",
    'monitor init lithium --words "lithium, litio, литијум" --languages en,es,sr --zone Europe/Madrid --yes',
    "monitor init desk --words potash --languages en --packs wires-world --chat telegram:-1001234567890",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What somebody wants to watch."""

    words: tuple[str, ...]
    languages: tuple[str, ...]
    zone: str
    chat: str
    packs: tuple[str, ...]


def command(
    folder: Path = typer.Argument(Path("config"), metavar="[DIR]", help="Where the files go."),
    words: str = typer.Option("", "--words", "-w", help="Words of the subject, with commas between."),
    languages: str = typer.Option("", "--languages", "-l", help="Codes of its languages: en,es,sr."),
    zone: str = typer.Option("", "--zone", "-z", help="Your time zone, e.g. Europe/Vilnius."),
    chat: str = typer.Option("", "--chat", help="Where alerts go, e.g. telegram:-1001234567890."),
    packs: str = typer.Option("", "--packs", help="Packs of sources to begin with, or none."),
    *,
    yes: bool = typer.Option(False, "--yes", "-y", help="Ask nothing; what is not said has its default."),
    json: bool = JSON_OPTION,
) -> None:
    """Write a small commented config: one topic, sources that fit, one chat. What is not said is asked.

    Nothing that exists is changed: a folder with files is refused.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(f"{folder}: is there already; name another folder, or edit its files")
    asks = not yes and not json and sys.stdin.isatty()
    if not words and not asks:
        raise typer.BadParameter('say what to look for: --words "lithium, litio"')
    wishes = _wishes(words, languages, zone, chat, packs, asks=asks)
    _refuse_wrong(wishes)
    files = _files(wishes, _own_store(folder))
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    problems = _problems(folder)
    if json:
        emit({"folder": str(folder), "files": list(files), "problems": problems})
    else:
        for name in files:
            say(f"{folder / name}")
        for problem in problems:
            complain(problem)
        option = "" if folder == Path("config") else f" -c {folder}"
        say("Next:")
        say(f"  monitor doctor{option}    # is everything there that it needs")
        say(f"  monitor run{option}       # watch; Ctrl-C ends it")
    if problems:
        raise typer.Exit(EXIT_INPUT)


def _wishes(words: str, languages: str, zone: str, chat: str, packs: str, *, asks: bool) -> Wishes:
    def answer(given: str, question: str, default: str) -> str:
        return given or (typer.prompt(question, default=default) if asks else default)

    wanted = _listed(answer(words, "Words of your subject, with commas between", ""))
    spoken = tuple(code.lower() for code in _listed(answer(languages, "Languages of its news", "en")))
    where = answer(zone, "Your time zone", "UTC")
    who = answer(chat, "Where alerts go (console:main, telegram:NUMBER)", "console:main")
    offers = offered(spoken)
    if asks and not packs:
        for name, count in offers.items():
            say(f"  {name}: {counted(count, 'source')} in {', '.join(spoken)}")
    chosen = answer(packs, "Packs of sources to begin with, with commas between, or none", "none")
    return Wishes(
        words=wanted,
        languages=spoken,
        zone=where,
        chat=who,
        packs=() if chosen == "none" else _listed(chosen),
    )


def _listed(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def _refuse_wrong(wishes: Wishes) -> None:
    from pydantic import TypeAdapter, ValidationError

    from monitor.config.models.types import Language, Zone

    if not wishes.words:
        raise typer.BadParameter("there is no word to look for")
    known = packs()
    for name in wishes.packs:
        if name not in known:
            raise typer.BadParameter(f"there is no pack {name!r}; the packs are {', '.join(known)}")
    for value, form in ((wishes.zone, Zone), *((each, Language) for each in wishes.languages)):
        try:
            TypeAdapter(form).validate_python(value)
        except ValidationError as error:
            said = error.errors()[0].get("ctx") or {}
            raise typer.BadParameter(f"{said.get('said', value)} ({said.get('hint', '')})") from error


def packs() -> Mapping[str, Path]:
    """The packs of sources that travel with the program, by name."""
    from monitor.demo.newsroom.seeds import bundled

    return {path.stem: path for path in sorted(bundled("seeds/sources").glob("*.yaml"))}


def offered(languages: Sequence[str]) -> Mapping[str, int]:
    """The packs with sources in these languages, with how many."""
    counts = {name: len(_sources_in(path, languages)) for name, path in packs().items()}
    return {name: count for name, count in counts.items() if count}


def _sources_in(path: Path, languages: Sequence[str]) -> list[str]:
    """The lines of each of the pack's sources in these languages, as they stand there."""
    blocks = re.split(r"(?m)^(?=  - id:)", path.read_text(encoding="utf-8"))[1:]
    stated = re.compile(r"(?m)^    language: [\"']?(\w+)")
    found = ((block, stated.search(block)) for block in blocks)
    return [block.rstrip() for block, match in found if match and match[1] in languages]


def _files(wishes: Wishes, store: str | None) -> dict[str, str]:
    name = _id(wishes.words[0])
    made = {f"topics/{name}.yaml": _topic(name, wishes)}
    known = packs()
    seen: set[str] = set()
    for pack in wishes.packs:
        blocks = []
        for block in _sources_in(known[pack], wishes.languages):
            source_id = block.partition("\n")[0].partition(":")[2].strip()
            if source_id not in seen:
                seen.add(source_id)
                blocks.append(block)
        if blocks:
            head = f"# From the pack {pack}: what is written in {', '.join(wishes.languages)}.\n\nsources:\n"
            made[f"sources/{pack}.yaml"] = head + "\n".join(blocks) + "\n"
    if len(made) == 1:
        made["sources/mine.yaml"] = _NO_SOURCES
    made["chats.yaml"] = _chats(wishes)
    store = _SHARED_STORE if store is None else f"{_OWN_STORE}store: {_scalar(store)}\n"
    made["monitor.yaml"] = _SETTINGS.format(zone=wishes.zone, store=store)
    return made


def _own_store(folder: Path) -> str | None:
    """A database of its own where another config lies beside: both would share the one of their parent."""
    place = folder.absolute()
    if not place.parent.is_dir():
        return None
    others = (other for other in place.parent.iterdir() if other != place)
    if not any((other / "monitor.yaml").is_file() for other in others if other.is_dir()):
        return None
    return f"sqlite:///var/{_id(place.name)}.db"


def _id(word: str) -> str:
    from monitor.config.exchange.additions import slug

    return slug(word) or "subject"


def _topic(name: str, wishes: Wishes) -> str:
    terms = " OR ".join(_term(word) for word in wishes.words)
    languages = ", ".join(_scalar(code) for code in wishes.languages)
    lines = "\n".join(f"      - {_scalar(word)}" for word in wishes.words)
    return _TOPIC.format(
        id=name, title=_scalar(wishes.words[0]), languages=languages, query=_scalar(terms), lines=lines
    )


def _term(word: str) -> str:
    """A word as it is; anything that is more than one word, or could be an operator, as a phrase."""
    plain = re.fullmatch(r"\w+", word) and word not in {"AND", "OR", "NOT", "NEAR", "EXCEPT"}
    return word if plain else '"' + word.replace('"', "") + '"'


def _chats(wishes: Wishes) -> str:
    from monitor.i18n.localizer import LANGUAGES

    language = next((code for code in wishes.languages if code in LANGUAGES), "en")
    return _CHATS.format(chat=_scalar(wishes.chat), language=language)


def _scalar(text: str) -> str:
    return json_text.dumps(text, ensure_ascii=False)


def _problems(folder: Path) -> list[str]:
    from monitor.config import check
    from monitor.plugins import channel_kinds, source_kinds

    found = check(folder, env={}, kinds=source_kinds(), channel_kinds=channel_kinds())
    return [str(problem) for problem in found if problem.level == "error"]


_TOPIC = """\
# What to look for. Words match in all their forms, a "phrase" word for word; AND, OR, NOT, NEAR/10 combine
# them: docs/query-language.md. `monitor topics show {id}` says how the query is understood.

topics:
  - id: {id}
    title: {title}
    languages: [{languages}]    # whose word forms match
    query: {query}
    must_match:               # lines that it must match; `monitor check` tries them
{lines}
"""
_NO_SOURCES = """\
# What is watched. `monitor sources discover SITE --write mine.yaml` finds a site's feeds and writes
# them here:
#
#   - id: outlet
#     name: Outlet
#     url: https://outlet.example/feed.xml
#     language: en

sources: []
"""
_CHATS = """\
# Where alerts go. console:main is the terminal; a Telegram chat is telegram:NUMBER, and the bot's token
# stands in the environment: MONITOR_TELEGRAM_TOKEN.

chats:
  - id: {chat}
    language: {language}
    operator: true            # is told when a source breaks
    subscriptions:
      - topic: "*"            # every topic
"""
_SHARED_STORE = """\
# The database lies beside this folder, in var/. Elsewhere:
# store: sqlite:////srv/monitor.db
"""
_OWN_STORE = """\
# Another config lies beside this one; each has a database of its own, in var/ beside this folder.
"""
_SETTINGS = """\
# Settings; all have defaults: docs/configuration.md.

timezone: {zone}

{store}
# fetch:
#   contact: you@example.org   # sites see it and can write to you; some refuse who does not say
"""
