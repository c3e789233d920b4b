"""Lithuanian nouns and names: the five declensions written out, foreign surnames among them.

The stemmer covers the language but also joins names to words that only look alike (*Alytus*, *alaus*).
"""

from __future__ import annotations

from monitor.core.loaded_once import loaded_once
from monitor.core.query.forms.paradigms import Paradigms, read, stems

_GROUPS = {"any": "aąbcčdeęėfghiįyjklmnopqrsštuųūvwxzž"}
_TABLE = """
    m-as    | any | as o ui ą u e ai ams ais us uose ų
    m-ias   | any | ias io iui ią iu yje y iai iams iais ius iuose ių
    m-is    | any | is ys io iui į iu yje i y iai iams iais ius iuose ių
    m-jis   | j   | is o ui į u yje i ai ams ais us uose ų
    m-tis   | any | tis tys čio čiui tį čiu tyje ti ty čiai čiams čiais čius čiuose čių
    m-dis   | any | dis dys džio džiui dį džiu dyje di dy džiai džiams džiais džius džiuose džių
    m-us    | any | us aus ui ų umi uje au ūs ums umis uose
    m-ius   | any | ius iaus iui ių iumi iuje iau iai iams iais iuose
    f-a     | any | a os ai ą oje o ų oms as omis ose
    f-ia    | any | ia ios iai ią ioje ių ioms ias iomis iose
    f-ė     | any | ė ės ei ę e ėje ių ėms es ėmis ėse
    f-tė    | any | tė tės tei tę te tėje čių tėms tes tėmis tėse
    f-dė    | any | dė dės dei dę de dėje džių dėms des dėmis dėse
    f-is    | any | is ies iai į imi yje ie ys ių ims imis yse
    f-is-s  | any | is s iai į imi yje ie ys ų ims imis yse
    m-uo    | any | uo ens eniui enį eniu enyje enie enys enų enims enis enimis enyse
    adj-as  | any | as o am ą u ame i ų iems us ais uose a os ai oje oms omis ose {definite}
    adj-us  | any | us aus iam ų iu iame ūs ių iems ius iais iuose i ios iai ią ioje ioms ias iomis iose
    adj-is  | any | is io iam į iu iame i ių iems ius iais iuose ė ės ei ę e ėje ėms es ėmis ėse
"""
# A definite adjective: the ending and the pronoun (viešas, viešojo).
_DEFINITE = "asis ojo ajam ąjį uoju ajame ieji ųjų iesiems uosius aisiais uosiuose oji osios ąją ąja ojoje"
_IRREGULAR = """
    žmogus žmogaus žmogui žmogų žmogumi žmoguje žmonės žmonių žmonėms žmones žmonėmis žmonėse
    mėnuo mėnesio mėnesiui mėnesį mėnesiu mėnesyje mėnesiai mėnesių mėnesiams mėnesius mėnesiais mėnesiuose
    šuo šuns šuniui šunį šunimi šunyje šunys šunų šunims šunis šunimis
    duktė dukters dukteriai dukterį dukteria dukterys dukterų dukterims dukteris dukterimis
    sesuo sesers seseriai seserį seseria seserys seserų seserims seseris seserimis
    pats paties pačiam patį pačiu pačiame pati pačios pačiai pačią
"""
"""Nouns of several stems."""


@loaded_once
def _paradigms() -> Paradigms:
    return read(_TABLE.format(definite=f"{_DEFINITE} osioms ąsias osiomis osiose"), _GROUPS)


@loaded_once
def _irregular() -> dict[str, str]:
    rows = (row.split() for row in _IRREGULAR.strip().splitlines())
    return {word: f"irr:{row[0]}" for row in rows for word in row}


def forms_lt(word: str) -> frozenset[str]:
    """Keys of a folded Lithuanian word."""
    irregular = _irregular().get(word)
    found = stems(word, _paradigms())
    return frozenset((*found, irregular)) if irregular else frozenset(found)
