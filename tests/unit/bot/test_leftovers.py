"""No English is left in what the bot says to a chat of another language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, timedelta
from html import unescape

import pytest

from monitor.bot.request import Reply
from monitor.core.delivery.digest import DigestContext, digest_of
from monitor.core.delivery.kinds import MessageContext, traits
from monitor.core.delivery.payload_json import payload_of
from monitor.core.delivery.report import Watching, watching_text
from monitor.core.delivery.volume import Unusual, unusual_text
from monitor.core.message.alert import alert_buttons, render_alert
from monitor.core.message.notice import notices
from monitor.core.message.revision import render_revision
from monitor.core.source.failure_reason import failure_of
from monitor.core.source.health import Listing, failed, succeeded
from monitor.errors import FetchError
from monitor.http.errors import FAULTS
from monitor.http.status import MEANING, http_status
from monitor.i18n.lazy import lazy
from monitor.i18n.localizer import localizer
from monitor.model import (
    Alert,
    AlertTopic,
    Chat,
    Correction,
    FetchSettings,
    Gap,
    NoticeText,
    NotModified,
    Person,
    Reach,
    Source,
    SourceState,
)
from tests.support.conversation import ADMIN, ANN, NOW, Town, article, store_articles, town
from tests.support.records import delivery
from tests.unit.bot.commands.test_alerts import alerted

LANGUAGE = "be"
COMMANDS = """
start
help
topics
watch
watch хлеб
watch хлеб і цана, соль
watch (хлеб
watches
latest
search соль
search potash
search
digest
digest daily 8
digest нешта
quiet
quiet 23-7
quiet заўсёды
mute
mute potash 2h
mute тое
mutes
sources
sources herald
add
add herald.test
sources нешта
saved
filter
filter 3
filter be
filter нешта
filter off
settings
language
zone
zone Мінск
zone Europe/Minsk
why
why https://herald.test/1?a=1&b=2
story
why https://herald.test/2?a=1&b=2
story https://herald.test/1?a=1&b=2
stats
subscribe
subscribe potash
subscribe potash
subscribe патас
unsubscribe
unsubscribe potash
unsubscribe prisoners
chats
chats @some
export
forget
status
invite
invite editor 5 30d
invite што
people
people 77 editor
people 77 out
people што
feedback
нешта
stop
"""
GIVEN = (
    # Topics, outlets, people and articles of the test, and what somebody typed.
    "Potash & sanctions",
    "Political prisoners",
    "The Herald",
    "Banks <1> & potash",
    "Banks <2> & potash",
    "potash",
    "prisoners",
    "herald",
    "minister number",
    "banned",
    "exports",
    "The price of bread rose",
    "Ann",
    "Potash",
    # Names of things: zones, languages, roles, the query language, commands of the shell.
    "Europe/Minsk",
    "Europe/Vilnius",
    "English",
    "Polski",
    "Lietuvių",
    "Telegram",
    "title:",
    "lead:",
    "lang:",
    "source:",
    "admin",
    "editor",
    "subscriber",
    "UTC",
    "HTTP",
    "monitor outbox",
    "monitor status",
    "Telegram",
    "Minsk",
    "Vilnius",
    "body",
    "title",
    "url",
    "robots.txt",
    "config",
    "yaml",
)
OPERATORS = {"AND", "OR", "NOT", "NEAR", "EXCEPT", "HTML", "EN", "all", "url", "wire", "CSS", "or"}


def leftovers(text: str) -> list[str]:
    """Words in Latin letters that nobody gave, in what a chat would read."""
    text = re.sub(
        r"<(code|pre)>.*?</\1>|<a href=.*?>|https?://\S+|(?<!<)/[a-z]+|@\w+|`[^`]*`|<[^>]*>", " ", text
    )
    text = re.sub(r"[0-9a-f]{12}", " ", unescape(text))
    for given in sorted(GIVEN, key=len, reverse=True):
        text = re.sub(re.escape(given), " ", text, flags=re.IGNORECASE)
    return [word for word in re.findall(r"[A-Za-z]{2,}", text) if word not in OPERATORS]


def said_by(reply: Reply) -> Iterator[str]:
    yield reply.html
    yield reply.toast
    yield from (each.text for row in reply.buttons for each in row)


@pytest.fixture
def here() -> Iterator[Town]:
    with town() as made:
        for user in (ANN, ADMIN):
            made.said("language", LANGUAGE, user=user)
            made.said("zone", "Europe/Minsk", user=user)
        yield made


def asked(here: Town) -> Iterator[tuple[str, Reply]]:
    """Every command, and every button under its answer, pressed once."""
    seen: set[tuple[str, int]] = set()
    for line in COMMANDS.split("\n")[1:-1]:
        name, _, argument = line.partition(" ")
        for user in (ANN, ADMIN):
            here.later(timedelta(minutes=2))
            reply = here.said(name, argument, user=user)
            yield line, reply
            for button in (each for row in reply.buttons for each in row):
                # A chosen language would end the walk, and so would forgetting.
                kind = button.action.partition(":")[0]
                if kind in {"l", "l1", "f+"} or (kind, user) in seen:
                    continue
                seen.add((kind, user))
                yield f"{line} → {button.text}", here.press(button.action, user=user)


def test_no_answer_of_the_bot_has_english_in_it(here: Town) -> None:
    store_articles(here.store, [article(2)])
    alert = alerted(here)
    here.store.people.save(Person(user_id=77, role="editor", since=NOW))
    found: dict[str, list[str]] = {}
    for what, reply in asked(here):
        found |= {f"{what}: {text}": left for text in said_by(reply) if (left := leftovers(text))}
    under = Reply(buttons=alert_buttons(alert.key, localizer(LANGUAGE)))
    for row in under.buttons:
        for button in row:
            reply = here.press(button.action)
            found |= {f"alert: {text}": left for text in said_by(reply) if (left := leftovers(text))}
    assert found == {}


def test_no_digest_report_or_chart_has_english_in_it() -> None:
    chat = Chat(
        id="telegram:1",
        channel="telegram",
        address="1",
        language=LANGUAGE,
        pictures="album",
        timezone="Europe/Minsk",
    )
    alert = Alert(
        story_id="s",
        article_id="a",
        headline="Загаловак",
        url="https://herald.test/1",
        outlet="Вестка",
        tier="independent",
        language="pl",
        published=NOW,
        seen_at=NOW,
        excerpt="Сказ.",
        highlights=(),
        headline_highlights=(),
        topics=(AlertTopic(id="t", title="Тэма", hashtag="Тэма"),),
    )
    changed = Correction(
        outlet="Вестка",
        headline="Загаловак",
        url="",
        changes=tuple((what, "было", "стала") for what in ("headline", "match", "number", "vanished")),
    )
    rows = [delivery(key=f"k{n}", payload=replace(alert, story_id=f"s{n}")) for n in range(70)]
    gaps = [
        Gap(source_id="s", began_at=NOW - timedelta(hours=n + 2), ended_at=NOW, reason=reason, complete=False)
        for n, reason in enumerate(REASONS)
    ]
    watching = Watching(
        status={"sources": {"ok": 3}, "deliveries": {"dead": 1}},
        states=[
            SourceState(source_id="s", next_fetch_at=NOW, first_read_at=NOW - timedelta(days=9), error="x")
        ],
        gaps=gaps,
        names={"s": "Вестка"},
    )
    texts = [watching_text(replace(watching, gaps=[gap]), chat, NOW) for gap in gaps]
    texts.append(watching_text(watching, chat, NOW, weekly=True))
    around = DigestContext(
        reach={"s1": Reach(outlets=3, copies=2, tiers={"state": 1, "independent": 2})}, health=texts[-1]
    )
    for reason in ("daily", "weekly", "hourly", "waited"):
        for part in digest_of(chat, rows, around, NOW, reason=reason):
            told = traits(part).compose(part, chat, MessageContext(), NOW)
            texts.append(told.html if told else "")
    texts.append(render_alert(alert, chat, delivery=delivery(uncertain_sends=1), story=None, now=NOW).html)
    texts.append(render_revision(changed, delivery(kind="revision"), chat, reply_to="1").html)
    said = localizer(LANGUAGE)
    texts += [
        unusual_text("Тэма", Unusual(kind=kind, count=30, usual=2.5, times=12, days=5), said)
        for kind in ("spike", "silence")
    ]
    assert {text: left for text in texts if (left := leftovers(text))} == {}


REASONS = (
    "HTTP 403",
    "no answer",
    "nothing new",
    "not asked",
    "too large",
    "not allowed",
    "not fetched",
    "unreadable",
    "new addresses at each look",
)


def test_no_notice_to_an_operator_has_english_in_it() -> None:
    chat = Chat(id="telegram:1", channel="telegram", address="1", language=LANGUAGE, operator=True)
    source = Source(id="vestka", name="Вестка", kind="feed", url="https://vestka.test/rss")
    settings, state = FetchSettings(tell_after=1), SourceState(source_id="vestka", next_fetch_at=NOW)
    texts = []
    errors: list[FetchError] = [
        http_status(status, {}, host="vestka.test", now=NOW) for status in (*MEANING, 418, 500)
    ]
    errors += [
        fault.kind(lazy(fault.text, host="vestka.test", why="…", seconds="5"))
        for fault in dict.fromkeys(FAULTS.values())
    ]
    for error in errors:
        polled = failed(source, state, NOW, failure_of(error), limits=settings, zone=UTC)
        again = failed(
            source, replace(polled.state, told_at=None), NOW, failure_of(error), limits=settings, zone=UTC
        )
        well = succeeded(
            source,
            polled.state,
            NOW + timedelta(hours=2),
            answer=NotModified(url=source.url, fetched_at=NOW, moved_to="https://elsewhere.test/rss"),
            listing=Listing(recovered=2, oldest=NOW),
            limits=settings,
            zone=UTC,
        )
        for event in (*polled.events, *again.events, *well.events):
            (notice,) = notices([event] * 21, [chat], NOW + timedelta(days=2))
            texts.append(payload_of(notice, NoticeText).text)
    assert len(texts) > 60
    clean = [text.replace("vestka.test", "").replace("vestka", "") for text in texts]
    assert {text: left for text in clean if (left := leftovers(text))} == {}
