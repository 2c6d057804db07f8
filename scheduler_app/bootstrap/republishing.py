"""`republish`: every client's feed, by several processes, going on where it was interrupted."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from scheduler_app.bootstrap.configuration import now
from scheduler_app.bootstrap.house import House, open_house, opened
from scheduler_app.errors import Unavailable
from scheduler_app.flow.republish import publish_together, texts_of, together
from scheduler_app.settings import Settings

Batch = Sequence[str]
Tell = Callable[[int, int], None]

_houses: list[House] = []  # in a process of the pool: the one it opened


@dataclass(frozen=True, slots=True)
class Republished:
    """How many clients were looked at, and how many feeds said something else than before."""

    clients: int
    written: int
    went_on: bool


@dataclass(frozen=True, slots=True)
class _Position:
    """How far a run has come, in a file beside the database: worth nothing for a run with other texts."""

    path: Path
    texts: str

    def read(self) -> str:
        try:
            held = json.loads(self.path.read_text(encoding="utf-8"))
            return str(held["after"]) if held["texts"] == self.texts else ""
        except (OSError, ValueError, KeyError, TypeError):
            return ""

    def keep(self, after: str) -> None:
        fresh = self.path.with_suffix(".new")
        fresh.write_text(json.dumps({"texts": self.texts, "after": after}), encoding="utf-8")
        fresh.replace(self.path)


def republish(settings: Settings, processes: int, tell: Tell, *, anew: bool = False) -> Republished:
    """Bring every client's feed up to date. tell: how many of how many are done, after each batch.

    An interrupted run goes on where it stopped, unless the texts changed again. Raises BadConfig,
    Invalid, Unavailable.
    """
    with opened(settings) as house:
        position = _Position(settings.data / "republishing.json", texts_of(house.press))
        after = "" if anew else position.read()
        with house.store.reading() as tx:
            everybody = list(tx.clients.refs())
        before = len([ref for ref in everybody if ref <= after])
        done, written = before, 0
        with _published(house, settings, processes, together(house.store, after)) as results:
            for last, size, changed in results:
                done, written = done + size, written + changed
                position.keep(last)
                tell(done, max(len(everybody), done))
        position.path.unlink(missing_ok=True)
        return Republished(done - before, written, bool(after))


@contextmanager
def _published(
    house: House, settings: Settings, processes: int, batches: Iterator[Batch]
) -> Iterator[Iterator[tuple[str, int, int]]]:
    """The last ref, the size and the changes of each batch, in their order."""
    if processes == 1:
        yield (_publish(house, batch) for batch in batches)
        return
    # spawned: a forked copy would share the database's connections
    with get_context("spawn").Pool(processes, _open, (settings,)) as pool:
        yield pool.imap(_publish_here, batches)


def _publish(house: House, batch: Batch) -> tuple[str, int, int]:
    return batch[-1], len(batch), publish_together(house.store, house.press, batch, now())


def _open(settings: Settings) -> None:
    _houses.append(open_house(settings))


def _publish_here(batch: Batch) -> tuple[str, int, int]:
    if not _houses:
        raise Unavailable("the database could not be opened")
    return _publish(_houses[0], batch)
