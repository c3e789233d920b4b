"""From files to a rulebook: defaults, the environment, secrets, the revision, reloads."""

from __future__ import annotations

import dataclasses
import re
import textwrap
from datetime import time, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict

from monitor.app.assembly import check_broker
from monitor.config import Loaded, check, load
from monitor.config.models.settings import MonitorFile
from monitor.config.to_model import hashtag
from monitor.errors import ConfigError, EngineError
from monitor.model import QuietHours, Settings, Subscription
from monitor.ports import SourceKind

TOPICS = """
    topics:
      - id: us-belarus
        query: Belarus
      - id: minsk
        title: The capital
        query: Minsk
        languages: [EN, lt]
        hashtag: "#Miestas"
        must_match: [To Minsk, {title: Heading, text: Minsk again, lang: en}]
"""
SOURCES = """
    sources:
      - id: one
        url: https://example.org/rss
      - id: two
        name: "Two: the outlet"
        kind: listing
        url: https://example.org/news
        country: by
        language: be
        tier: state
        every: 1h30m
        options: {items: h2}
"""
CHATS = """
    chats:
      - id: telegram:-1001/7
        quiet: 23:00-07:00
        operator: true
        subscriptions: [minsk, {topic: "*", mode: "off"}]
      - id: webhook:desk
        timezone: Europe/Vilnius
        options: {url: "https://example.org/", secret: env:HOOK_SECRET}
"""


class ListingOptions(BaseModel):
    model_config = ConfigDict(extra="forbid")
    items: str = "li"
    limit: int = 10


def never(*_args: Any) -> Any:
    raise AssertionError("the config must not run a kind")


LISTING = SourceKind(
    name="listing",
    options=ListingOptions,
    request=never,
    parse=never,
    sniff=never,
)


def lay(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        path = folder / f"{name.replace('__', '/')}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return lay(tmp_path, topics__a=TOPICS, sources__a=SOURCES, chats=CHATS)


ENV = {"HOOK_SECRET": "s3cret"}


def test_topics_alone_are_a_config(tmp_path: Path) -> None:
    rulebook = load(lay(tmp_path, topics__a=TOPICS), env={}).rulebook
    assert list(rulebook.topics) == ["us-belarus", "minsk"]
    assert rulebook.settings == Settings()
    assert not rulebook.sources
    assert not rulebook.chats


def test_records_have_their_defaults(folder: Path) -> None:
    rulebook = load(folder, env=ENV).rulebook
    first, second = rulebook.topics.values()
    assert (first.title, first.hashtag, first.languages) == ("us-belarus", "UsBelarus", ())
    assert (second.title, second.hashtag, second.languages) == ("The capital", "Miestas", ("en", "lt"))
    assert second.must_match == ("To Minsk", "Heading\n\nMinsk again")

    one, two = rulebook.sources.values()
    assert (one.name, one.kind, one.every, one.tier) == ("one", "feed", timedelta(minutes=10), "")
    assert (two.name, two.country, two.every) == ("Two: the outlet", "BY", timedelta(minutes=90))

    group, hook = rulebook.chats.values()
    assert (group.channel, group.address, group.operator) == ("telegram", "-1001/7", True)
    assert group.quiet == QuietHours(start=time(23), end=time(7))
    assert group.subscriptions == (
        Subscription(chat_id=group.id, topic_id="minsk"),
        Subscription(chat_id=group.id, topic_id="*", mode="off"),
    )
    assert (group.timezone, hook.timezone) == ("UTC", "Europe/Vilnius")
    assert dict(hook.options) == {"url": "https://example.org/", "secret": "s3cret"}


def test_a_kind_completes_its_options(folder: Path) -> None:
    """What a kind's model says about options is what the source carries."""
    (folder / "sources" / "a.yaml").write_text(
        "sources: [{id: two, kind: listing, url: 'https://example.org/', options: {items: h2}}]\n",
        encoding="utf-8",
    )
    rulebook = load(folder, env=ENV, kinds={"listing": LISTING}).rulebook
    assert dict(rulebook.sources["two"].options) == {"items": "h2", "limit": 10}


def test_searches_of_one_service_share_its_address(tmp_path: Path) -> None:
    rows = "".join(
        f"  - {{id: s{n}, url: https://search.example, kind: search, options: {{query: {word}}}}}\n"
        for n, word in enumerate(("ore", "coal"))
    )
    loaded = load(lay(tmp_path, topics__a=TOPICS, sources__a=f"sources:\n{rows}"), env={})
    assert not loaded.warnings


def test_the_environment_wins_over_the_file(folder: Path) -> None:
    lay(folder, monitor="store: sqlite:///a.db\nfetch: {workers: 2, contact: me@example.org}\n")
    env = {
        **ENV,
        "MONITOR_STORE": "sqlite:///b.db",
        "MONITOR_FETCH_WORKERS": "7",
        "MONITOR_ALERTS_MAX_AGE": "1d",
        "MONITOR_TELEGRAM_ADMINS": "1, 2",
        "MONITOR_READING_LOOK_AGAIN": "15m, 1h",
        "MONITOR_TIMEZONE": " ",
    }
    settings = load(folder, env=env).rulebook.settings
    assert settings.store == "sqlite:///b.db"
    assert (settings.fetch.workers, settings.fetch.contact) == (7, "me@example.org")
    assert settings.alerts.max_age == timedelta(days=1)
    assert settings.telegram.admins == (1, 2)
    assert settings.reading.look_again == (timedelta(minutes=15), timedelta(hours=1))
    assert settings.timezone == "UTC"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_a_database_address_is_taken_as_psql_and_hosts_write_it(folder: Path, scheme: str) -> None:
    lay(folder, monitor=f"store: {scheme}://monitor@db.example/news\n")
    assert load(folder, env=ENV).rulebook.settings.store == "postgresql+psycopg://monitor@db.example/news"


def test_alerts_may_be_told_to_wait_for_nothing(folder: Path) -> None:
    lay(folder, monitor="store: sqlite:///a.db\nalerts: {settle: 0s}\n")
    assert load(folder, env=ENV).rulebook.settings.alerts.settle == timedelta()


def test_a_bad_variable_is_named(folder: Path) -> None:
    env = {**ENV, "MONITOR_FETCH_WORKERS": "many", "MONITOR_TIMEZONE": "Mars"}
    problems = check(folder, env=env)
    assert {problem.file for problem in problems} == {"environment"}
    assert sorted(problem.message.partition(":")[0] for problem in problems) == [
        "MONITOR_FETCH_WORKERS",
        "MONITOR_TIMEZONE",
    ]


def test_the_token_comes_from_variable_or_file(folder: Path, tmp_path: Path) -> None:
    secret = tmp_path / "token.txt"
    secret.write_text("22:from-file\n", encoding="utf-8")
    by_file = {**ENV, "MONITOR_TELEGRAM_TOKEN_FILE": str(secret)}
    assert load(folder, env=by_file).rulebook.settings.telegram.token == "22:from-file"
    both = {**by_file, "MONITOR_TELEGRAM_TOKEN": "11:from-env"}
    settings = load(folder, env=both).rulebook.settings
    assert settings.telegram.token == "11:from-env"
    assert "from-env" not in repr(settings)


@pytest.mark.parametrize(
    ("env", "part"),
    [
        ({"MONITOR_TELEGRAM_TOKEN": "my token"}, "is not a bot token"),
        ({"MONITOR_TELEGRAM_TOKEN_FILE": "/nowhere/token"}, "/nowhere/token cannot be read"),
    ],
)
def test_a_bad_token_is_refused_and_not_shown(folder: Path, env: dict[str, str], part: str) -> None:
    with pytest.raises(ConfigError, match=part) as refused:
        load(folder, env={**ENV, **env})
    assert "my token" not in str(refused.value)


def revision(folder: Path, env: dict[str, str] | None = None) -> str:
    return load(folder, env=ENV if env is None else env).rulebook.revision


def test_the_revision_ignores_how_it_is_written(folder: Path) -> None:
    """Comments, the order of keys, quotes and the split into files do not change it."""
    before = revision(folder)
    (folder / "topics" / "a.yaml").write_text(
        textwrap.dedent("""
            # a comment
            topics:
              - query: "Minsk"
                languages: [en, lt]
                hashtag: Miestas
                must_match: [To Minsk, {text: Minsk again, lang: en, title: Heading}]
                title: 'The capital'
                id: minsk
        """),
        encoding="utf-8",
    )
    lay(folder, topics__more__b="topics:\n  - {id: us-belarus, query: Belarus}\n")
    assert revision(folder) == before
    assert revision(folder, {**ENV, "MONITOR_TELEGRAM_TOKEN": "1:secret"}) == before


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("topics/a.yaml", "query: Minsk", "query: Minsk*"),
        ("topics/a.yaml", "To Minsk", "From Minsk"),
        ("topics/a.yaml", "topics:", "lists: {a: [b]}\ntopics:"),
        ("sources/a.yaml", "1h30m", "2h"),
        ("chats.yaml", "23:00", "22:00"),
        ("chats.yaml", 'mode: "off"', "mode: instant"),
    ],
)
def test_the_revision_changes_with_the_content(folder: Path, name: str, old: str, new: str) -> None:
    before = revision(folder)
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    assert revision(folder) != before


@pytest.mark.parametrize("wish", ["off", "one", "album"])
def test_a_chat_wants_no_picture_one_or_an_album(tmp_path: Path, wish: str) -> None:
    chats = f"chats: [{{id: 'console:main', pictures: {wish}}}, {{id: 'console:other'}}]"
    loaded = load(lay(tmp_path, topics__a=TOPICS, chats=chats), env={})
    assert [chat.pictures for chat in loaded.rulebook.chats.values()] == [wish, "off"]


def test_disabled_topics_are_kept_but_not_matched(tmp_path: Path) -> None:
    lay(
        tmp_path,
        topics__a="topics: [{id: a, query: Belarus, enabled: false, must_match: [nothing of it]}]",
    )
    assert not load(tmp_path, env={}).rulebook.topics["a"].enabled


def test_a_reload_with_the_rulebook_before(folder: Path) -> None:
    before: Loaded = load(folder, env=ENV)
    after = load(folder, env=ENV, previous=before.rulebook)
    assert after.rulebook.revision == before.rulebook.revision


def test_shared_names_are_handed_over(tmp_path: Path) -> None:
    lay(
        tmp_path,
        topics__a="""
            people: {maria: Марыя Калеснікава}
            orgs: {bk: {name: Беларуськалий, off: [Kali]}}
        """,
        topics__b="lists: {capitals: [Minsk, Vilnius]}",
    )
    shared = load(tmp_path, env={}).shared
    assert shared.lists == {"capitals": ("Minsk", "Vilnius")}
    assert shared.people["maria"]["name"] == "Марыя Калеснікава"
    assert shared.orgs["bk"]["off"] == ("Kali",)


def test_settings_of_the_file_are_those_of_the_record() -> None:
    """monitor.yaml and ``Settings`` have the same keys with the same defaults."""

    def told(record: object) -> dict[str, object]:
        found = dataclasses.asdict(record)  # type: ignore[call-overload]
        return {key: value for key, value in found.items() if key not in ("token", "secret")}

    record = told(Settings())
    record["telegram"] = told(Settings().telegram)
    record["receiver"] = told(Settings().receiver)
    assert MonitorFile().model_dump() == record


@pytest.mark.parametrize(
    ("topic_id", "tag"),
    [("belarus", "Belarus"), ("us-belarus", "UsBelarus"), ("g20.summit_2", "G20Summit2"), ("1", "Topic1")],
)
def test_hashtags_are_made_from_ids(topic_id: str, tag: str) -> None:
    assert hashtag(topic_id) == tag


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("archive_days: 10\n", "less than stories: copy_days (42 days)"),
        ("archive_days: 60\nstories: {window: 90d}\n", "less than stories: window (90 days)"),
        ("processes: 2\n", "2 processes cannot share SQLite"),
        ("engine: celery\n", "engine: celery needs PostgreSQL"),
        (
            "metrics: {listen: '127.0.0.1:99999'}\n",
            "monitor.yaml:1:19: '127.0.0.1:99999' is no place to listen",
        ),
        ("receiver: {listen: '300.1.1.1:80'}\n", "'300.1.1.1' is no IP address"),
        ("web: {listen: '[fe80::x]:80'}\n", "'fe80::x' is no IP address"),
        ("web: {listen: '::1:80'}\n", "an IPv6 address stands in brackets"),
        ("web: {listen: 'a b:80'}\n", "is no place to listen"),
        (
            "metrics: {listen: '127.0.0.1:8484'}\n",
            "monitor.yaml:1:19: metrics: listen and web: listen are one place",
        ),
        (
            "web: {listen: 'off'}\nmetrics: {listen: '127.0.0.1:1'}\nreceiver: {listen: '0.0.0.0:1'}\n",
            "monitor.yaml:2:19: metrics: listen and receiver: listen are one place",
        ),
        ("language: es\n", "the bot does not speak 'es'"),
    ],
)
def test_settings_that_contradict_the_product_are_refused(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "topics").mkdir()
    (tmp_path / "topics" / "a.yaml").write_text("topics: [{id: a, query: river}]\n", encoding="utf-8")
    (tmp_path / "monitor.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=re.escape(said)):
        load(tmp_path, env={})
    assert load(
        tmp_path,
        env={
            "MONITOR_ARCHIVE_DAYS": "365",
            "MONITOR_LANGUAGE": "en",
            "MONITOR_PROCESSES": "1",
            "MONITOR_ENGINE": "local",
            "MONITOR_WEB_LISTEN": "127.0.0.1:8484",
            "MONITOR_METRICS_LISTEN": "127.0.0.1:9484",
            "MONITOR_RECEIVER_LISTEN": "127.0.0.1:8787",
        },
    ).rulebook


@pytest.mark.parametrize(
    "text",
    [
        "web: {listen: 'off'}\nmetrics: {listen: '127.0.0.1:8484'}\n",
        "{web: {listen: '[::1]:80'}, metrics: {listen: '127.0.0.1:80'}}\n",
        "web: {listen: 'monitor.example.org:80'}\n",
    ],
)
def test_places_that_do_not_meet_are_taken(tmp_path: Path, text: str) -> None:
    (tmp_path / "monitor.yaml").write_text(text, encoding="utf-8")
    assert load(tmp_path, env={}).rulebook


def test_who_only_looks_needs_no_address_of_the_broker(tmp_path: Path) -> None:
    text = "engine: celery\nstore: postgresql+psycopg://db/m\n"
    (tmp_path / "monitor.yaml").write_text(text, encoding="utf-8")
    loaded = load(tmp_path, env={})
    assert loaded.rulebook.settings.engine == "celery"
    (warning,) = loaded.warnings
    assert (warning.level, warning.line) == ("warning", 1)
    assert "MONITOR_BROKER" in warning.hint
    with pytest.raises(EngineError, match="needs the address of RabbitMQ: set MONITOR_BROKER"):
        check_broker(loaded.rulebook.settings)


def test_a_chat_in_a_language_that_the_bot_lacks_is_refused(tmp_path: Path) -> None:
    (tmp_path / "chats.yaml").write_text("chats: [{id: console:main, language: es}]\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="does not speak 'es'"):
        load(tmp_path, env={})


@pytest.mark.parametrize("name", ["chats.yaml", "topics/a.yaml", "sources/s.yaml", "monitor.yaml"])
@pytest.mark.parametrize("content", ["", " \n\n"])
def test_a_file_that_is_empty_is_refused_since_it_may_be_being_written(
    tmp_path: Path, name: str, content: str
) -> None:
    for other in ("topics/a.yaml", "chats.yaml", name):
        (tmp_path / other).parent.mkdir(exist_ok=True)
    (tmp_path / "topics/a.yaml").write_text("topics: [{id: a, query: river}]\n", encoding="utf-8")
    (tmp_path / "chats.yaml").write_text("chats: [{id: console:main}]\n", encoding="utf-8")
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError, match="the file is empty"):
        load(tmp_path, env={})
    (tmp_path / name).write_text("# nothing here\n", encoding="utf-8")
    assert load(tmp_path, env={}).rulebook


def test_a_time_span_of_more_days_than_there_are_is_refused(tmp_path: Path) -> None:
    (tmp_path / "topics").mkdir()
    (tmp_path / "topics/a.yaml").write_text("topics: [{id: a, query: river}]\n", encoding="utf-8")
    (tmp_path / "monitor.yaml").write_text("alerts: {max_age: 99999999999999d}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="out of range"):
        load(tmp_path, env={})


@pytest.mark.parametrize(
    ("fetch", "own", "warned"),
    [("", "", 1), ("fetch: {allow_private: true}\n", "", 0), ("", ", allow_private: true", 0)],
)
def test_a_source_on_a_private_network_is_warned_of_where_nothing_lets_it_be_asked(
    tmp_path: Path, fetch: str, own: str, warned: int
) -> None:
    for name in ("topics", "sources"):
        (tmp_path / name).mkdir()
    (tmp_path / "topics" / "a.yaml").write_text("topics: [{id: a, query: river}]\n", encoding="utf-8")
    source = f"sources: [{{id: a, url: 'http://10.0.0.7/rss', every: 1h{own}}}]\n"
    (tmp_path / "sources" / "a.yaml").write_text(source, encoding="utf-8")
    (tmp_path / "monitor.yaml").write_text(f"language: en\n{fetch}", encoding="utf-8")
    problems = [str(problem) for problem in check(tmp_path, env={})]
    assert sum("private address" in problem for problem in problems) == warned
