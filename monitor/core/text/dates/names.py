"""Month names, as dates in feeds and on pages write them.

One pattern a month, January first; each stands for the whole word (case-folded, without a full
stop): the short form and every case form of the long one. Croatian shares names with Polish and
Czech that mean other months, so it is asked only when the source says so.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Final

_MONTHS: Final = {
    "en": "jan(uary)? feb(ruary)? mar(ch)? apr(il)? may june?|jun july?|jul aug(ust)? sept?(ember)?"
    " oct(ober)? nov(ember)? dec(ember)?",
    "ru": "янв(ар[ьяе])? фев(р|рал[ьяе])? мар(т[ае]?)? апр(ел[ьяе])? ма[йяе] июн[ьяе]? июл[ьяе]?"
    " авг(уста?|усте)? сент?(ябр[ьяе])? окт(ябр[ьяе])? ноя(б|бр[ьяе])? дек(абр[ьяе])?",
    "be": "студ(з|зен[ья]|зеня)? лют(ы|ага)? сак(авіка?)? кра(с|савіка?)? тра(ў|ўн[ья]|вень)|ма[йя]"
    " чэр(в|вен[ья]|веня)? ліп(ен[ья]|еня)? жні(в|вен[ья]|ўня)? вер(асен[ья]|асня)?"
    " кас(т|трычніка?)? ліс(т|тапада?)? сне(ж|жан[ья]|жня)?",
    "uk": "січ(ен[ья]|ня)? лют(ий|ого)? бер(ез(ень|ня)?)? квіт?(ень|ня)? трав?(ень|ня)?"
    " черв?(ень|ня)? лип(ень|ня)? серп?(ень|ня)? вер(ес(ень|ня)?)? жовт?(ень|ня)? лист?(опада?)?"
    " груд?(ень|ня)?",
    "pl": "sty(czeń|cznia)? lut(y|ego)? mar(zec|ca)? kwi(ecień|etnia)? maja? cze(rwiec|rwca)?"
    " lip(iec|ca)? sie(rpień|rpnia)? wrz(esień|eśnia)? paź(dziernika?)?|paz lis(topada?)?"
    " gru(dzień|dnia)?",
    "lt": "saus?(is|io)? vas(aris|ario)? kov(as|o)? bal(andis|andžio)? geg(užė|užės)?"
    " birž?(elis|elio)? liep?(a|os)? rugp(j|jūtis|jūčio)? rugs(ėjis|ėjo)? spal?(is|io)?"
    " lapkr(itis|ičio)?|lap gruod?(is|žio)?",
    "lv": "janv(āris|ārī|āra)? febr(uāris|uārī|uāra)? marts?|martā|marta apr(īlis|īlī|īļa)?"
    " maijs?|maijā|maija jūn(ijs|ijā|ija)? jūl(ijs|ijā|ija)? aug(usts|ustā|usta)?"
    " sept(embris|embrī|embra)? okt(obris|obrī|obra)? nov(embris|embrī|embra)? dec(embris|embrī|embra)?",
    "et": "jaan(uar|uaril)? veebr?(uar|uaril)? märts(il)? apr(ill|illil)? mai(l)? juuni(l)? juuli(l)?"
    " aug(ust|ustil)? sept(ember|embril)? okt(oober|oobril)? nov(ember|embril)? dets(ember|embril)?",
    "de": "jan(uar)?|jän(ner)? feb(ruar)?|feber märz?|mrz|maerz apr(il)? mai juni? juli? aug(ust)?"
    " sept?(ember)? okt(ober)? nov(ember)? dez(ember)?",
    "fr": "janv?(ier)? févr?(ier)?|fevr?(ier)? mars? avr(il)? mai juin juil(l|let)? août|aout"
    " sept?(embre)? oct(obre)? nov(embre)? déc(embre)?|dec(embre)?",
    "es": "ene(ro)? feb(rero)? mar(zo)? abr(il)? mayo? jun(io)? jul(io)? ago(sto)?"
    " sept?(iembre)?|set(iembre)? oct(ubre)? nov(iembre)? dic(iembre)?",
    "it": "gen(naio)? feb(braio)? mar(zo)? apr(ile)? mag(gio)? giu(gno)? lug(lio)? ago(sto)?"
    " set(t|tembre)? ott(obre)? nov(embre)? dic(embre)?",
    "pt": "jan(eiro)? fev(ereiro)? mar(ço)?|marco abr(il)? mai(o)? jun(ho)? jul(ho)? ago(sto)?"
    " set(embro)? out(ubro)? nov(embro)? dez(embro)?",
    "cs": "led(en|na)? úno(r|ra)? bře(zen|zna)? dub(en|na)? kvě(ten|tna)? červ(en|na)|čvn|čer"
    " červen(ec|ce)|čvc srp(en|na)? zář(í)? říj(en|na)? lis(topadu?)? pro(sinec|since)?",
    "sk": "jan(uár|uára)? feb(ruár|ruára)? mar(ec|ca)? apr(íl|íla)? máj(a)? jún(a)? júl(a)?"
    " aug(ust|usta)? sep(tember|tembra)? okt(óber|óbra)? nov(ember|embra)? dec(ember|embra)?",
    "bg": "яну(ари)? фев(р|руари)? мар(т)? апр(ил)? май юни юли авг(уст)? сеп(т|тември)? окт(омври)?"
    " ное(м|мври)? дек(ември)?",
    "ro": "ian(uarie)? feb(r|ruarie)? mar(t|tie)? apr(ilie)? mai iun(ie)? iul(ie)? aug(ust)?"
    " sept?(embrie)? oct(ombrie)? no[iv](em|embrie)? dec(embrie)?",
    "hu": "jan(uár)? febr?(uár)? márc(ius)? ápr(ilis)? máj(us)? jún(ius)? júl(ius)? aug(usztus)?"
    " szept?(ember)? okt(óber)? nov(ember)? dec(ember)?",
    "nl": "jan(uari)? feb(ruari)? maart|mrt apr(il)? mei juni? juli? aug(ustus)? sept?(ember)?"
    " okt(ober)? nov(ember)? dec(ember)?",
    "sv": "jan(uari)? feb(ruari)? mars? apr(il)? maj juni? juli? aug(usti)? sept?(ember)? okt(ober)?"
    " nov(ember)? dec(ember)?",
    "da": "jan(uar)? feb(ruar)? mar(ts)? apr(il)? maj juni? juli? aug(ust)? sept?(ember)? okt(ober)?"
    " nov(ember)? dec(ember)?",
    "no": "jan(uar)? feb(ruar)? mars? apr(il)? mai juni? juli? aug(ust)? sept?(ember)? okt(ober)?"
    " nov(ember)? des(ember)?",
    "fi": "tammi(kuuta|kuu)? helmi(kuuta|kuu)? maalis(kuuta|kuu)? huhti(kuuta|kuu)? touko(kuuta|kuu)?"
    " kesä(kuuta|kuu)? heinä(kuuta|kuu)? elo(kuuta|kuu)? syys(kuuta|kuu)? loka(kuuta|kuu)?"
    " marras(kuuta|kuu)? joulu(kuuta|kuu)?",
    "tr": "oca(k)? şub(at)? mar(t)? nis(an)? may(ıs)? haz(iran)? tem(muz)? ağu(stos)? eyl(ül)?"
    " eki(m)? kas(ım)? ara(lık)?",
    "el": "[ιί]αν(ουαρίου|ουάριος)? φεβ(ρ|ρουαρίου|ρουάριος)? μ[αά]ρ(τ|τίου|τιος)? απρ(ιλίου|ίλιος)?"
    " μ[αά][ιΐϊ](ος|ου)? ιο[υύ]ν(ίου|ιος)? ιο[υύ]λ(ίου|ιος)? α[υύ]γ(ούστου|ουστος)?"
    " σεπ(τ|τεμβρίου|τέμβριος)? οκτ(ωβρίου|ώβριος)? νο[εέ](μβρίου|μβριος)? δεκ(εμβρίου|έμβριος)?",
    "hr": "sij(ečanj|ečnja)? velj(ača|ače)? ožu(jak|jka)? tra(vanj|vnja)? svi(banj|bnja)?"
    " lip(anj|nja)? srp(anj|nja)? kol(ovoz|ovoza)? ruj(an|na)? lis(topada?)? stu(deni|denoga|denog)?"
    " pro(sinac|sinca)?",
}
_LAST: Final = ("hr",)
LANGUAGES: Final = tuple(language for language in _MONTHS if language not in _LAST)


@lru_cache(maxsize=32)
def _pattern(language: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(month.casefold()) for month in _MONTHS[language].split())


@cache
def _any_month() -> re.Pattern[str]:
    """All names at once: most words are none of them, and that is quick to tell."""
    return re.compile(
        "|".join(sorted({name for months in _MONTHS.values() for name in months.casefold().split()}))
    )


@lru_cache(maxsize=4096)
def month_number(word: str, languages: tuple[str, ...] = ()) -> int | None:
    """1–12 when the case-folded word is a month's name, asked in ``languages`` first."""
    if not 3 <= len(word) <= 16:  # noqa: PLR2004  # "май" to "septembriesque" and no essay
        return None
    if _any_month().fullmatch(word) is None:
        return None
    asked = [language for language in languages if language in _MONTHS]
    for language in (*asked, *(other for other in LANGUAGES if other not in asked)):
        for number, pattern in enumerate(_pattern(language), start=1):
            if pattern.fullmatch(word):
                return number
    return None
