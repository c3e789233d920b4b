"""Both wordings of a changed sentence as one text: the changed words marked, little around them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.message.word_changes import changes_html, changes_plain, word_changes
from tests.support.botapi.entities import parse_html, units

LONG = "In the capital of the country, where snow fell for the third day without end, the court fined "


@pytest.mark.parametrize(
    ("before", "after", "html", "plain"),
    [
        ("He paid 5 thousand.", "He paid 6 thousand.", "He paid <s>5</s> <b>6</b> thousand.",
         "He paid [5 → 6] thousand."),
        ("Two men were held.", "Two young men were held.", "Two <b>young</b> men were held.",
         "Two [+ young] men were held."),
        ("Two young men were held.", "Two men were held.", "Two <s>young</s> men were held.",
         "Two [− young] men were held."),
        ("Yesterday police came.", "police came.", "<s>Yesterday</s> police came.",
         "[− Yesterday] police came."),
        (LONG + "him 1,500 roubles.", LONG + "him 2,500 roubles.",
         "… end, the court fined him <s>1,500</s> <b>2,500</b> roubles.",
         "… end, the court fined him [1,500 → 2,500] roubles."),
        ("Суд в Минске оштрафовал его.", "Суд в Гродно оштрафовал его.",
         "Суд в <s>Минске</s> <b>Гродно</b> оштрафовал его.", "Суд в [Минске → Гродно] оштрафовал его."),
        ("a < b & c", "a < b & d", "a &lt; b &amp; <s>c</s> <b>d</b>", "a < b & [c → d]"),
        ("One thing.", "Nothing alike here", "<s>One thing.</s><b>Nothing alike here</b>",
         "[One thing. → Nothing alike here]"),
        ("It is gone.", "", "<s>It is gone.</s>", "[− It is gone.]"),
    ],
)  # fmt: skip
def test_what_changed_is_marked_in_place(before: str, after: str, html: str, plain: str) -> None:
    pieces = word_changes(before, after)
    assert changes_html(pieces, 900) == html
    assert changes_plain(pieces, 900) == plain


def test_a_tail_that_was_cut_off_is_not_said_to_be_changed() -> None:
    pieces = word_changes("He paid 5 roubles to the state and went…", "He paid 61 roubles to the state and…")
    assert changes_plain(pieces, 900).startswith("He paid [5 → 61] roubles to the state")
    assert "−" not in changes_plain(pieces, 900)


@pytest.mark.parametrize(
    ("before", "after", "plain"),
    [
        ("He met Anna and Boris in the old town", "He met Olga and Peter in the old town",
         "He met [Anna and Boris → Olga and Peter] in the old town"),
        ("He met Anna, Boris in the old town", "He met Olga, Peter in the old town",
         "He met [Anna, Boris → Olga, Peter] in the old town"),
        ("He met Anna and then Boris in the old town", "He met Olga and then Peter in the old town",
         "He met [Anna → Olga] and then [Boris → Peter] in the old town"),
    ],
)  # fmt: skip
def test_a_single_word_between_two_changes_belongs_to_them(before: str, after: str, plain: str) -> None:
    assert changes_plain(word_changes(before, after), 900) == plain


def test_six_words_stay_on_each_side_of_a_change_and_what_is_left_out_is_marked() -> None:
    before = "Today at nine on Monday the court fined Anna for a banner that was said to be red"
    between = "The court fined Anna Smith, a teacher of {} schools at home, 5 roubles"
    assert changes_plain(word_changes(before, before.replace("Anna", "Olga")), 900) == (
        "… nine on Monday the court fined [Anna → Olga] for a banner that was said …"
    )
    small, large = between.format("three small"), between.format("three very small old and good")
    changed = [text.replace("Smith", "Jones").replace("5", "6") for text in (small, large)]
    assert "a teacher of three small schools at home," in changes_plain(word_changes(small, changed[0]), 900)
    assert changes_plain(word_changes(large, changed[1]), 900) == (
        "The court fined Anna [Smith → Jones], "
        "a teacher of three very … and good schools at home, [5 → 6] roubles"
    )


def test_one_wording_alone_came_or_went() -> None:
    assert changes_plain(word_changes("", "It came."), 900) == "[+ It came.]"
    assert word_changes("", "") == ()


def test_two_fifths_in_common_are_one_text() -> None:
    assert changes_plain(word_changes("a b c d e", "a b f g h"), 900) == "a b [c d e → f g h]"
    assert changes_plain(word_changes("a b c d e f", "a b g h i j"), 900) == "[a b c d e f → a b g h i j]"


def test_a_change_before_the_cut_is_told_and_the_cut_shown() -> None:
    pieces = word_changes("He paid 5 roubles today…", "He paid 6 roubles today…")
    assert changes_plain(pieces, 900) == "He paid [5 → 6] roubles today…"


def test_of_very_long_wordings_the_beginning_is_compared() -> None:
    long = " ".join(f"w{number}" for number in range(700))
    assert changes_plain(word_changes(long, long.replace("w598", "x")), 900).endswith("[w598 → x] w599…")
    assert "→" not in changes_plain(word_changes(long, long.replace("w600", "x")), 900)


words = st.lists(
    st.sampled_from(["<b>", "&amp;", "</s>", "🎈", "ёж", "a.b", "5", "6,5", ",", "“x”", "&", "\n", "…"])
    | st.text(max_size=6),
    max_size=40,
).map(" ".join)


@given(before=words, after=words, limit=st.integers(min_value=1, max_value=400))
def test_whatever_the_wordings_the_markup_is_whole_and_short(before: str, after: str, limit: int) -> None:
    pieces = word_changes(before, after)
    html = changes_html(pieces, limit)
    shown, _ = parse_html(html)  # refuses what Telegram refuses: open tags, bare < and &
    assert units(shown) <= limit
    assert html.count("<s>") == html.count("</s>")
    assert html.count("<b>") == html.count("</b>")


@given(before=words, after=words)
def test_the_new_wording_can_be_read_off(before: str, after: str) -> None:
    pieces = word_changes(before, after)
    if any(piece.kind == "left out" for piece in pieces) or "…" in before + after:
        return
    new = "".join("".join(piece.text.split()) for piece in pieces if piece.kind in {"same", "new"})
    assert new == "".join(after.split())
