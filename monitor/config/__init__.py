"""From the operator's files to a rulebook, with every mistake named by file, line and column."""

from monitor.config.apart import in_a_fork
from monitor.config.environment import variables
from monitor.config.exchange.additions import Additions, Passed, additions, as_written, file_named, write
from monitor.config.exchange.csv import read_csv, write_csv
from monitor.config.exchange.opml import read_opml, write_opml
from monitor.config.kept import KeptRules, read_kept, restored, written
from monitor.config.load import Loaded, check, examined, load, readable
from monitor.config.models.schemas import schemas
from monitor.config.validate.shared_names import SharedNames
from monitor.config.watch import stamps, watch
from monitor.config.write import put, remove

__all__ = [
    "Additions",
    "KeptRules",
    "Loaded",
    "Passed",
    "SharedNames",
    "additions",
    "as_written",
    "check",
    "examined",
    "file_named",
    "in_a_fork",
    "load",
    "put",
    "read_csv",
    "read_kept",
    "read_opml",
    "readable",
    "remove",
    "restored",
    "schemas",
    "stamps",
    "variables",
    "watch",
    "write",
    "write_csv",
    "write_opml",
    "written",
]
