"""Where articles belong."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

from monitor.core.story.place import needs_candidates, opens, place
from monitor.model import Placement
from tests.support.records import NOW, article, fingerprint, neighbour


def test_an_article_without_neighbours_opens_a_story_named_after_it() -> None:
    placement = place(article(), ())
    assert (placement.verdict, placement.article_id, placement.story_id) == ("new", "a1", "sa1")


def test_the_same_address_with_the_same_text_is_known() -> None:
    stored = neighbour(article_id="a1", story_id="s9", shared=frozenset({"url", "text", "headline"}))
    assert place(article(), (stored,)).verdict == "known"


def test_the_same_address_with_another_text_is_a_revision_of_the_stored_article() -> None:
    stored = neighbour(article_id="a1", story_id="s9", shared=frozenset({"url"}), text_key="old")
    placement = place(article(), (stored,))
    assert (placement.verdict, placement.article_id, placement.story_id) == ("revision", "a1", "s9")


def test_a_changed_headline_alone_is_a_revision() -> None:
    stored = neighbour(article_id="a1", shared=frozenset({"url", "text"}), headline_key="old")
    assert place(article(), (stored,)).verdict == "revision"


def test_an_emptied_page_does_not_overwrite_what_was_read() -> None:
    stored = neighbour(article_id="a1", shared=frozenset({"url"}))
    stub = article(fingerprint=fingerprint(text_key="", headline_key=""))
    assert place(stub, (stored,)).verdict == "known"


def test_the_same_text_elsewhere_is_a_copy_of_the_earliest() -> None:
    late = neighbour(article_id="n2", story_id="s1", seen_at=NOW, copy_of="n1")
    first = neighbour(article_id="n1", story_id="s1", seen_at=NOW - timedelta(hours=1))
    placement = place(article(), (late, first))
    assert (placement.verdict, placement.copy_of, placement.story_id) == ("copy", "n1", "s1")
    assert placement.article_id == "a1"


def test_a_copy_of_a_copy_names_the_original() -> None:
    stored = neighbour(article_id="n2", copy_of="n1")
    assert place(article(), (stored,)).copy_of == "n1"


def test_the_same_headline_and_lead_is_a_copy() -> None:
    stored = neighbour(shared=frozenset({"headline"}), text_key="other")
    assert place(article(), (stored,)).verdict == "copy"


def test_a_moved_article_keeps_its_identity_by_guid_and_text() -> None:
    stored = neighbour(article_id="old", source_id="herald", shared=frozenset({"guid", "text"}))
    placement = place(article(), (stored,))
    assert (placement.verdict, placement.article_id) == ("known", "old")


def test_a_repeated_guid_alone_proves_nothing() -> None:
    stored = neighbour(source_id="herald", shared=frozenset({"guid"}), text_key="x", headline_key="y")
    assert place(article(), (stored,)).verdict == "new"


def test_of_two_readings_of_an_address_the_older_is_the_article() -> None:
    old = neighbour(
        article_id="old", shared=frozenset({"url"}), seen_at=NOW - timedelta(hours=2), text_key="x"
    )
    new = neighbour(
        article_id="new", shared=frozenset({"url"}), seen_at=NOW - timedelta(hours=1), text_key="x"
    )
    assert place(article(), (new, old)).article_id == "old"
    assert place(article(), (old, new)).article_id == "old"


def test_a_guid_counts_only_within_its_source_and_after_the_address() -> None:
    foreign = neighbour(article_id="n", source_id="other", shared=frozenset({"guid", "text"}))
    assert place(article(), (foreign,)).verdict == "copy"
    own = neighbour(article_id="g", source_id="herald", shared=frozenset({"guid", "headline"}), text_key="x")
    assert place(article(), (own,)).verdict == "revision"
    by_url = neighbour(article_id="u", shared=frozenset({"url"}), seen_at=NOW + timedelta(hours=1))
    assert place(article(), (own, by_url)).article_id == "u"


def test_what_is_known_keeps_whose_copy_it_is() -> None:
    stored = neighbour(article_id="a1", shared=frozenset({"url"}), copy_of="n0", story_id="s7")
    found = place(article(), (stored,))
    assert (found.verdict, found.copy_of, found.story_id) == ("known", "n0", "s7")
    assert found.reason == "same article, nothing changed"
    changed = place(article(), (neighbour(shared=frozenset({"url"}), text_key="x"),))
    assert changed.reason == "same article, its text or headline changed"


def test_a_stub_with_a_line_above_its_lead_is_still_a_copy_by_its_headline() -> None:
    stub = dataclasses.replace(article(), text="By our own reporter in Minsk\nThe envoy met the president.")
    assert place(stub, (neighbour(shared=frozenset({"headline"})),)).verdict == "copy"


def test_only_what_no_key_decides_needs_candidates_and_only_a_new_story_is_opened() -> None:
    assert needs_candidates(article(), ())
    assert needs_candidates(article(), (neighbour(shared=frozenset({"guid"})),))
    assert not needs_candidates(article(), (neighbour(shared=frozenset({"url"})),))
    assert not needs_candidates(article(), (neighbour(shared=frozenset({"headline"})),))
    with_a_line = dataclasses.replace(article(), text=f"The envoy has died in Minsk.\n{article().text}")
    assert needs_candidates(with_a_line, (neighbour(shared=frozenset({"headline"})),))
    assert opens(place(article(), ()))
    assert not opens(place(article(), (neighbour(),)))
    assert not opens(Placement(verdict="new", article_id="a1", story_id="sother"))
    assert not opens(Placement(verdict="revision", article_id="a1", story_id="sa1"))


def test_a_stub_with_one_key_is_no_stub() -> None:
    stored = neighbour(article_id="a1", shared=frozenset({"url"}))
    for keys in ({"text_key": "", "headline_key": "new"}, {"text_key": "new", "headline_key": ""}):
        assert place(article(fingerprint=fingerprint(**keys)), (stored,)).verdict == "revision"
