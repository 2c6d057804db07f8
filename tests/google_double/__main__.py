"""`python -m tests.google_double --port 0`: the double as a process, in real time; prints its address."""

import argparse
import json
import signal
import threading
from datetime import UTC, datetime
from pathlib import Path

from tests.google_double.calls import Quirks
from tests.google_double.double import GoogleDouble


def main() -> None:
    """Serve until told to stop. Controls: POST /_control/<name>."""
    parser = argparse.ArgumentParser(prog="python -m tests.google_double")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--insecure-hooks", action="store_true", help="watch takes http addresses")
    parser.add_argument("--unchecked", action="store_true", help="do not hold answers to the schemas")
    parser.add_argument("--seed", nargs=2, action="append", default=[], metavar=("CALENDAR", "JSONL"))
    given = parser.parse_args()
    quirks = Quirks(
        https_only=not given.insecure_hooks,
        check_responses=not given.unchecked,
        push_backoff=(1.0, 2.0, 4.0),
    )
    with GoogleDouble(given.port, quirks) as double:
        double.clock.follow(lambda: datetime.now(UTC))  # noqa: TID251 - a process lives in real time
        for calendar, path in given.seed:
            with Path(path).open() as lines:
                double.seed(calendar, map(json.loads, lines))
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        print(double.address, flush=True)  # noqa: T201 - whoever started it reads this line
        stop.wait()


if __name__ == "__main__":
    main()
