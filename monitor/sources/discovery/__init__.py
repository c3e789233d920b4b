"""Which addresses of a site list its news: feeds, sitemaps, pages of headlines, best first."""

from monitor.sources.discovery.records import Discovery, SourceCandidate, Tried
from monitor.sources.discovery.walk import discover

__all__ = ["Discovery", "SourceCandidate", "Tried", "discover"]
