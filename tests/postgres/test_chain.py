"""A chain: two web processes and two workers, each with a data folder of its own, on one PostgreSQL."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from scheduler_app.domain.tokens import token
from scheduler_app.store import SqlStore
from tests.system.running import Service

pytestmark = pytest.mark.system

KEY = "one-key-of-the-chain-the-same-on-every-machine"
NAMES = ["Emma Clarke", "Hannah Fischer", "Zoe Okafor", "Lucia Marin", "Ingrid Dahl", "Priya Nair"]
TREATMENTS = {"first": ("botulinum_toxin", "2032-03-01"), "then": ("microneedling", "2032-03-11")}
Sent = tuple[str, str]  # whose, and which of the two visits


class Worker(Service):
    """Answers nobody: it is there once it was started."""

    def start(self) -> None:
        self._spawn()


class Chain:
    """Its processes, as on four machines."""

    def __init__(self, folder: Path, url: str) -> None:
        told = {"SCHEDULER_DATABASE_URL": url, "SCHEDULER_SECRET": KEY}
        self.webs = [
            Service(folder / f"web{number}", "serve", "--no-crew", environment=told) for number in (1, 2)
        ]
        self.workers = [Worker(folder / f"worker{number}", "worker", environment=told) for number in (1, 2)]
        self.all = [*self.webs, *self.workers]

    def send(self, sent: Sent) -> int:
        """A webhook about one visit, to either of the two; the status."""
        name, which = sent
        treatment, day = TREATMENTS[which]
        number = NAMES.index(name)
        data: dict[str, Any] = {
            "id": f"{number}-{which}",
            "treatments": [treatment],
            "start": f"{day}T10:00:00+00:00",
            "end": f"{day}T11:00:00+00:00",
            "client": {"name": name, "email": f"p{number}@example.com"},
        }
        hour = 10 if which == "first" else 11
        booking = {"type": "appointment.created", "timestamp": f"2026-01-01T{hour}:00:00Z", "data": data}
        return self.webs[number % 2].webhook(f"m-{number}-{which}", **booking)


@pytest.fixture
def chain(tmp_path: Path, url: str) -> Iterator[Chain]:
    """Started together, on a database that is there already."""
    chain = Chain(tmp_path, url)
    try:
        with ThreadPoolExecutor() as pool:
            list(pool.map(lambda each: each.start(), chain.all))
        yield chain
    finally:
        for each in chain.all:
            each.stop()


def judged(store: SqlStore) -> dict[str, str]:
    """The outcome of every visit in the book, by the sender's id."""
    found = {}
    with store.reading() as tx:
        for client in tx.clients.refs():
            verdicts = tx.verdicts.of_client(client)
            for visit in tx.appointments.of_client(client):
                held = verdicts.get(visit.ref)
                found[visit.source_id] = held.verdict.outcome.word if held else "not judged"
    return found


def feeds(store: SqlStore) -> list[str]:
    """Where each client's calendar is read."""
    with store.reading() as tx:
        held = [tx.feeds.of_client(client) for client in tx.clients.refs()]
    return [f"/feeds/{token(KEY.encode(), feed)}.ics" for feed in held if feed is not None]


def at_work(store: SqlStore) -> bool:
    """Whether the first words have come into the book: the rest is in somebody's hands."""
    with store.reading() as tx:
        return any(True for _ in tx.clients.refs())


def published(store: SqlStore) -> bool:
    """Whether every feed says what it should."""
    with store.reading() as tx:
        return not any(tx.work.wanted("publish", client) for client in tx.clients.refs())


def test_a_chain_takes_judges_and_publishes_though_a_worker_is_killed_half_way(
    chain: Chain, store: SqlStore
) -> None:
    with ThreadPoolExecutor() as pool:
        assert set(pool.map(chain.send, [(name, "first") for name in NAMES])) == {204}
        chain.webs[0].until(lambda: at_work(store))
        chain.workers[0].kill()
        assert set(pool.map(chain.send, [(name, "then") for name in NAMES])) == {204}
        assert set(pool.map(chain.send, [(name, "then") for name in NAMES])) == {204}  # once more
    right = Counter(clear=len(NAMES), blocked=len(NAMES))
    chain.webs[0].until(lambda: Counter(judged(store).values()) == right)
    assert {id for id, word in judged(store).items() if word == "blocked"} == {
        f"{number}-then" for number in range(len(NAMES))
    }
    chain.webs[0].until(lambda: len(feeds(store)) == len(NAMES) and published(store))
    for path in feeds(store):
        one, other = (web.get(path) for web in chain.webs)
        assert one == other
        assert one[0] == 200
        assert b"BEGIN:VEVENT" in one[1]
    assert chain.webs[0].get("/readyz")[0] == 200
    assert chain.workers[1].stop() == 0
