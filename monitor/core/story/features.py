"""All features of an article at once, and which of them a language does not have."""

from __future__ import annotations

from monitor.core.data.concept_table import LANGUAGES as IN_TABLE
from monitor.core.query.forms.stems import OWN_ENDINGS, STEMMERS
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


def lacking(language: str, *, vectors: bool) -> str:
    """What is not there for a language; "" when nothing is. ``vectors``: sentence vectors are used."""
    missing = []
    if language not in STEMMERS and language not in OWN_ENDINGS:
        missing.append("no word forms")
    if language not in IN_TABLE and not vectors:
        missing.append("stories across languages by names, numbers and international words only")
    return "; ".join(missing)
