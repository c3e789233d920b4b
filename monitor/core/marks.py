"""All marks of an article at once."""

from __future__ import annotations

from monitor.core.claims import claims_of
from monitor.core.news import facts_of
from monitor.core.prints import print_of
from monitor.core.semantic import Embedder, vector_of
from monitor.core.syndication import credit_of
from monitor.core.terms import terms_of
from monitor.model import Article, Marks


def marks_of(article: Article, embed: Embedder | None = None) -> Marks:
    """What later articles will be compared with, made from the article's words alone.

    ``embed`` adds a vector (``core.semantic``).
    """
    return Marks(
        print=print_of(article.title, article.text),
        claims=claims_of(article),
        terms=terms_of(article.title, article.text, article.language),
        facts=facts_of(article.title, article.text, language=article.language, tier=article.tier),
        credit=credit_of(article.text, article.authors),
        vector=vector_of(article.title, article.text, embed),
    )
