"""From the operator's files to a rulebook, with every mistake named by file, line and column."""

from monitor.config.editing import put, remove
from monitor.config.environment import variables
from monitor.config.loading import Loaded, check, load
from monitor.config.schema import schemas
from monitor.config.shared import Shared
from monitor.config.watching import watch

__all__ = ["Loaded", "Shared", "check", "load", "put", "remove", "schemas", "variables", "watch"]
