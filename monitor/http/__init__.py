"""The polite, bounded fetcher: one GET that cannot hang, swell or wander into private networks."""

from monitor.http.connected import ConnectedFetcher
from monitor.http.fetcher import PoliteFetcher
from monitor.http.obedient import ObedientFetcher
from monitor.http.wire import Network

__all__ = ["ConnectedFetcher", "Network", "ObedientFetcher", "PoliteFetcher"]
