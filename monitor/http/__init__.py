"""The polite, bounded fetcher: one GET that cannot hang, swell or wander into private networks."""

from monitor.http.dial import Network
from monitor.http.fetcher import HttpFetcher
from monitor.http.offline import OfflineDetector
from monitor.http.robots_fetcher import RobotsFetcher

__all__ = ["HttpFetcher", "Network", "OfflineDetector", "RobotsFetcher"]
