"""Belarusian: no kept stemmer or lemmatiser knows it, so its declensions are written out here.

After the school grammar of the official orthography of 2008; both spellings of an unstressed ending that
depends on stress are listed (*-аў*, *-оў*). Apostrophes are gone and *ў* is kept when a word comes here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from monitor.core.loaded_once import loaded_once
from monitor.core.query.forms.paradigms import Paradigms, read, stems

_GROUPS = {
    "hard": "бвжзлмнпрсфцчш",
    "velar": "гкх",
    "soft": "бвзлмнпсц",
    "vowel": "аеёіоуыэюя",
    "any": "абвгджзеёійклмнопрстуўфхцчшыьэюя",
}
_TABLE = """
    m        | hard velar | - а у ам ом е ы аў оў ах амі
    m-velar  | velar      | - а у ам ом і аў оў ах амі
    m-d      | any        | д да ду дам дом дзе ды даў доў дах дамі
    m-t      | any        | т та ту там том це ты таў тоў тах тамі
    m-v      | vowel      | ў ва ву вам вым ве вы ваў вых вымі
    m-in     | any        | ін іна іну інам іным іне іны інаў іных інымі
    m-yn     | any        | ын ына ыну ынам ыным ыне ыны ынаў ыных ынымі
    m-soft   | soft       | ь я ю ем ём і яў ёў ям ях ямі
    m-j      | vowel      | й я ю ем ём і яў ёў ям ях ямі
    m-avec   | any        | авец аўца аўцу аўцам аўцом аўцы аўцаў аўцоў аўцах аўцамі
    m-ovec   | any        | овец оўца оўцу оўцам оўцом оўцы оўцаў оўцоў оўцах оўцамі
    m-lec    | any        | лец льца льцу льцам льцом льцы льцаў льцоў льцах льцамі
    m-jec    | vowel      | ец йца йцу йцам йцом йцы йцаў йцоў йцах йцамі
    m-anin   | а я        | нін ніна ніну нінам ніне не н наў нам нах намі
    m-ec     | any        | ец эц ца цу цам цом цы цаў цоў цах цамі
    m-ok     | any        | ак ок ка ку кам ком кі каў коў ках камі
    m-ol     | any        | ол ёл ла лу лом лём ле лы лоў лам лах ламі
    m-en     | any        | ень ань эн ня ню нем нём ні няў нёў ням нях нямі
    m-dzen   | any        | дзень дня дню днём дні дзён днёў дняў дням днях днямі
    m-ven    | any        | вень ўня ўню ўнем ўні ўняў ўням ўнях ўнямі
    m-el     | any        | ель аль ля лю лем лём лі ляў лёў лям лях лямі
    m-ar     | any        | ар ер ра ру рам ром ры раў роў рах рамі
    f        | hard       | а ы е э ай ой аю ою у ам ах амі
    f-d      | any        | да ды дзе дай дой даю дою ду дам дах дамі
    f-t      | any        | та ты це тай той таю тою ту там тах тамі
    f-k      | any        | ка кі цы цэ ку кай кой каю кою кам ках камі
    f-ek     | any        | ька ькі ьцы ьку ькай ькам ьках ькамі ек
    f-vak    | vowel      | ўка ўкі ўцы ўку ўкай ўкам ўках ўкамі вак
    f-h      | any        | га гі зе зэ гу гай гой гаю гою гам гах гамі
    f-ch     | any        | ха хі се сэ ху хай хой хаю хою хам хах хамі
    f-va     | any        | ва вай ву ваю вой вою
    f-soft   | soft vowel | я і ю яй ёй ей яю ёю ею ям ях ямі
    f-ija    | іые        | я і ю яй яю й ям ях ямі
    f-s      | any        | сь сі ссю
    f-n      | any        | нь ні нню
    f-l      | any        | ль лі ллю
    f-z      | any        | зь зі ззю
    f-c      | any        | ць ці ццю цю цей цяў цям цях цямі
    f-dz     | any        | дзь дзі ддзю
    f-cz     | any        | ч чы ччу чаў чам чах чамі
    f-sh     | any        | ш шы шшу
    f-zh     | any        | ж жы жжу
    n        | hard velar | о а у ом ам е ах амі
    n-mja    | any        | мя мені менем мем мю мены мен менаў менам менах менамі
    n-soft   | soft vowel | е ё я ю ем ём і яў ям ях ямі
    adj      | hard т д   | ы ага ога аму ому ым ая ай ой ую аю ою ае ое ыя ых ымі
    adj-k    | velar      | і ага ога аму ому ім ая ай ой ую аю ою ае ое ія іх імі
    adj-soft | soft       | і яга яму ім яя яй юю яю яе ія іх імі
"""
# Infinitive, past and present; the last word is what a passive participle puts before its *-ны*.
_VERBS = """
    v-ava  | аваць аваў авала авало авалі ую уеш уе уем уеце уюць уй уйце ава
    v-java | яваць яваў явала явало явалі юю юеш юе юем юеце ююць юй юйце ява
    v-a    | аць аў ала ало алі аю аеш ае аем аеце аюць ай айце а
    v-ja   | яць яў яла яло ялі яю яеш яе яем яеце яюць яй яйце я
    v-i    | іць іў іла іло ілі ю іш ім іце яць е
    v-y    | ыць ыў ыла ыло ылі у ыш ым ыце аць а
    v-nu   | нуць нуў нула нулі ну неш не нем неце нуць ну
"""
_IRREGULAR = """
    дзень дзён | чалавек людзі людзей людзям людзьмі людзях
    дзіця дзіцяці дзіцем дзеці дзяцей дзецям дзецьмі дзецях
    імя імені імем імю імены імен іменаў іменам іменах іменамі
    дачка дочкі дачок дочак дачкой дачцэ дачку дочкам дочкамі дочках
    вока вачэй вочы вачам вачыма вачах | вуха вушэй вушы вушам вушамі вушах
    жонка жонкі жонкай жонцы жонку жанкі | нага ногі нагу нагой назе нагі ног ногам нагамі нагах
    друг друзі | сябар сябра сябры сяброў сябрам сябрамі сябрах
    дождж дажджу дажджом дажджы дажджоў дажджамі
    сяло сёлы сёл сёлаў сёлах сёламі | лес лясы лясоў лясам лясах лясамі | поле палі палёў палях палямі
    племя племені плямёны плямён плямёнаў плямёнах | сястра сёстры сясцёр сёстраў
"""
"""Nouns of several stems, and those whose vowels no rule of ``alternation`` tells."""
_PARTICIPLE = "ны ная ную най нага наму ным ныя ных нымі на"


@loaded_once
def _paradigms() -> Paradigms:
    # ё is е in a folded word.
    return read((_TABLE + "".join(_verbs())).replace("ё", "е"), _GROUPS)


def _verbs() -> Iterator[str]:
    for line in filter(None, (each.strip() for each in _VERBS.splitlines())):
        name, listed = (part.strip() for part in line.split("|"))
        *finite, passive = listed.split()
        participles = [passive + ending for ending in _PARTICIPLE.split()]
        yield f"{name} | any | {' '.join((*finite, *participles))}\n"
        yield f"{name}-sja | any | {' '.join(map(_reflexive, finite))}\n"


def _reflexive(ending: str) -> str:
    if ending.endswith("ць"):
        return f"{ending[:-2]}цца"
    # The third person singular: кажа, кажацца; the rest take -ся.
    return f"{ending}цца" if ending.endswith(("ае", "яе", "уе", "юе", "не")) else f"{ending}ся"


@loaded_once
def _irregular() -> dict[str, str]:
    rows = (row.split() for row in "|".join(_IRREGULAR.strip().splitlines()).split("|"))
    return {word.replace("ё", "е"): f"irr:{row[0]}" for row in rows for word in row}


# Towns in -ск have no plural: мінскі is the adjective.
_OF_TOWN = re.compile("[бвгджзйклмнпрстўфхцчшь][сц]к(і|аў|оў|ах|амі)$")


def forms_be(word: str) -> frozenset[str]:
    """Keys of a folded Belarusian word."""
    found = stems(word, _paradigms())
    if _OF_TOWN.search(word):
        found = (key for key in found if not key.startswith("m-velar:"))
    irregular = _irregular().get(word)
    return frozenset((*found, irregular)) if irregular else frozenset(found)
