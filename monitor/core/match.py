"""Step 6: which topics an article matches."""

from __future__ import annotations

from dataclasses import replace

from monitor.core.rulebook import Rulebook
from monitor.model import ArchivedArticle, Article, Match, MatchText


def match(article: Article, rulebook: Rulebook) -> tuple[Match, ...]:
    """The article's matches, stamped with the rulebook's revision."""
    found = rulebook.matcher.match(match_text(article))
    return tuple(replace(each, rulebook=rulebook.revision) for each in found)


def match_text(article: Article | ArchivedArticle) -> MatchText:
    """What a query sees of an article."""
    return MatchText(
        title=article.title,
        body=article.text,
        url=article.canonical_url or article.url,
        author=", ".join(article.authors),
        source=article.source_name or article.site,
        source_id=article.source_id,
        tier=article.tier,
        language=article.language,
        country=article.country,
    )
