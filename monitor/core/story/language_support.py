"""What telling stories apart lacks in a language, said in words for ``monitor check``."""

from __future__ import annotations

from monitor.core.data.concept_table import LANGUAGES as IN_TABLE
from monitor.core.query.forms.stems import OWN_ENDINGS, STEMMERS


def lacking(language: str, *, vectors: bool) -> str:
    """What is not there for a language; "" when nothing is. ``vectors``: sentence vectors are used."""
    missing = []
    if language not in STEMMERS and language not in OWN_ENDINGS:
        missing.append("no word forms")
    if language not in IN_TABLE and not vectors:
        missing.append("stories across languages by names, numbers and international words only")
    return "; ".join(missing)
