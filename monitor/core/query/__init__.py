"""The query language: text → tree (``parse``), tree → text (``show``), ``check`` for its author."""

from __future__ import annotations

from monitor.core.query.complaints import pointer
from monitor.core.query.lint import check
from monitor.core.query.parse import QueryLint, parse
from monitor.core.query.show import show

__all__ = ["QueryLint", "check", "parse", "pointer", "show"]
