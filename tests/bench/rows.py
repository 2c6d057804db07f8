"""A row of the table, and how two things are timed side by side."""

import gc
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Row:
    """One promise. ratio is ours against the peer; kept when it is at least (or, most, at most) limit."""

    what: str
    ours: str
    peer: str
    ratio: float
    limit: float
    most: bool = False
    note: str = ""

    @property
    def kept(self) -> bool:
        """Whether the promise holds in this run."""
        return self.ratio <= self.limit if self.most else self.ratio >= self.limit

    def __str__(self) -> str:
        bound = f"{'<=' if self.most else '>='} {self.limit:g}"
        verdict = "kept" if self.kept else "MISSED"
        note = f"  ({self.note})" if self.note else ""
        ratio = f"{self.ratio:.{3 if self.limit < 0.1 else 2}f}"
        return f"{self.what:<58} {self.ours:>16} {self.peer:>26} {ratio:>9} {bound:>9}  {verdict}{note}"


HEAD = f"{'what':<58} {'ours':>16} {'peer or limit':>26} {'ratio':>9} {'promise':>9}"


def side_by_side(parts: Sequence[Callable[[], object]], calls: int, rounds: int = 15) -> list[float]:
    """Median seconds a call of each part, the parts taking turns so that a slow minute hits all alike."""
    times: list[list[float]] = [[] for _ in parts]
    for part in parts:
        part()
    gc.collect()
    gc.disable()
    try:
        for _ in range(rounds):
            for index, part in enumerate(parts):
                began = time.perf_counter()
                for _ in range(calls):
                    part()
                times[index].append((time.perf_counter() - began) / calls)
    finally:
        gc.enable()
    return [median(taken) for taken in times]


def per_call(seconds: float) -> str:
    """Seconds as people read them."""
    return f"{seconds * 1e6:.1f} us" if seconds < 1e-3 else f"{seconds * 1e3:.2f} ms"
