"""The first look: a page without a word of any topic is noted as seen and not extracted."""

from __future__ import annotations

from monitor.core.page.tree import decode, without_scripts
from monitor.core.rulebook import Rulebook
from monitor.core.text.clean import plain
from monitor.jobs.fetch_page import page_body
from monitor.jobs.further_pages import goes_on
from monitor.model import Entry, Fetched, MatchText, NotModified, Seen, Source


def worth_extracting(
    entry: Entry, source: Source, answer: Fetched | NotModified, rulebook: Rulebook, *, was_read: bool
) -> bool:
    """False when nothing that extraction could find in the page would match any topic.

    A page that was read before (``was_read``) is always extracted: that a word is gone may be the news.
    """
    if was_read or isinstance(answer, NotModified) or not rulebook.settings.reading.first_look:
        return True
    further = (entry.title, entry.summary, plain(entry.content), *entry.authors)
    page = without_scripts(decode(page_body(answer.body), charset=answer.charset))
    about = MatchText(
        source=source.name,
        source_id=source.id,
        tier=source.tier,
        country=source.country,
        language=source.language,
    )
    if rulebook.matcher.could_match(page, source=about, further=further):
        return True
    return bool(rulebook.settings.reading.next_pages) and goes_on(page, answer.url)


def only_seen(entry: Entry, rulebook: Rulebook) -> Seen:
    """The note that is kept instead of an article."""
    return Seen(
        entry_id=entry.id,
        reason="its page holds no word of any topic; it was not extracted",
        trace={"verdict": "seen", "rulebook": rulebook.revision, "late": entry.late},
    )
