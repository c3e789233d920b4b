"""Words whose full stop ends no sentence: a table read by ``core.text.clean``."""

from __future__ import annotations

from typing import Final

# Case-folded, without the last full stop.
ABBREVIATIONS: Final = frozenset(
    """
    mr mrs ms dr prof gen sen rep gov lt col sgt capt cmdr adm maj st sr jr hon rev pres vs no nos
    fig vol ed al approx ca cf inc ltd jan feb mar apr jun jul aug sept sep oct nov dec
    им ул пр просп пер пл обл р-н стр см ср напр тел тыс млн млрд трлн руб коп долл гр гос зам
    ген генерал-лейт проф акад доц канд св св-ва исп ред сост рис табл т.е т.н т.к п.п пос дер
    вул просп обл м-н див напр тис грн заст ім проф акад рис
    вул зав нам праф акад г.зн гл тыс
    ul al pl os prof dr mgr inż hab gen płk ks św tzw tzn np m.in nr tys mln mld zł im woj red
    pvz g prof doc akad gen plg mln mlrd tūkst
    z.b d.h u.a bzw vgl nr str evtl ggf sog abs prof
    č ul nám např tzv tj mjr plk ing mudr judr doc
    mme mlle
    """.split()  # noqa: SIM905  # a table to read
)

# "in 2020 г. Минск…" ends a sentence, "г. Минск" (a town) does not: it depends on the figure before.
YEAR_WORDS: Final = frozenset({"г", "гг", "р", "рр", "r", "m", "в", "ст", "w"})

MONTH_AFTER_DAY: Final = frozenset(
    """
    januar jänner februar märz april mai juni juli august september oktober november dezember
    jahrhundert january february march may june july october december
    leden únor březen duben květen červen červenec srpen září říjen listopad prosinec
    """.split()  # noqa: SIM905  # a table to read
)
