"""Exit 0 when the process in this container answers, its store does, and something was written lately.

It asks for the figures, which are served anyway, instead of starting a second `monitor` each minute.
"""

from __future__ import annotations

import os
import sys
import urllib.request

LONGEST_SILENCE_S = 120.0
UP, AGE = "monitor_store_up", "monitor_heartbeat_age_seconds"


def main() -> int:
    """Ask, and say what is wrong."""
    port = os.environ.get("MONITOR_METRICS_LISTEN", "127.0.0.1:9484").rpartition(":")[2]
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=8) as answer:
            lines = answer.read(5_000_000).decode().splitlines()
    except OSError as error:
        print(f"the figures are not served: {error}")
        return 1
    found = dict(line.rsplit(" ", 1) for line in lines if line.partition(" ")[0] in {UP, AGE})
    up, age_s = float(found.get(UP, 0)), float(found.get(AGE, "inf"))
    if up == 1 and age_s < LONGEST_SILENCE_S:
        return 0
    print("the store does not answer" if up != 1 else f"nothing was written for {age_s:.0f} s")
    return 1


if __name__ == "__main__":
    sys.exit(main())
