"""From the operator's files to a rulebook, with every mistake named by file, line and column."""

from monitor.config.adding import Additions, Passed, additions, as_written, file_named, write
from monitor.config.editing import put, remove
from monitor.config.environment import variables
from monitor.config.loading import Loaded, check, load
from monitor.config.opml import read_opml, write_opml
from monitor.config.schema import schemas
from monitor.config.shared import Shared
from monitor.config.sheets import read_csv, write_csv
from monitor.config.watching import watch

__all__ = [
    "Additions",
    "Loaded",
    "Passed",
    "Shared",
    "additions",
    "as_written",
    "check",
    "file_named",
    "load",
    "put",
    "read_csv",
    "read_opml",
    "remove",
    "schemas",
    "variables",
    "watch",
    "write",
    "write_csv",
    "write_opml",
]
