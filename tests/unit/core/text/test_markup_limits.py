"""Tags are cut after 200 attributes, whatever their quotes hold; real markup is left as it is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from monitor.core.page.tree import tree_of
from monitor.core.text.clean import plain
from monitor.core.text.markup_limits import MAX_ATTRIBUTES, few_attributes

TEXT = "The council bought trams."
FLOODS: dict[str, Callable[[int], str]] = {
    "bare": lambda n: f"a{n} ",
    "valued": lambda n: f"a{n}=1 ",
    "spaced": lambda n: f"a{n} = 'x' ",
    "quoted end": lambda n: f'a{n}=">" ',
    "single-quoted end": lambda n: f"a{n}='>' ",
    "both quotes": lambda n: f"a{n}='\">' b{n}=\"'>\" ",
    "no blank": lambda n: f"a{n}='>'",
    "slashes": lambda n: f"a{n}/",
    "like tags": lambda n: f"<a{n} ",
    "with text": lambda n: f"a{n}='two words > {n}' ",
}


@pytest.mark.parametrize("flood", FLOODS.values(), ids=FLOODS)
def test_a_flood_of_attributes_is_cut_and_the_text_behind_it_stays(flood: Callable[[int], str]) -> None:
    page = f"<html><body><div {''.join(map(flood, range(20_000)))}><p>{TEXT}</p></div></body></html>"
    cut = few_attributes(page)
    assert len(cut) < len(page) / 20
    tree = tree_of(cut)
    assert tree is not None
    assert max(len(element.attrib) for element in tree.iter(etree.Element)) <= MAX_ATTRIBUTES
    assert TEXT in "".join(tree.itertext())
    assert TEXT in plain(page), "what feeds carry is cut, too"


@pytest.mark.parametrize(
    "page",
    [
        f"<div data-page='{'{x: [1 > 0]} ' * 5_000}'><p>{TEXT}</p></div>",
        f'<img src="data:image/png;base64,{"A" * 50_000}"><p>{TEXT}</p>',
        f"<p>{TEXT * 5_000} 3 < 4 and 5 > 4</p>",
        f"<!-- {'a b c ' * 5_000} --><p>{TEXT}</p>",
        f"<p title=it's>{TEXT}</p><p title='\"'>{TEXT}</p>" * 5_000,
        f"<div {' '.join(f'a{n}=1' for n in range(MAX_ATTRIBUTES))}>{TEXT}</div>" * 200,
    ],
)
def test_real_markup_is_left_as_it_is(page: str) -> None:
    assert few_attributes(page) == page


@given(st.text(alphabet="<>ab=\"'/ \n", max_size=300), st.integers(0, 3))
def test_short_tags_are_never_touched(text: str, times: int) -> None:
    page = text + f"<p>{TEXT}</p>" * times
    assert few_attributes(page) == page
