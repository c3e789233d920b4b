"""Invitations and labels go; sentences that begin like them stay."""

from __future__ import annotations

import pytest

from monitor.core.page.lines import is_byline, is_invitation, is_label


@pytest.mark.parametrize(
    "text",
    [
        "Subscribe to our evening letter",
        "Join our Telegram channel for more",
        "Download the app to read offline.",
        "Подписывайтесь на наш Telegram-канал",
        "Сачыце за навінамі ў нашым канале",
        "Zapisz się na newsletter",
        "Abonnieren Sie unseren Newsletter",
        "Lire aussi : le barrage fermé",
        "Siga nosso canal no WhatsApp",
        "Advertisement",
        "This article was first published in our print edition.",
        "Already a subscriber? Log in",
        "Lesen Sie auch unseren Bericht vom Damm.",
        "Czytaj także: trzy wsie bez wody",
    ],
)
def test_invitations(text: str) -> None:
    assert is_invitation(text)


@pytest.mark.parametrize(
    "text",
    [
        "Join the army or leave, the recruits were told on Sunday.",
        "Follow the money, the prosecutor told the jury.",
        "“Subscribe to our cause,” the general said.",
        "Get out of the valley before dark, the sirens said.",
        "Подписал ли он договор, неизвестно.",
        "Читайте закон, сказал судья.",
        "Registered voters numbered 12,000 in the district.",
        "Watch towers were built along the border in March.",
        "Folgen könnte die Sperrung auch für die Fähre haben, sagte der Landrat.",
        "Stay here or go home, more than one officer told the crowd at the gate.",
    ],
)
def test_sentences_that_begin_like_invitations(text: str) -> None:
    assert not is_invitation(text)


@pytest.mark.parametrize(
    "text",
    ["Photo: Reuters", "By Jane Doe and John Roe", "Published 12 May 2026, 14:05", "Related stories",
     "Фото: БЕЛТА", "Updated at 14:05", "Text: Anna Kowalska", "Source: own information"],
)  # fmt: skip
def test_labels(text: str) -> None:
    assert is_label(text)


@pytest.mark.parametrize(
    "text",
    [
        "By Sunday 40 villages had been cut off",
        "Related companies of the minister were named",
        "Published in Riga: the list of all donors",
        "Photo reporters were kept away from the gate",
        "Source code of the voting machine was leaked",
    ],
)
def test_sentences_that_begin_like_labels(text: str) -> None:
    assert not is_label(text)


def test_a_byline_is_next_to_nothing_but_names() -> None:
    assert is_byline("By Alena Rudnik, Staff Writer")
    assert not is_byline("By morning the town was under water")


def test_a_line_of_thirty_words_is_no_invitation_and_no_label() -> None:
    ask, label = "Subscribe to our newsletter", "Photo:"
    assert is_invitation(f"{ask}{' x' * 25}")
    assert not is_invitation(f"{ask}{' x' * 26}")
    assert is_label(f"{label}{' X' * 28}")
    assert not is_label(f"{label}{' X' * 29}")
    assert not is_invitation(f"{ask} {'x' * 1000}")
    assert not is_label(f"{label} {'x' * 1000}")


@pytest.mark.parametrize(
    ("text", "linked", "invites"),
    [
        ("Read about the dam today", 0, True),  # a few words without a full stop
        ("Read about the dam of the valley today", 0, False),
        ("Read about the dam of the valley today", 9, True),
        ("Read about the dam of the valley.", 0, False),
        ("Read about the dam of the valley.", 9, True),
        ("Read more about the dam today too.", 0, True),
        ("Read more about the dam and the valley today.", 0, False),
        (f"Subscribe to our newsletter{' x' * 15}.", 0, True),
        (f"Subscribe to our newsletter{' x' * 16}.", 0, False),
        ("The dam is drained", 9, False),
    ],
)
def test_when_a_line_that_asks_something_is_an_invitation(text: str, linked: int, invites: bool) -> None:
    assert is_invitation(text, linked=linked) is invites


@pytest.mark.parametrize(
    ("text", "byline"),
    [
        ("By Jane Doe and John Roe, Staff Writers", True),
        ("By Jane Doe", True),
        ("By Jane Doe.", False),
        ("By the river", False),
        ("By Jane Doe who saw it", False),
        ("By Jane Doe reporter", True),
        ("By Jane Doe reporter here", False),
        ("By 5 Jane Doe", False),
        ("By" + " Jane" * 11, True),
        ("By" + " Jane" * 12, False),
    ],
)
def test_bylines_are_next_to_nothing_but_names(text: str, byline: bool) -> None:
    assert is_byline(text) is byline
