"""Where articles belong."""

from __future__ import annotations

from datetime import timedelta

from monitor.core.story.place import place
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
