"""Czech names that no dictionary lists: declension of nouns, surnames and places, written out."""

from __future__ import annotations

from monitor.core.loaded_once import loaded_once
from monitor.core.query.forms.paradigms import Paradigms, read, stems

_GROUPS = {
    "hard": "bdfghklmnprstvwxz",
    "plain": "bdflmnpstvwxz",
    "soft": "cčďjlňřsšťžxz",
    "any": "aábcčdďeéěfghiíjklmnňoópqrřsštťuúůvwxyýzž",
}
_TABLE = """
    m       | hard     | - a u ovi em e ě y i ové ů ům ech
    m-k     | any      | k ka ku kovi kem ky ci kové ků kům cích
    m-h     | any      | h ha hu hovi hem hy zi hové hů hům zích
    m-ch    | any      | ch cha chu chovi chem chy ši chové chů chům ších
    m-soft  | soft     | - e i ovi em ové ů ům ích
    m-ec    | any      | ec ce ci covi cem cové ců cům cích
    m-ek    | any      | ek ka ku kovi kem ky kové ků kům cích
    m-el    | any      | el la le lu lovi lem ly li lové lů lům lech
    m-a     | any      | a y ovi u o ou ové ů ům
    m-e     | any      | e eho emu em ovi
    m-i     | iyí      | - ho mu m ové
    f       | plain    | a y ě e u o ou ám ách ami
    f-r     | any      | ra ry ře ru ro rou rám rách rami
    f-k     | any      | ka ky ce ku ko kou kám kách kami
    f-g     | any      | ga gy ze gu go gou gám gách gami
    f-h     | any      | ha hy ze hu ho hou hám hách hami
    f-ch    | any      | cha chy še chu cho chou chám chách chami
    f-ia    | any      | ia ie ii iu ií io iou
    f-e     | any      | e ě i í ím ích emi ěmi
    n       | any      | o a u em ě e ům ech
    n-k     | any      | ko ka ku kem kách kům
    n-um    | any      | um a u em
    adj     | any      | ý ého ému ým ém á é ou ých ými í
    adj-fem | any      | á é ou ých ým ými
"""


@loaded_once
def _paradigms() -> Paradigms:
    return read(_TABLE, _GROUPS)


def forms_cs(word: str) -> frozenset[str]:
    """Keys of a folded Czech word."""
    return frozenset(stems(word, _paradigms()))
