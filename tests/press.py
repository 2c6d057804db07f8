"""A database with one client's book, and the press that makes their feed."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from scheduler_app.domain.appointments import Appointment
from scheduler_app.domain.catalogue import Catalogue, Treatment
from scheduler_app.domain.clients import Client
from scheduler_app.domain.clinic import FULL, FeedTerms
from scheduler_app.domain.entries import FeedBytes, PublishedEntry
from scheduler_app.domain.rules import Rulebook
from scheduler_app.domain.story import NOT_HELD
from scheduler_app.domain.tokens import stored_form
from scheduler_app.domain.verdict import Verdict
from scheduler_app.flow.links import link
from scheduler_app.flow.publish import Press, publish
from scheduler_app.ports import HeldVerdict
from scheduler_app.store import SqlFeedShelf, SqlStore, open_store
from tests.domain.care_cases import CLEAR, CLINIC, LINES, NOW, PRECEDENCE, TODAY, madrid, visit
from tests.rfc5545 import Component, feed_checked

KEY = bytes(range(32))
CATALOGUE = Catalogue({"microneedling": Treatment("microneedling", "Microneedling")})
PRESS = Press(
    clinic=CLINIC,
    catalogue=CATALOGUE,
    rulebook=Rulebook((), {}, frozenset(CATALOGUE.treatments)),
    care={"en": LINES},
    keys=(KEY,),
    precedence=PRECEDENCE,
)
FULL_PRESS = replace(PRESS, clinic=replace(CLINIC, feed=FeedTerms(detail=FULL)))
START = madrid(2026, 7, 10, 17, 0)
VISIT = visit("v1", START)
DAY = timedelta(days=1)


@lru_cache(maxsize=1)
def _fresh_database() -> bytes:
    """A migrated database without rows: made once, since migrating takes longer than a test."""
    with TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/fresh.db", lambda: NOW)
        store.migrate()
        store.close()
        return (Path(folder) / "fresh.db").read_bytes()


class Book:
    """Client c1's appointments, with what the judge said, in a database of their own."""

    def __init__(self, folder: Path, press: Press = PRESS, client: str = "c1") -> None:
        file = folder / "book.db"
        file.write_bytes(_fresh_database())
        self.store: SqlStore = open_store(f"sqlite:///{file}", lambda: NOW)
        self.press = press
        self.client = client
        with self.store.transaction() as tx:
            tx.clients.add(Client(client, "Ana López", NOW), ())

    def write(self, visits: Sequence[Appointment], verdicts: Mapping[str, Verdict] | None = None) -> None:
        """Book, move or call off, and judge everything clear unless told otherwise."""
        judged = verdicts or {}
        with self.store.transaction() as tx:
            for each in visits:
                tx.appointments.put(replace(each, client=self.client), by="test", at=NOW)
            held = [each for each in visits if each.status not in NOT_HELD]
            tx.verdicts.put(
                [
                    HeldVerdict(each.ref, self.client, judged.get(each.ref, CLEAR), "v1", TODAY, NOW)
                    for each in held
                ]
            )
            tx.verdicts.drop([each.ref for each in visits if each.status in NOT_HELD])

    def publish(self, now: datetime = NOW) -> bool:
        """As the flow does after judging."""
        return publish(self.store, self.press, self.client, now)

    def token(self) -> str:
        """The token of the client's link."""
        with self.store.transaction() as tx:
            return link(tx, self.press, self.client)

    def rows(self) -> Mapping[str, PublishedEntry]:
        """Every entry ever published, by the front of its uid ("no-makeup.v1")."""
        with self.store.reading() as tx:
            feed = tx.feeds.of_client(self.client)
            entries = tx.feeds.entries(feed.ref) if feed else {}
        return {uid.partition("@")[0]: entry for uid, entry in entries.items()}

    def close(self) -> None:
        """Give the connections back."""
        self.store.close()


def served(book: Book) -> FeedBytes:
    """What a poll is answered with."""
    with closing(SqlFeedShelf(book.store)) as shelf:
        found = shelf.find(stored_form(book.token()))
    assert found is not None
    return found


def events(book: Book) -> dict[str, Component]:
    """VEVENTs of the served feed by the front of their uid."""
    calendar = feed_checked(served(book).body)
    return {event.one("UID").value.partition("@")[0]: event for event in calendar.walk("VEVENT")}
