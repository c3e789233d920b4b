"""Figures of the running service in the text format of Prometheus: docs/operate.md.

Jobs and sends are counted where the store writes them down, so nothing that counts stands in a handler; how
things are now is asked of the store at each scrape. No name, address, headline or secret is ever a label.
"""

from __future__ import annotations

from monitor.metrics.instruments import ServiceMetrics
from monitor.metrics.listener import MetricsListener
from monitor.metrics.observed_store import observed_store

__all__ = ["MetricsListener", "ServiceMetrics", "observed_store"]
