"""Which addresses of a site list its news: feeds, sitemaps, pages of headlines, best first."""

from monitor.sources.discovery.records import Candidate, Discovery, Tried
from monitor.sources.discovery.walk import discover

__all__ = ["Candidate", "Discovery", "Tried", "discover"]
