"""A worker that dies whenever it asks for a page whose address ends with a word.

python poisoned_worker.py CONFIG WORD
"""

from __future__ import annotations

import logging
import os
import signal
import sys
from pathlib import Path

from monitor.app import Worker, serve
from monitor.http import HttpFetcher
from monitor.logs import configure
from monitor.model import Fetched, FetchRequest, NotModified


def main(config: str, word: str) -> None:
    """Run it."""
    asked = HttpFetcher.__call__

    def deadly(self: HttpFetcher, request: FetchRequest) -> Fetched | NotModified:
        if request.url.endswith(word):
            os.kill(os.getpid(), signal.SIGKILL)
        return asked(self, request)

    HttpFetcher.__call__ = deadly  # type: ignore[method-assign]
    configure(level=logging.CRITICAL, json_lines=True)
    serve(Worker(Path(config), roles=("fetch", "process")))


if __name__ == "__main__":
    main(*sys.argv[1:])
