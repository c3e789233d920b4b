"""Elements of HTML by what they mean to a reader (HTML Living Standard, §4)."""

from __future__ import annotations

from typing import Final

UNREAD: Final = frozenset(
    """
    script style noscript svg iframe button select input textarea nav footer aside video audio template
    object embed canvas map math head link meta dialog label option picture img source figure figcaption
    """.split()  # noqa: SIM905  # a table to read
)
"""What stands in these is no running text."""
BLOCKS: Final = frozenset(
    """
    address article blockquote body br center dd details div dl dt fieldset form h1 h2 h3 h4 h5 h6 header
    hr li main ol p pre section summary table tbody td tfoot th thead tr ul
    """.split()  # noqa: SIM905  # a table to read
)
"""A text ends where one of these begins or ends."""
