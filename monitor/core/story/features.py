"""All marks of an article at once."""

from __future__ import annotations

from monitor.core.story.claims import claims_of
from monitor.core.story.embeddings import Embedder, vector_of
from monitor.core.story.novelty import facts_of
from monitor.core.story.syndication import credit_of
from monitor.core.story.terms import terms_of
from monitor.core.story.winnowing import print_of
from monitor.model import Article, Features


def features_of(article: Article, embed: Embedder | None = None) -> Features:
    """What later articles will be compared with, made from the article's words alone.

    ``embed`` adds a vector (``core.story.embeddings``).
    """
    return Features(
        print=print_of(article.title, article.text),
        claims=claims_of(article),
        terms=terms_of(article.title, article.text, article.language),
        facts=facts_of(article.title, article.text, language=article.language, tier=article.tier),
        credit=credit_of(article.text, article.authors),
        vector=vector_of(article.title, article.text, embed),
    )
