"""What each operator finds, and how the matcher lives: reloads, threads, learning, first look."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor

import pytest

from monitor.core.query.engine.lexicon import Lexicon
from monitor.core.query.engine.matcher import Matcher
from monitor.core.query.engine.vocabulary import Vocabulary
from monitor.errors import QueryError
from monitor.model import MatchText, Span, Topic
from tests.support.obvious_matcher import obviously

TITLE = "EU widens sanctions on Belaruskali"
BODY = (
    "Potash exports fell. Officials in Vilnius said the new sanctions would hit Nord-Stream too.\n"
    "A. Lukashenko met O’Brien in Minsk Mazowiecki; NATO watched. The bank of Minsk said nothing.\n"
    "Sanctions again: “the bank — closed” 🔥 and 北京 in 2024."
)
TEXT = MatchText(
    title=TITLE,
    body=BODY,
    url="https://www.Example.org/news/potash-2024.html",
    author="Jane Roe, Іван Пятроў",
    source="Наша Ніва",
    source_id="nn",
    tier="independent",
    language="en",
    country="BY",
)


def matched(query: str, text: MatchText = TEXT, **more: object) -> bool:
    """Whether one query matches a text."""
    topic = Topic(id="t", query=query, languages=("en",))
    return bool(Matcher.build([topic], **more).match(text))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "query",
    [
        "sanction",
        "SANCTION",
        "potash AND vilnius",
        "potash vilnius",
        "nothinghere OR potash",
        "potash NOT nickel",
        '"new sanctions"',
        '"sanctions new"~0',
        '"officials sanctions"~5',
        "nord-stream",
        '"nord stream"',
        "Nord AND Stream",
        "potash NEAR/1 fell",
        "fell NEAR/1 potash",
        "potash ONEAR/1 fell",
        "(nickel OR potash) NEAR/0 (exports OR imports)",
        "potash NEAR/0 exports NEAR/0 fell",
        "sanctions NOT NEAR/3 new",
        "sanct*",
        "*kali",
        "*larusk*",
        '"new sanct*"',
        "=sanctions",
        '="new sanctions"',
        "{NATO}",
        "{EU}",
        "ATLEAST/3(sanctions)",
        "ATLEAST/4(sanctions OR potash)",
        "FIRST/2(potash)",
        "FIRST/3(sanctions)",
        "SENT(lukashenko minsk)",
        "SENT(A lukashenko NATO)",
        "title:belaruskali",
        "lead:potash",
        "body:minsk",
        "author:roe",
        'author:"Іван Пятроў"',
        "source:nn",
        'source:"наша ніва"',
        "source:Наша*",
        "tier:independent",
        "lang:en",
        "lang:(be OR en)",
        "country:by",
        "url:example.org/news",
        "url:https://www.example.org",
        "url:potash-2024",
        "O'Brien",
        "OBrien",
        'bank EXCEPT "bank closed"',
        'minsk EXCEPT "Minsk Mazowiecki"',
        "SCORE/3(potash^2 nickel^2 vilnius)",
        "2024",
        "🔥",
        "北京",
        "北",
        '"bank closed"',
        "bank NEAR/0 closed",
        "lang:en NOT source:onliner",
    ],
)
def test_matches(query: str) -> None:
    """Each operator where it is true."""
    assert matched(query)


@pytest.mark.parametrize(
    "query",
    [
        "nickel",
        "potash AND nickel",
        "potash NOT vilnius",
        '"sanctions new"',
        "potash NEAR/0 fell",
        "fell ONEAR/5 potash",
        "belaruskali NEAR/5 potash",  # never from the title into the body
        '"Belaruskali Potash"',
        "lukashenko NOT NEAR/3 O'Brien",
        "=sanction",
        "{nato}",
        "{Nato}",
        "ATLEAST/4(sanctions)",
        "FIRST/1(exports)",
        "FIRST/2(sanctions)",
        "SENT(potash vilnius)",
        "title:potash",
        "lead:lukashenko",
        "body:belaruskali",
        "author:doe",
        "roe",  # an author is not text
        "source:nasha",
        "tier:state",
        "lang:ru",
        "country:PL",
        "url:example.com",
        '(mazowiecki) EXCEPT "Minsk Mazowiecki"',
        "SCORE/3(potash^2 nickel^2)",
        "SCORE/2(potash^2 vilnius^-1)",
        "202",
        "larusk*",
        "ord-stream",
    ],
)
def test_does_not_match(query: str) -> None:
    """Each operator where it is not."""
    assert not matched(query)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        # vilnius is the sixth word of the body, nickel nowhere
        ("FIRST/5(potash NOT vilnius)", True),
        ("FIRST/6(potash NOT vilnius)", False),
        ("FIRST/9(potash NOT nickel)", True),
        ("FIRST/9(potash NOT exports)", False),
        # each stands in the text; what counts is the sentence
        ("SENT(lukashenko NOT vilnius)", True),
        ("SENT(lukashenko NOT minsk)", False),
        ("SENT(minsk NOT lukashenko)", True),  # the second Minsk
        ("SENT(vilnius NOT sanctions)", False),
        ("SENT(lukashenko minsk NOT potash)", True),
        ("SENT(lukashenko minsk NOT NATO)", False),
        # ... and here the field
        ("title:(sanctions NOT vilnius)", True),
        ("title:(sanctions NOT belaruskali)", False),
        ("body:(vilnius NOT belaruskali)", True),
        ("body:(vilnius NOT potash)", False),
        ("lead:(potash NOT nickel)", True),
        ("lead:(potash NOT vilnius)", False),
        ("author:(roe NOT minsk)", True),
        ("author:(roe NOT jane)", False),
        ("source:(nn NOT onliner)", True),
        ("tier:(independent NOT state)", True),
    ],
)
def test_not_inside_an_operator_looks_where_the_operator_looks(query: str, expected: bool) -> None:
    """What must not be there may stand anywhere outside the window, the sentence or the field."""
    assert matched(query) is expected


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("палітвязень", "Новы палітв'язень і палітвʼязень"),
        ("палітв'язень", "Новы палітвязень"),
        ("O'Brien", "OBrien said"),
        ("Lukashenko", "Lukashenko’s office"),
        ("Allemagne", "en l'Allemagne"),
        ("елка", "Ёлка стаіць"),
        ("Мінск", "горад M\u0456нск"),  # Latin M
        ("Мінск", "у Мiнск"),  # Latin i
        ("Lukashenko", "Lukаshenkо"),  # Cyrillic а, о
        ("Лукашенко", "Лу\u00adка\u200bшенко"),
        ("Лукашенко", "Лука\u0301шенко"),
        ("ｎａｔｏ", "NATO"),
        ("ＮＡＴＯ", "NATO"),
        ("Café", "Cafe\u0301 society"),
        ("straße", "STRASSE"),
        ("COVID-19", "COVID 19"),
        ("belta.by", "see https://belta.by/x"),
    ],
)
def test_writing_does_not_hide_a_word(query: str, text: str) -> None:
    """Apostrophes, ё, look-alikes, soft hyphens, stress marks, composed and full-width letters."""
    assert matched(query, MatchText(body=text))
    assert matched(f"={query}" if " " not in query else query, MatchText(body=text))


def test_forms_follow_the_topics_languages_then_the_articles() -> None:
    """A topic without languages reads each article in its own."""
    text = MatchText(body="The banks closed", language="en")
    assert not Matcher.build([Topic(id="t", query="bank", languages=("lt",))]).match(text)
    assert Matcher.build([Topic(id="t", query="bank")]).match(text)
    unknown = MatchText(body="The banks closed", language=None)
    assert Matcher.build([Topic(id="t", query="bank")]).match(unknown)
    unread = MatchText(body="The banks closed", language="xx")
    assert not Matcher.build([Topic(id="t", query="bank")]).match(unread)


def test_spans_say_term_and_form() -> None:
    """Offsets are those of the original field; the term is as the query says it."""
    (match,) = Matcher.build(
        [Topic(id="t", query='sanction "nord stream" url:news', languages=("en",))]
    ).match(TEXT)
    first = BODY.index("sanctions")
    assert match.spans[0] == Span(field="title", start=10, end=19, text="sanctions", term="sanction")
    assert match.spans[1] == Span(field="body", start=first, end=first + 9, text="sanctions", term="sanction")
    assert {(span.field, span.text, span.term) for span in match.spans} >= {
        ("body", "Nord-Stream", '"nord stream"'),
        ("url", "news", 'url:"news"'),
    }


def test_near_reports_only_the_words_that_are_near() -> None:
    """A far mention is not a reason."""
    (match,) = Matcher.build([Topic(id="t", query="sanctions NEAR/0 new", languages=("en",))]).match(TEXT)
    assert [span.text for span in match.spans] == ["new", "sanctions"]


def test_score_puts_title_before_lead_before_body() -> None:
    """Prominence: where, how many different terms, how often."""

    def score(title: str, body: str) -> float:
        (match,) = Matcher.build([Topic(id="t", query="potash OR bank")]).match(
            MatchText(title=title, body=body)
        )
        return match.score

    filler = "word " * 80
    in_body, in_lead = score("", filler + "potash"), score("", "potash " + filler)
    assert in_body < in_lead < score("potash", filler) < score("potash bank", filler) <= 1
    assert in_body < score("", filler + "potash potash")


def test_references() -> None:
    """Lists, persons and organisations; unknown names are refused."""
    lists = {"k": ["Nord Stream", "nickel*", "=Potash", "{NATO}"]}
    assert matched("@k AND vilnius", lists=lists)
    assert matched("@k NEAR/1 fell", lists=lists)
    assert matched("@list:k", lists=lists)
    assert matched("@o", people={"o": {"name": "O'Brien", "spellings": (), "off": ()}})
    assert matched("@bk", orgs={"bk": "Belaruskali"})
    assert matched('@person:"Jane Lukashenko" OR @org:Belaruskali')
    (match,) = Matcher.build([Topic(id="t", query="@k")], lists=lists).match(TEXT)
    assert {span.term for span in match.spans} == {"@k"}
    with pytest.raises(QueryError, match="not defined"):
        matched("@nobody")


def test_disabled_topics_and_order() -> None:
    """Matches come in the order of the topics; disabled topics are not there."""
    topics = [
        Topic(id="z", query="potash"),
        Topic(id="off", query="potash", enabled=False),
        Topic(id="a", query="vilnius"),
    ]
    matcher = Matcher.build(topics)
    assert [match.topic_id for match in matcher.match(TEXT)] == ["z", "a"]
    assert [topic.id for topic in matcher.topics] == ["z", "a"]
    assert Matcher.build([]).match(TEXT) == ()


def test_a_reload_takes_over_what_did_not_change() -> None:
    """An edit, an addition, a removal and a changed list, with and without the previous matcher."""
    before = [
        Topic(id="a", query="potash"),
        Topic(id="b", query="nickel"),
        Topic(id="c", query="@l"),
        Topic(id="d", query="fell"),
    ]
    old = Matcher.build(before, lists={"l": ["vilnius"]})
    assert old.matching(TEXT) == ("a", "c", "d")
    after = [before[0], Topic(id="b", query="minsk"), before[2], Topic(id="e", query="sanction*")]
    new = Matcher.build(after, lists={"l": ["nickel"]}, previous=old)
    assert new.matching(TEXT) == ("a", "b", "e")
    assert new.matching(TEXT) == Matcher.build(after, lists={"l": ["nickel"]}).matching(TEXT)
    assert old.matching(TEXT) == ("a", "c", "d")
    assert new.book.topics[0].need is old.book.topics[0].need
    few = Matcher.build(before[:1], previous=new)
    assert few.matching(TEXT) == ("a",)


def test_a_reloaded_matcher_knows_the_words_met_before() -> None:
    """It is made ready while the one before still matches, so no text waits for it."""
    texts = [MatchText(body=f"potash prices fell again {n}", language="en") for n in range(20)]
    old = Matcher.build([Topic(id="a", query="potash")])
    for text in texts:
        assert old.matching(text) == ("a",)
    new = Matcher.build([Topic(id="a", query="potash"), Topic(id="b", query="price")], previous=old)
    assert new.memory()["chunks"] >= 4
    assert new.matching(texts[0]) == ("a", "b")


def test_words_of_edited_topics_do_not_pile_up() -> None:
    """A service that runs for months and is edited daily keeps the words of the topics it has."""
    matcher = Matcher.build([Topic(id="a", query="potash"), Topic(id="b", query="vilnius")])
    for number in range(40):
        listed = " OR ".join(f"word{number}x{each}" for each in range(2_000))
        topics = [Topic(id="a", query=f"potash OR {listed}"), Topic(id="b", query="vilnius")]
        matcher = Matcher.build(topics, previous=matcher)
    assert matcher.memory()["terms"] < 30_000
    assert matcher.matching(TEXT) == ("a", "b")


def _made_up(seed: int, count: int) -> list[MatchText]:
    chance = random.Random(seed)
    words = [f"word{number}" for number in range(60)]
    weights = [1 / (rank + 1) for rank in range(60)]
    return [
        MatchText(body=" ".join(chance.choices(words, weights, k=25)), language="en") for _ in range(count)
    ]


def _topics(seed: int, count: int) -> list[Topic]:
    chance = random.Random(seed)

    def word() -> str:
        return f"=word{chance.randint(0, 59)}"

    return [
        Topic(id=str(n), query=f"({word()} OR {word()}) AND ({word()} OR {word()}) AND {word()}")
        for n in range(count)
    ]


def test_learning_better_anchors_changes_no_answer() -> None:
    """After hundreds of texts topics have moved to rarer words; the matches are the same."""
    topics, texts = _topics(1, 150), _made_up(2, 300)
    matcher = Matcher.build(topics)
    fresh = [set(matcher.matching(text)) for text in texts]
    again = [set(matcher.matching(text)) for text in texts]
    assert fresh == again
    tree = {number: matcher.book.tree(number) for number in range(len(topics))}
    for text, found in list(zip(texts, again, strict=True))[::30]:
        assert found == {str(n) for n, node in tree.items() if obviously(node, text)}


def test_threads_share_a_matcher() -> None:
    """The same answers while vocabularies grow and anchors move under the readers."""
    topics, texts = _topics(3, 100), _made_up(4, 200)
    alone = Matcher.build(topics)
    expected = [alone.matching(text) for text in texts]
    shared = Matcher.build(topics)
    with ThreadPoolExecutor(4) as pool:
        for _ in range(2):
            assert list(pool.map(shared.matching, texts)) == expected


def test_a_full_vocabulary_starts_afresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory is bounded: text after text of new words keeps no more than the limit."""
    monkeypatch.setattr("monitor.core.query.engine.matcher.MAX_CHUNKS", 50)
    matcher = Matcher.build([Topic(id="t", query="potash")])
    for number in range(30):
        text = MatchText(body=f"potash {' '.join(f'new{number}x{n}' for n in range(20))}")
        assert matcher.matching(text) == ("t",)
        assert matcher.memory()["chunks"] <= 75


def test_what_was_no_word_of_any_query_is_not_found_out_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A vocabulary that starts afresh takes over what its predecessor knew, and finds as much."""
    monkeypatch.setattr("monitor.core.query.engine.matcher.MAX_CHUNKS", 100)
    topics, dice = [Topic(id="t", query="potash"), Topic(id="u", query="mine")], random.Random(5)
    usual = [f"usual{number}" for number in range(60)]
    texts = [
        MatchText(body=" ".join([*dice.sample(usual, 40), f"new{n}", *(["mines"] if n % 3 else [])]))
        for n in range(300)
    ]
    whole = [("u",) if n % 3 else () for n in range(300)]
    matcher = Matcher.build(topics)
    looked_up: list[str] = []
    satisfied = Lexicon.satisfied

    def counting(
        self: Lexicon, surface: str, languages: tuple[str, ...] | None, unlikely: frozenset[str]
    ) -> set[int]:
        looked_up.append(surface)
        return satisfied(self, surface, languages, unlikely)

    monkeypatch.setattr(Lexicon, "satisfied", counting)
    assert [matcher.matching(text) for text in texts] == whole
    bound = len(looked_up)
    monkeypatch.setattr(Vocabulary, "satisfying_nothing", lambda _: frozenset())
    forgetful = Matcher.build(topics)
    looked_up.clear()
    assert [forgetful.matching(text) for text in texts] == whole
    assert bound < 0.7 * len(looked_up)


def test_what_a_text_quotes_from_another_language_is_found_in_its_forms() -> None:
    matcher = Matcher.build([Topic(id="t", query="więzień", languages=("en", "pl"))])
    english = "The banner that was shown at the opening of the exhibition says: "
    assert matcher.matching(MatchText(body=f"{english}Wolność dla więźniów", language="en")) == ("t",)
    long = " ".join(f"word{n}" for n in range(200))
    quoted = "„Żądamy uwolnienia więźniów” – napisali członkowie związku, który wysłał list"
    assert matcher.matching(MatchText(body=f"{long} {quoted}", language="en")) == ("t",)
    assert matcher.could_match(f"<p>{long} {quoted}</p>", source=MatchText(language="en"))


def test_a_page_of_a_source_in_a_language_with_a_large_dictionary_is_read_with_it() -> None:
    """However few of its letters the page has: the article in it may be short."""
    matcher = Matcher.build([Topic(id="t", query="kopalnia", languages=("pl",))])
    page = f"<p>{' '.join(f'word{n}' for n in range(200))} kopalni</p>"
    assert matcher.could_match(page, source=MatchText(language="pl"))


def test_vocabularies_of_many_languages_share_the_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty languages do not take twenty times the memory."""
    monkeypatch.setattr("monitor.core.query.engine.matcher.MAX_ALL_CHUNKS", 400)
    matcher = Matcher.build([Topic(id="t", query="potash")])
    for number in range(200):
        words = " ".join(f"new{number}x{n}" for n in range(10))
        text = MatchText(body=f"potash {words}", language="abcdefghijklmnopqrst"[number % 20] * 2)
        assert matcher.matching(text) == ("t",)
    assert matcher.memory()["chunks"] <= 800


def test_the_first_look_reads_raw_pages() -> None:
    """Character references, JSON escapes and inline tags do not hide a word; a clean no is a no."""
    matcher = Matcher.build([Topic(id="t", query="(Лукашенко OR nickel) AND Барановичи", languages=("ru",))])
    for page in (
        "<p>Лукашенко в Барановичах</p>",
        "<p>&#1051;укашенко в Барано&shy;вичах</p>",
        r'{"text": "\u041bукашенко в Барановичах"}',
        "<p>Лука<b>шен</b>ко, Барановичи</p>",
        "<p>nickel<br>Барановичи",
    ):
        assert matcher.could_match(page)
    assert not matcher.could_match("<p>Лукашенко в Гомеле</p>")
    assert not matcher.could_match("<p>Nothing of interest</p>")


@pytest.mark.parametrize("query", ["source:nn", "lang:en NOT potash"])
def test_topics_without_words_switch_the_first_look_off(query: str) -> None:
    """What cannot be seen in the raw page is never a reason to leave it unread."""
    assert Matcher.build([Topic(id="t", query=query)]).could_match("<p>anything</p>")


def test_a_topic_about_other_sources_leaves_the_first_look_on() -> None:
    """Who published is known before the page is read; its language and address are not."""
    matcher = Matcher.build(
        [
            Topic(id="a", query="source:nn NOT potash"),
            Topic(id="b", query="tier:state AND country:by"),
            Topic(id="c", query="author:roe"),
        ]
    )
    nn, state, other = (
        MatchText(source="NN", tier="blog"),
        MatchText(source="Belta", tier="state", country="BY"),
        MatchText(source="Other", tier="state", country="PL"),
    )
    assert matcher.could_match("<p>anything</p>", source=nn)
    assert matcher.could_match("<p>anything</p>", source=state)
    assert not matcher.could_match("<p>anything</p>", source=other)
    assert matcher.could_match("<p>anything by J. Roe</p>", source=other)
    assert matcher.could_match("<p>anything</p>", source=other, further=("Jane Roe",))


@pytest.mark.parametrize("text", ["_", "Name: ______", "a _ b", "_____\n_"])
def test_a_line_to_write_on_is_no_word(text: str) -> None:
    """Beside a word that both scripts can write, such as ЕС: its look-alike was asked for."""
    matcher = Matcher.build([Topic(id="t", query="ЕС")])
    assert not matcher.matching(MatchText(body=text))
    assert matcher.matching(MatchText(body=f"{text} ЕС")) == ("t",)
    assert not matcher.could_match(f"<p>{text}</p>")


def test_a_repetitive_text_ends() -> None:
    """A text that says one word thousands of times, under chained NEAR, does not blow up."""
    body = "spam " * 3_000
    assert matched("spam NEAR/500 spam NEAR/500 spam NEAR/500 spam", MatchText(body=body))


@pytest.mark.parametrize("query", ["Вучић", "Vučić"])
@pytest.mark.parametrize("text", ["Изјава Вучића о томе.", "Izjava Vučića o tome."])
@pytest.mark.parametrize(
    ("asked", "read"), [((), "sr"), (("sr",), "sr"), (("sr",), None), (("sr", "ru"), "sr")]
)
def test_serbian_has_its_forms_in_both_scripts_whichever_it_is_asked_in(
    query: str, text: str, asked: tuple[str, ...], read: str | None
) -> None:
    matcher = Matcher.build((Topic(id="t", query=query, languages=asked),))
    assert matcher.match(MatchText(body=text, language=read))
    assert not matcher.match(MatchText(body="Изјава Вука о томе. Izjava Vuka o tome.", language=read))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Указ подписал А.Г. Лукашенко вчера.", True),
        ("Лукашенко А.Г. подписал указ.", True),
        ("Signed by A.G. Lukashenko.", True),
        ("Указ подписал В.И. Лукашенко вчера.", False),
    ],
)
def test_two_initials_without_a_blank_stand_for_the_given_name(text: str, found: bool) -> None:
    assert matched('@person:"Аляксандр Лукашэнка"', MatchText(body=text)) is found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Izjava Aleksandra Vučića o tome.", True),
        ("Изјава Александра Вучића о томе.", True),
        ("Aleksandar Vucic said so.", True),
        ("Изјава Марка Вучића о томе.", False),
    ],
)
def test_a_name_in_serbian_cyrillic_is_found_in_both_scripts(text: str, found: bool) -> None:
    matcher = Matcher.build((Topic(id="t", query='@person:"Александар Вучић"', languages=("sr", "en")),))
    assert bool(matcher.match(MatchText(body=text, language="en" if "said" in text else "sr"))) is found
