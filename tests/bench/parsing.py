"""The peer of a first sync: msgspec parsing the same pages and doing nothing else, in turns with it.

A shared machine halves its speed for seconds at a time. Whoever is measured in such seconds alone looks
slow; a peer that takes a turn every quarter of a second meets them as often.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle, islice
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

import msgspec

from integrations.google_calendar.moments import Home
from integrations.google_calendar.pages import reading_of
from scheduler_app.bootstrap.serving import stay_loaded
from tests.bench.google_events import PAGE, read_pages

FIRST, A_TURN = 40, 40  # pages; the first do not count: by then it is as warm as in a loop of its own
Turns = list[tuple[float, float]]  # microseconds an event: to plain dicts, and to events of ours


def mapped(content: bytes) -> object:
    """The events of a page: parsed by msgspec, and every field where it belongs."""
    return reading_of(content, Home()).events


def parse(file: str, asked: Connection) -> None:
    """A turn whenever asked, until the asking ends; then what the turns took."""
    stay_loaded()
    pages = cycle(read_pages(Path(file)))
    took: Turns = []
    while asked.recv():
        some = [*islice(pages, FIRST + A_TURN)]
        took.append((_each(msgspec.json.decode, some), _each(mapped, some)))
        asked.send(True)
    asked.send(took)


def _each(parsing: Callable[[bytes], object], pages: Sequence[bytes]) -> float:
    for content in pages[:FIRST]:
        parsing(content)
    began = time.process_time()
    for content in pages[FIRST:]:
        parsing(content)
    return (time.process_time() - began) / (PAGE * A_TURN) * 1e6


@contextmanager
def in_turns(file: Path) -> Iterator[tuple[Callable[[], None], Callable[[], Turns]]]:
    """What lets the peer, a process of its own, have a turn and waits for it; and what all turns took."""
    context = get_context("spawn")
    asking, asked = context.Pipe()
    peer = context.Process(target=parse, args=(str(file), asked), daemon=True)
    peer.start()
    asked.close()

    def turn() -> None:
        asking.send(True)
        asking.recv()

    def over() -> Turns:
        asking.send(False)
        took: Turns = asking.recv()
        peer.join()
        return took

    yield turn, over
