"""What people get when they write to the bot."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.bot.commands.table import COMMANDS
from monitor.i18n.localizer import LANGUAGES
from tests.support.conversation import (
    ADMIN,
    ANN,
    BOB,
    GROUP,
    NOW,
    Town,
    article,
    button,
    store_articles,
    town,
)

NAMES = tuple(name for command in COMMANDS for name in command.names)


def test_a_new_person_is_led_from_language_to_topics_to_zone(here: Town) -> None:
    first = here.said("start")
    assert "language" in first.html
    page = here.tap(first, "Беларуская")
    assert page.edit
    assert here.chat().language == "be"
    page = here.tap(page, "Potash")
    assert here.topics() == ["potash"]
    zones = here.tap(page, "▶")
    done = here.tap(zones, "Мінск")
    assert here.chat().timezone == "Europe/Minsk"
    assert "/settings" in done.html
    assert "15:00" in done.html


def test_the_first_language_is_the_one_of_the_persons_telegram(here: Town) -> None:
    assert "мов" in here.text("start", language="uk-UA")
    assert here.chat().language == "uk"
    assert here.text("start", user=BOB, language="de").startswith("I watch")


def test_start_again_says_where_the_chat_stands_and_wakes_it(here: Town) -> None:
    here.said("subscribe", "potash")
    assert "1 topic." in here.text("start")
    assert "/start" in here.text("stop")
    assert here.chat().state == "paused"
    here.said("start")
    assert here.chat().state == "active"
    assert here.topics() == ["potash"]
    assert here.store.outbox.untold_events() == ()


def test_an_admin_is_told_how_the_files_name_the_chat(here: Town) -> None:
    assert f"telegram:{ADMIN}" in here.said("start", user=ADMIN).html
    assert f"telegram:{ANN}" not in here.said("start").html


def test_help_names_every_command_that_the_person_may_use(here: Town) -> None:
    mine, admins = here.text("help"), here.text("help", user=ADMIN)
    for command in COMMANDS:
        assert (f"/{command.name} " in mine) is (
            command.listed and not command.admins_only and not command.editors_only
        )
        assert (f"/{command.name} " in admins) is command.listed


def test_help_stands_in_sections_and_start_shows_what_is_on_instead(here: Town) -> None:
    sections = [line for line in here.text("help").split("\n") if line and not line.startswith("/")]
    assert sections == ["News", "What comes, and when", "This chat"]
    here.said("subscribe", "potash")
    here.said("digest", "every day at 9")
    on = here.text("start")
    assert "Potash" in on
    assert "every day at 09:00" in on
    assert "/search" not in on


def test_the_set_up_goes_back_a_step_and_ends_with_the_latest_article(here: Town) -> None:
    store_articles(here.store, [article(1, title="Potash exports banned")], "potash")
    page = here.tap(here.said("start"), "English")
    page = here.tap(here.tap(page, "◀ Back"), "English")
    page = here.tap(page, "Potash")
    page = here.tap(here.tap(page, "▶"), "◀ Back")
    assert any("✅ Potash" in row[0].text for row in page.buttons)
    done = here.tap(here.tap(page, "▶"), "Minsk")
    assert "Potash exports banned" in done.html


def test_a_search_offers_to_watch_its_words(here: Town) -> None:
    found = here.said("search", "zinc AND lead")
    preview = here.tap(found, "👁 Watch this")
    assert "zinc AND lead" in preview.html
    here.tap(preview, "Watch it")
    assert [item.query for item in here.store.watches.of_chat(f"telegram:{ANN}")] == ["zinc AND lead"]


def test_a_set_up_that_chose_nothing_says_so(here: Town) -> None:
    page = here.tap(here.said("start"), "English")
    done = here.tap(here.tap(page, "▶"), "Minsk")
    assert "no alerts yet" in done.html
    assert "That is all" not in done.html


def test_a_pause_ends_by_itself_or_at_once(here: Town) -> None:
    here.said("subscribe", "potash")
    assert "until 16:00" in here.text("pause", "2h")
    assert [(mute.kind, mute.target) for mute in here.chat().mutes] == [("topic", "*")]
    assert "every topic" in here.text("mutes")
    assert "again" in here.text("pause", "off")
    assert here.chat().mutes == ()
    here.said("mute", "all 3 дня")
    (mute,) = here.chat().mutes
    assert mute.until == here.clock[0] + timedelta(days=3)
    assert "/pause 2h" in here.text("pause", "potash")


def test_topics_are_taken_and_left_by_pressing_them(here: Town) -> None:
    page = here.said("topics")
    assert button(page, "Potash").text == "▫️ Potash & sanctions"
    assert "Potash" not in page.html, "the buttons say it once"
    assert "▫️ potash Potash & sanctions" in here.text("topics", chat=GROUP), "not everybody may press there"
    assert "Off" not in [each.text for row in page.buttons for each in row]
    page = here.tap(page, "Potash")
    assert (here.topics(), page.toast) == (["potash"], "You get Potash & sanctions.")
    assert button(page, "Potash").text.startswith("✅")
    here.tap(page, "Potash")
    assert here.topics() == []


def test_an_old_button_says_what_is_to_be_and_does_not_toggle(here: Town) -> None:
    page = here.said("topics")
    for _ in range(3):
        here.tap(page, "Potash")
        assert here.topics() == ["potash"]


def test_a_topic_that_the_operator_took_away_answers_its_button(here: Town) -> None:
    assert here.press("t+:aaaaaaaaaaaaa:0").toast == "This topic is gone."
    assert here.press("t+").popup


@pytest.mark.parametrize(
    "said", ["potash", "POTASH", "#Potash", "potash & sanctions", "  Potash   &  Sanctions "]
)
def test_a_topic_goes_by_id_title_or_hashtag(said: str, here: Town) -> None:
    assert "Potash &amp; sanctions" in here.said("subscribe", said).html
    assert here.topics() == ["potash"]
    assert "already" in here.text("subscribe", said)


@pytest.mark.parametrize("command", ["subscribe", "unsubscribe", "latest", "mute"])
def test_an_unknown_topic_is_answered_with_the_nearest(command: str, here: Town) -> None:
    here.said("subscribe", "potash")
    reply = here.said(command, "potasch<b>")
    assert "<code>potash</code>" in reply.html
    assert "potasch&lt;b&gt;" in reply.html
    assert here.topics() == ["potash"]


def test_unsubscribing(here: Town) -> None:
    assert "/topics" in here.text("unsubscribe", "potash")
    here.said("subscribe", "potash")
    here.said("subscribe", "prisoners")
    assert "/unsubscribe potash" in here.text("unsubscribe")
    here.said("unsubscribe", "Potash")
    assert here.topics() == ["prisoners"]
    assert "no subscription" in here.text("unsubscribe", "potash")
    here.said("subscribe", "all")
    assert "/unsubscribe all" in here.text("unsubscribe", "potash")
    here.said("unsubscribe", "all")
    assert here.topics() == []
    assert "no alerts yet" in here.text("start")


def test_a_disabled_topic_cannot_be_had(here: Town) -> None:
    here.said("subscribe", "resting")
    assert here.topics() == []


def test_latest_shows_the_chats_own_topics_in_its_own_time(here: Town) -> None:
    assert here.text("latest") == "Nothing yet."
    store_articles(here.store, [article(1)], "potash")
    store_articles(here.store, [article(2)], "prisoners")
    here.said("zone", "minsk")
    assert here.text("latest").count("The Herald") == 2
    here.said("subscribe", "potash")
    assert here.text("latest") == "Banks <1> & potash\nThe Herald, 14:59"
    assert "<2>" in here.text("latest", "prisoners")
    assert here.text("latest", "all").count("The Herald") == 2


def test_latest_never_shows_what_only_somebody_elses_watch_matched(here: Town) -> None:
    store_articles(here.store, [article(1)], "watch:bobs")
    here.said("subscribe", "all")
    assert here.text("latest") == "Nothing yet."
    assert here.text("latest", "all") == "Nothing yet."


def test_searching_the_archive(here: Town) -> None:
    store_articles(here.store, [article(1), article(2)])
    assert here.text("search", "minister bread").count("The Herald") == 2
    assert here.text("search", '"number 2"').count("The Herald") == 1
    assert "Nothing found" in here.text("search", "unicorn")
    assert "/search" in here.text("search")
    assert "never closed" in here.text("search", '" OR 1=1 -- *')


def test_long_lists_fit_and_say_what_is_left_out(here: Town) -> None:
    long = "🎈" * 155
    articles = [
        article(number, title=f"{long}{number}", source_name="Outlet" * 10) for number in range(1, 31)
    ]
    store_articles(here.store, articles, "potash")
    said = here.text("latest", "potash")
    assert "… and" in said or said.count("Outlet") >= 10


def test_preferences_are_read_from_many_ways_of_writing(here: Town) -> None:
    here.said("zone", "Europe/Minsk")
    assert "23:00" in here.text("quiet", "23-7")
    quiet = here.chat().quiet
    assert quiet is not None
    assert (quiet.start.hour, quiet.end.hour) == (23, 7)
    here.said("quiet", "off")
    assert here.chat().quiet is None
    assert "/quiet 23:00-07:00" in here.text("quiet", "at night")
    assert "Nov 24 08:00" in here.text("digest", "daily")
    digest = here.chat().digest
    assert digest is not None
    assert digest.every == "daily"
    assert "Monday" in here.text("digest", "weekly mon 7:15")
    here.said("digest", "off")
    assert here.chat().digest is None
    assert "/digest hourly" in here.text("digest", "sometimes")


def test_a_topic_can_have_a_digest_of_its_own_or_come_at_once(here: Town) -> None:
    here.said("digest", "daily 8")
    here.said("digest", "political prisoners off")
    here.said("digest", "potash hourly")
    wishes = {
        item.topic_id: (item.mode, item.digest and item.digest.every) for item in here.chat().subscriptions
    }
    assert wishes == {"prisoners": ("urgent", None), "potash": ("digest", "hourly")}


def test_buttons_for_digest_quiet_and_settings(here: Town) -> None:
    here.tap(here.said("digest"), "08:00")
    assert here.chat().digest is not None
    here.tap(here.said("digest"), "at once")
    assert here.chat().digest is None
    here.tap(here.said("quiet"), "23:00")
    assert here.chat().quiet is not None
    page = here.said("settings")
    for text, field, value in (
        ("previews: none", "preview", "small"),
        ("Sound: always", "silent", "night"),
        ("Safe links: off", "safe_links", "plain"),
        ("Pictures: no", "pictures", "one"),
        ("no limit", "hourly_budget", 5),
    ):
        page = here.tap(page, text)
        assert getattr(here.chat(), field) == value
    page = here.tap(page, "neutral words")
    page = here.tap(page, "archived copy")
    assert here.chat().safe_links == "off"
    for action in (
        "s:preview:huge",
        "s:state:active",
        "s:title:x",
        "d:yearly",
        "q:x",
        "z:99",
        "l:xx",
        "s",
        "zz:1",
    ):
        assert not here.press(action).changes


def test_pictures_by_choice(here: Town) -> None:
    page = here.said("pictures")
    assert [button.text[:2] for (button,) in page.buttons] == ["✅ ", "Pi", "Pi"]
    page = here.tap(page, "at most ten")
    assert here.chat().pictures == "album"
    assert page.buttons[2][0].text.startswith("✅ ")
    here.said("pictures", "one")
    assert here.chat().pictures == "one"
    here.said("pictures", "off")
    assert here.chat().pictures == "off"
    assert not here.said("pictures", "hundreds").changes
    assert not here.press("p:hundreds").changes
    assert not here.press("p").changes


def test_preferences_survive_the_operators_sync(here: Town) -> None:
    here.said("language", "pl")
    here.said("quiet", "23-7")
    listed = here.chat()
    here.store.chats.sync([type(listed)(id=listed.id, channel="telegram", address=listed.address)], NOW)
    assert here.chat().language == "pl"
    assert here.chat().quiet is not None


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_speaks_every_language(language: str, here: Town) -> None:
    here.said("language", language)
    for command in sorted(set(NAMES) - {"start"}):
        here.later(timedelta(minutes=1))
        assert here.text(command)
        assert here.said(command, "potash", user=ADMIN).html
    if language != "en":
        assert here.text("topics") != "Press a topic to get it ✅ or to leave it ▫️:"


def test_a_city_is_known_by_its_name_in_the_chats_language(here: Town) -> None:
    here.said("language", "be")
    here.said("zone", "Мінск")
    assert here.chat().timezone == "Europe/Minsk"
    here.said("language", "uk")
    here.said("zone", "Київ")
    assert here.chat().timezone == "Europe/Kyiv"


def test_a_zone_is_found_by_its_city_or_the_nearest_are_named(here: Town) -> None:
    assert "Europe/Vilnius" in here.text("zone", "VILNIUS")
    assert "America/New_York" in here.text("zone", "new york")
    assert "/zone Europe/Minsk" in here.text("zone", "Minsck")


def test_status_is_for_admins(here: Town) -> None:
    assert "admins of this bot" in here.text("status")
    said = here.text("status", user=ADMIN)
    assert "articles 0" in said
    assert "0123456789ab" in said


def test_an_unknown_command_is_answered(here: Town) -> None:
    assert "/<b>&frobnicate" in here.text("<b>&frobnicate")


def test_a_person_who_asks_too_fast_is_told_once(here: Town) -> None:
    replies = [here.say("help") for _ in range(30)]
    texts = [reply.html for reply in replies if reply]
    assert len(texts) == 21
    assert "Slowly" in texts[-1]
    assert "Slowly" in here.press("t:0").toast
    assert here.say("help", user=BOB) is not None
    assert "Stopped" in here.text("stop")
    assert "delete" in here.text("forget").casefold()
    here.later(timedelta(minutes=1))
    assert "/topics" in here.said("help").html


ARGUMENTS = st.one_of(
    st.text(max_size=60),
    st.text('0123456789:-./dhw potashmutelwky"*()', max_size=40),
    st.sampled_from(
        [
            "\x00",
            "\ud800",
            "\u202e",
            "a" * 5000,
            "🏳️‍🌈" * 700,
            "%s{0}{x}",
            "<b>",
            "&",
            "off off",
            "1d",
            "story",
        ]
    ),
)


@pytest.fixture(scope="module")
def shared() -> object:
    with town(access="open") as made:
        store_articles(made.store, [article(1), article(2)], "potash")
        yield made


@given(
    command=st.sampled_from(NAMES),
    argument=ARGUMENTS,
    group=st.booleans(),
    user=st.sampled_from([ANN, ADMIN]),
)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_argument_breaks_a_command(
    shared: Town, command: str, argument: str, group: bool, user: int
) -> None:
    shared.later(timedelta(minutes=2))
    reply = shared.say(command, argument, user=user, chat=GROUP if group else user, group_admin=True)
    assert reply is None or reply.html or reply.toast
    if reply is not None:
        for row in reply.buttons[:2]:
            for each in row[:2]:
                shared.press(each.action, user=user, chat=GROUP if group else user, group_admin=True)


@given(
    action=st.one_of(
        st.text(max_size=50), st.from_regex(r"[a-z]{1,2}[?+-]?(:[a-z0-9]{0,6}){0,3}", fullmatch=True)
    )
)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_action_breaks_a_button(shared: Town, action: str) -> None:
    shared.later(timedelta(minutes=2))
    shared.press(action)
