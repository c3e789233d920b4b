"""Lines of a page that are not its article's: invitations ("Subscribe to …") and labels ("Photo: …").

Both begin with a few telling words, and so do sentences ("Subscribe or lose your job, they were told.").
What tells them apart is the rest of the line: an invitation offers something of the outlet's or holds a
link; a label has a colon, a date or next to nothing behind its word. Speech in quotation marks is neither.
"""

from __future__ import annotations

import re
from typing import Final

FEW_WORDS: Final = 30
MOST_CHARS: Final = 1_000
"""Thirty words have fewer; more than that is no such line, whatever it consists of."""
LABEL_WORDS: Final = 6
ONWARD_WORDS: Final = 8
BYLINE_WORDS: Final = 12

_QUOTES: Final = tuple("\"'“”„«»‘’‹›「『")

# How lines begin that ask the reader to do something.
_ASKS: Final = re.compile(
    r"""
    \W*(?:
      read\b|sign\ ?up\b|subscribe\b|click\b|tap\b|join\b|follow\b|share\b|tell\ us\b
    |have\ a\ (?:tip|story|question)
    | do\ you\ have\b|leave\ a\ (?:comment|reply)|(?:write|email|e-mail|contact|send|support|donate)\b
    | get\b|download\b|listen\b|watch\b|don.t\ miss\b|stay\b|be\ the\ first\b|register\b|log\ ?in\b
    |want\ (?:more|to)\b
    | читай(?:те)?\b|подпи(?:ш|сывай)\w*|следите\b|присоединяй\w*|скачай\w*|смотри(?:те)?\b
    |поддержи\w*|пишите\b
    | чытай(?:це)?\b|падпі(?:ш|сва)\w*|сачыце\b|далучай\w*|глядзі(?:це)?\b|падтрымай\w*|дасылайце\b
    | читай(?:те)?\b|підпи(?:ш|суй)\w*|стежте\b|приєднуй\w*|дивіться\b
    | czytaj\b|zobacz\b|zapisz\b|subskrybuj\b|dołącz\b|śledź\b|obserwuj\b|oglądaj\b|przeczytaj\b
    | skaitykite\b|prenumeruok\w*|sekite\b|žiūrėkite\b
    | abonn\w+|lesen\b|folgen\b|melden\b|hier\b|jetzt\b
    | lire\b|lisez\b|inscrivez\b|recevez\b|suivez\b|retrouvez\b
    | leia\b|veja\b|assine\b|siga\b|receba\b|clique\b|inscreva\b|confira\b
    | lee\b|lea\b|suscr[ií]b\w+|s[ií]gue\w*|recibe\b|mira\b
    | leggi\b|iscriviti\b|segui\w*|abbonati\b|scarica\b|guarda\b
    )
    """,
    re.IGNORECASE | re.VERBOSE,
)
# What outlets offer and where they do.
_OFFER: Final = re.compile(
    r"""
    news-?letter|\bletter\b|e-?mail|inbox|\bapps?\b|whats-?app|telegram|viber|facebook|instagram
    |twitter|\btik-?tok|youtube|\brss\b
    | podcast|notification|push\b|\balerts?\b|breaking\ news|latest\ news|updates\b
    |our\ (?:site|page|channel|newsroom|daily|free|work|journalis)
    | (?:the|our)\ (?:full|whole)\ (?:story|article|text)
    |\blink\b|button|subscri(?:be|ption)
    | (?:this|the)\ (?:story|article|page)|(?:us|me|him|her|them|@\w+)\ on\b|\bat\ \S{1,40}@
    |\S{1,60}@\S{1,60}\.\w
    | our\ \w{1,20}\ (?:newsletter|channel|page|app)|comment|opinion\ with
    | канал|рассылк|рассылан|группе|группу|соцсет|новост|приложени|дзен|вконтакте|одноклассник|редакци
    | суполк|навін|навіны|рассылк|дадатак
    | розсилк|новин|застосунок
    | newsletter|kana[lł]|aplikacj
    | naujienlaišk
    | kostenlos|abonn
    | lettre|gratuit|application
    | canal|notícias|boletim|grupo
    | bolet[ií]n|noticias|canal
    | notizie|canale|gratis
    """,
    re.IGNORECASE | re.VERBOSE,
)
# What leads on to something else, and stands in sentences too.
_ONWARDS: Final = re.compile(
    r"""
    (?:more|next|also|this\ too|here)\b|также|таксама|також|także|również|też|więcej|taip\ pat|daugiau
    | auch\b|mehr\b|également|aussi\b|também|mais\b|también|más\b|anche\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
# Whole lines that are never sentences of an article, however they end.
_FIXED: Final = re.compile(
    r"""
    \W*(?:
      advertisement\b|story\ continues\b|continue\ reading\b|article\ continues\b
    |this\ (?:copy|article)\ is\ for\ (?:your|sub)
    | order\ reprints|all\ rights\ reserved|©|\(c\)\W|copyright\b|filed\ under\b
    |more\ (?:on|from|about)\ (?:this|the)\ (?:story|topic)
    | (?:image|photo|picture)\ (?:credit|by|:|courtesy)
    |follow\ .{1,60}\ on\ (?:x\b|twitter|facebook|instagram|telegram)
    | this\ (?:story|article|report|post)\ (?:was|has\ been|originally|first|appeared)\b
    |additional\ reporting\ by
    | reklama\W*$|реклама\W*$|рэклама\W*$|anzeige\W*$|publicidade?\W*$|pubblicità\W*$|publicité\W*$
    | we\ and\ our\ (?:\d+\ )?partners|(?:this|our)\ (?:web)?site\ uses\ cookies|by\ clicking\b
    |to\ (?:view|display|see|play)\ this\ (?:content|video|post)
    | this\ (?:content|embed|video)\ is\ (?:hosted|provided|not\ available)
    |already\ a\ (?:subscriber|member)|you\ have\ (?:reached|read)\ .{1,30}articles?
    | (?:to\ )?(?:continue|keep)\ reading\b|subscribers?\ only\b|for\ subscribers\b|unlock\ th
    |log\ in\ to\ (?:read|comment)
    | accept\ (?:all\ )?cookies|enable\ javascript|please\ enable|your\ browser\ do
    )
    """,
    re.IGNORECASE | re.VERBOSE,
)
# How labels begin: who made what, and when.
_LABEL: Final = re.compile(
    r"""
    \W*(?P<word>
      related(?:\ (?:stories|articles|news|content|coverage|topics|links|posts|video|reading))?
    |see\ (?:also|more)|recommended(?:\ (?:for\ you|stories|reading))?
    | more\ (?:on|from|news|stories)|advert|images?|photos?|pictures?|video|watch|listen|credits?
    |sources?|getty|tags?|topics?|keywords
    | (?:last\ )?updated|published|posted|first\ published|comments?|\d+\ comments?|download
    |play\ video|loading|scroll|follow|share
    | фото|видео|источник|поделиться|реклама|теги|метки|крыніца|здымак|фота|відэа|джерело|світлина|відео
    | źródło|fot|foto|zdjęcie|tagi|autor|nuotr|šaltinis|fonte|quelle|bild|source|crédits?|crédito
    |fuente|imagen|imagem|vídeo|etiquetas
    | redaktion|editor|editing|reporting|writing|compiled|contact|phone|tel|e-?mail
    )(?P<rest>.*)
    """,
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_AFTER_LABEL: Final = re.compile(r"\s?(?:[:./|–—©]|\d|(?:on|at|by|via)\b|$)", re.IGNORECASE)
_DATE_LIKE: Final = re.compile(
    r"\d{1,2}[:.]\d\d|(?:19|20)\d\d|\d{1,2}[./-]\d{1,2}|\bago\b|\bnazad|\bназад", re.IGNORECASE
)
_BYLINE: Final = re.compile(
    r"\W*(?:by|von|par|por|di|автор\w*|аўтар\w*|text|words|tekst|текст|report(?:ed|ing) by|written by)\b:?\s"
    r"\s*(?P<names>.*)",
    re.IGNORECASE | re.DOTALL,
)
_WORD: Final = re.compile(r"[^\W\d_][\w'’.-]*")
_SMALL: Final = frozenset("and und et y e i и і ды & in for the of de von van der del la le at".split())  # noqa: SIM905  # a table
_STOPPED: Final = re.compile(r"[.!?…][\"'”’»)\]\s]*$")


def is_invitation(text: str, *, linked: int = 0) -> bool:
    """Whether a line asks the reader to read, watch or subscribe to something else. ``linked``: how many
    of its characters are links."""
    if len(text) > MOST_CHARS:
        return False
    words = text.split()
    if len(words) >= FEW_WORDS or text.lstrip().startswith(_QUOTES):
        return False
    if _FIXED.match(text):
        return True
    found = _ASKS.match(text)
    if found is None:
        return False
    offers = _OFFER.search(text, found.end()) is not None
    leads_on = _ONWARDS.search(text, found.end()) is not None
    if linked or not _STOPPED.search(text):
        return bool(linked) or offers or leads_on or len(words) <= LABEL_WORDS
    return (offers and len(words) < FEW_WORDS // 2 + 5) or (leads_on and len(words) <= ONWARD_WORDS)


def is_label(text: str, *, linked: int = 0) -> bool:
    """Whether a line without a full stop says what stands beside it, who made it or when."""
    if len(text) > MOST_CHARS:
        return False
    words = text.split()
    if len(words) >= FEW_WORDS or _STOPPED.search(text) or text.lstrip().startswith(_QUOTES):
        return False
    if is_byline(text):
        return True
    found = _LABEL.match(text)
    if found is None:
        return False
    rest = found["rest"]
    if not rest.strip(" :.-–—|"):
        return True
    if not _AFTER_LABEL.match(rest):
        return False
    is_dated = _DATE_LIKE.search(rest) is not None and len(words) <= BYLINE_WORDS
    return (
        rest.lstrip()[:1] in {":", "|", "/", "©", ".", "–", "—"}
        or bool(linked)
        or is_dated
        or len(words) <= LABEL_WORDS - 2
    )


def is_byline(text: str) -> bool:
    """``By Jane Doe and John Roe, Staff Writers``: after the preposition next to nothing but names."""
    found = _BYLINE.match(text) if len(text) <= MOST_CHARS else None
    if found is None or len(text.split()) > BYLINE_WORDS or _STOPPED.search(text):
        return False
    words = _WORD.findall(found["names"])
    named = [word for word in words if word[0].isupper()]
    small = [word for word in words if not word[0].isupper() and word.casefold() not in _SMALL]
    return bool(named) and len(small) <= 1 and not any(char.isdigit() for char in found["names"][:20])
