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
