"""Polish names that no dictionary lists: declension of nouns, surnames and places, written out.

Letters that soften before an ending are part of the ending (``t``, ``cie``). Words that the dictionary
knows do not come here.
"""

from __future__ import annotations

from monitor.core.loaded_once import loaded_once
from monitor.core.query.forms.paradigms import Paradigms, read, stems

_GROUPS = {
    "hard": "bpfwvmnsz",
    "soft": "czżljxś",
    "any": "aąbcćdeęfghijklłmnńoóprsśtuvwxyzźż",
}
_TABLE = """
    m       | hard     | - a u owi em ie y owie ów om ami ach
    m-d     | any      | d da du dowi dem dzie dy dowie dzi dów dom dami dach
    m-t     | any      | t ta tu towi tem cie ty towie ci tów tom tami tach
    m-r     | any      | r ra ru rowi rem rze ry rowie rzy rów rom rami rach
    m-ł     | any      | ł ła łu łowi łem le ły łowie li łów łom łami łach
    m-k     | any      | k ka ku kowi kiem ki kowie cy ków kom kami kach
    m-g     | any      | g ga gu gowi giem gi gowie dzy gów gom gami gach
    m-h     | any      | h ha hu howi hem hy howie hów hom hami hach
    m-ch    | any      | ch cha chu chowi chem chy chowie si chów chom chami chach
    m-soft  | soft     | - a u owi em e y i owie ów om ami ach
    m-ń     | any      | ń nia niu niowi niem nie ni niów niom niami niach
    m-eń    | any      | eń ień nia niu niowi niem nie ni niów niom niami niach
    m-ś     | any      | ś sia siu siowi siem sie si siów siom siami siach
    m-ć     | any      | ć cia ciu ciowi ciem cie ci ciów ciom ciami ciach
    m-dź    | any      | dź dzia dziu dziowi dziem dzie dzi dziów dziom dziami dziach
    m-ec    | any      | ec iec ca cu cowi cem cze cy ce ców com cami cach
    m-ek    | any      | ek iek ka ku kowi kiem ki kowie ków kom kami kach
    m-el    | any      | el iel la lu lowi lem le lowie lów lom lami lach
    m-er    | any      | er ra ru rowi rem rze ry rowie rów rom rami rach
    m-y     | any      | y yego yemu ym yowi yem
    m-i     | any      | i iego iemu im
    m-e     | any      | e ego emu em
    f       | hard     | a y ie ę ą o om ami ach
    f-d     | any      | da dy dzie dę dą do dom dami dach
    f-t     | any      | ta ty cie tę tą to tom tami tach
    f-r     | any      | ra ry rze rę rą ro rom rami rach
    f-ł     | any      | ła ły le łę łą ło łom łami łach
    f-k     | any      | ka ki ce kę ką ko kom kami kach
    f-g     | any      | ga gi dze gę gą go gom gami gach
    f-h     | any      | ha hy że hę hą ho hom hami hach
    f-ch    | any      | cha chy sze chę chą cho chom chami chach
    f-soft  | soft     | a i y ę ą o om ami ach
    f-ia    | any      | ia ii i ię ią io iom iami iach
    n       | any      | o a u em ie om ami ach
    n-e     | any      | e a u em om ami ach
    adj     | any      | y ego emu ym a ej ą e ych ymi
    adj-k   | k g      | i iego iemu im a iej ą ie ich imi
    adj-cy  | any      | ki cy kich kim kimi
"""


@loaded_once
def _paradigms() -> Paradigms:
    return read(_TABLE, _GROUPS)


def forms_pl(word: str) -> frozenset[str]:
    """Keys of a folded Polish word."""
    return frozenset(stems(word, _paradigms()))
