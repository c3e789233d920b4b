"""The query language: text → tree (``parse``), tree → text (``show``), ``check`` for its author."""

from __future__ import annotations

from monitor.core.query.syntax.diagnostics import pointer
from monitor.core.query.syntax.lint import check
from monitor.core.query.syntax.parse import QueryLint, parse
from monitor.core.query.syntax.show import show

__all__ = ["QueryLint", "check", "parse", "pointer", "show"]
