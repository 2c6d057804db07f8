"""`make bench`: every promise about speed and size, one table, ratios inside this run.

`python -m tests.bench judging serving` runs some of them.
"""

import sys
from collections.abc import Callable, Iterable
from importlib import import_module

from tests.bench.rows import HEAD, Row

PARTS = (
    "judging",
    "checking",
    "auditing",
    "reading",
    "feed",
    "publishing",
    "serving",
    "deliveries",
    "answering",
    "polling",
    "push",
)


def main(names: list[str]) -> None:
    """Run the parts named, or all; print each row as soon as it is known."""
    if {"-h", "--help"}.intersection(names):
        print(__doc__ + "\nThe parts: " + ", ".join(PARTS))
        return
    unknown = [name for name in names if name not in PARTS]
    if unknown:
        sys.exit(f"no such part: {', '.join(unknown)}; there are {', '.join(PARTS)}")
    print(HEAD)
    missed = 0
    for name in names or PARTS:
        print(f"… {name}", file=sys.stderr)
        rows: Callable[[], Iterable[Row]] = import_module(f"tests.bench.{name}").rows
        for row in rows():
            print(row, flush=True)
            missed += not row.kept
    print(f"{missed} missed" if missed else "all kept")


if __name__ == "__main__":
    main(sys.argv[1:])
