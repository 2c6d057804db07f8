"""A whole clinic for scenario tests: real rules, a real database, the calendar it keeps, signed webhooks.

Time stands still until a test moves it. Work is done in the test's own thread, so that nothing sleeps.
"""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from standardwebhooks.webhooks import Webhook

from integrations.standard_webhooks import StandardWebhooksSource
from scheduler_app.domain.appointments import Appointment
from scheduler_app.domain.catalogue import Catalogue
from scheduler_app.domain.events import CalendarEvent, EventDraft, Mark, Person
from scheduler_app.domain.rules import Rulebook
from scheduler_app.domain.titles import Reader
from scheduler_app.flow.flow import SYNC, Flow
from scheduler_app.flow.receive import receive
from scheduler_app.flow.runs import runs
from scheduler_app.flow.sweep import sync_all
from scheduler_app.ports import CalendarGateway, HeldVerdict
from scheduler_app.store import EmbeddedCalendar, GroupCommitInbox, open_store
from scheduler_app.work.leases import Leases
from scheduler_app.work.runner import Runner
from tests.house import house

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)  # a Monday
LONDON = ZoneInfo("Europe/London")
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
DESK = "desk"
SITE = "website"


@lru_cache(maxsize=1)
def title_reader() -> Reader:
    """Compiled once for all tests."""
    return Reader(house().catalogue)


class Clock:
    """Ours to move."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **time: float) -> None:
        """timedelta's keywords."""
        self.now += timedelta(**time)


class ClinicAtWork:
    """The house, and people doing things to it."""

    def __init__(
        self,
        file: Path,
        now: datetime = NOW,
        through: Callable[[CalendarGateway], CalendarGateway] | None = None,
        url: str | None = None,
    ) -> None:
        """through: what stands between the flow and the calendar, where a test wants something to.

        url: the address of a database that is no file.
        """
        self.file = file
        self.clock = Clock(now)
        self.store = open_store(url or f"sqlite:///{file}", self.clock)
        self.calendar = EmbeddedCalendar(self.store)
        self.calendar.keep(DESK)
        self._inbox: GroupCommitInbox | None = None
        loaded = house()
        self.catalogue: Catalogue = loaded.catalogue
        source = StandardWebhooksSource(SITE, [SECRET], loaded.clinic)
        self.flow = Flow(
            store=self.store,
            clock=self.clock,
            clinic=loaded.clinic,
            catalogue=loaded.catalogue,
            rulebook=loaded.rulebook,
            reader=title_reader(),
            gateways={DESK: through(self.calendar) if through else self.calendar},
            sources={SITE: source},
        )
        self._told = 0

    @property
    def inbox(self) -> GroupCommitInbox:
        """Opened by the first webhook."""
        if self._inbox is None:
            self._inbox = GroupCommitInbox(self.store)
        return self._inbox

    def close(self) -> None:
        """Give everything back."""
        if self._inbox is not None:
            self._inbox.close()
            self._inbox = None
        self.store.close()

    def put_back(self, database: bytes, now: datetime) -> None:
        """The database and the time as they were before, for tests that try the same thing again."""
        self.close()
        for left in self.file.parent.glob(self.file.name + "*"):
            left.unlink()
        self.file.write_bytes(database)
        self.clock.now = now

    # people

    def book(
        self, what: str, day: str, name: str = "Ann Lee", email: str | None = None, at: str = "10:00"
    ) -> str:
        """A receptionist writes an event; its id."""
        start = local(day, at)
        address = name.lower().replace(" ", ".") + "@example.com" if email is None else email
        draft = EventDraft(
            f"{what} - {name}",
            start,
            start + timedelta(hours=1),
            "Europe/London",
            attendees=(Person(address, name),),
        )
        self.clock.pass_by(seconds=1)
        event = self.calendar.book(DESK, draft)
        self.look()
        return event.id

    def move(self, event: str, day: str, at: str = "10:00") -> None:
        """She moves it."""
        start = local(day, at)
        self.calendar.move(DESK, event, start, start + timedelta(hours=1))
        self.look()

    def cancel(self, event: str) -> None:
        """She deletes it."""
        self.calendar.cancel(DESK, event)
        self.look()

    def look(self) -> None:
        """The calendar gives a sign."""
        with self.store.transaction() as tx:
            tx.work.touch(SYNC, DESK)

    def tell(self, kind: str, /, key: str | None = None, **data: object) -> bool:
        """A platform sends a webhook of our documented JSON; whether it was new."""
        return self.send(*self.webhook(kind, key, **data))

    def webhook(self, kind: str, key: str | None = None, **data: object) -> tuple[Mapping[str, str], bytes]:
        """Headers and body, signed by the reference library."""
        self._told += 1
        body = json.dumps(document(kind, at=self.clock.now, **data))
        return signed(key or f"msg_{self._told}", self.clock.now, body), body.encode()

    def send(self, headers: Mapping[str, str], body: bytes) -> bool:
        """It arrives."""
        return receive(self.flow.sources[SITE], self.inbox, headers, body, self.clock.now)

    # the house

    def settle(self, tally: Counter[str] | None = None) -> int:
        """Everything due is done; how many rows that took."""
        runner = self.runner(tally)
        count = 0
        while runner.run_next():
            count += 1
            assert count < 10_000, "the flow never comes to rest"
        return count

    def runner(self, tally: Counter[str] | None = None) -> Runner:
        """Works in this thread."""
        counted = Counter[str]() if tally is None else tally
        return Runner(self.store, runs(self.flow, counting(counted)), Leases(self.store))

    def sync_all(self) -> Mapping[str, int]:
        """`scheduler sync --all`."""
        tally = Counter[str]()
        return sync_all(self.flow, self.runner(tally).run_next, tally)

    def use_rules(self, rulebook: Rulebook) -> None:
        """The clinic signs other rules and starts the service again."""
        self.flow = replace(self.flow, rulebook=rulebook)

    def on_terms(self, kind: str | None = None, **terms: object) -> None:
        """The clinic marks the calendar on other terms (MarkTerms), or another program keeps it."""
        clinic = self.flow.clinic
        kept = clinic.calendars[DESK]
        marks = replace(kept.marks, **terms)  # type: ignore[arg-type]
        kept = replace(kept, marks=marks, kind=kind or kept.kind)
        self.flow = replace(self.flow, clinic=replace(clinic, calendars={**clinic.calendars, DESK: kept}))

    def audited(self, event: str, what: str) -> list[Mapping[str, str]]:
        """What the audit log says of this kind about the event's appointment, newest first."""
        with self.store.reading() as tx:
            entries = tx.audit.entries(self.appointment(event).ref)
        return [entry for entry in entries if entry["what"] == what]

    # what is to be seen

    def event(self, event: str) -> CalendarEvent:
        """As it stands in the calendar."""
        return self.calendar.event(DESK, event)

    def mark(self, event: str) -> Mark | None:
        """What we wrote on it."""
        return self.event(event).mark

    def appointment(self, source_id: str, source: str = f"calendar:{DESK}") -> Appointment:
        """As the book holds it."""
        with self.store.reading() as tx:
            held = tx.appointments.by_source(source, source_id)
        assert held is not None
        return held

    def verdict(self, source_id: str, source: str = f"calendar:{DESK}") -> HeldVerdict:
        """What it was judged to be."""
        ref = self.appointment(source_id, source).ref
        with self.store.reading() as tx:
            held = tx.verdicts.get(ref)
        assert held is not None
        return held

    def outcome(self, source_id: str, source: str = f"calendar:{DESK}") -> str:
        """The verdict in one word."""
        return self.verdict(source_id, source).verdict.outcome.word

    def client_of(self, source_id: str, source: str = f"calendar:{DESK}") -> str:
        """The ref of whoever it is for."""
        client = self.appointment(source_id, source).client
        assert client is not None
        return client


def counting(tally: Counter[str]) -> Callable[[str, int], None]:
    """A tally for `runs`."""

    def count(what: str, more: int) -> None:
        tally[what] += more

    return count


def local(day: str, at: str = "10:00") -> datetime:
    """A moment of the clinic's day, in UTC."""
    return datetime.fromisoformat(f"{day}T{at}").replace(tzinfo=LONDON).astimezone(UTC)


def ordinal(day: str) -> int:
    """YYYY-MM-DD as the judge counts."""
    return date.fromisoformat(day).toordinal()


def document(kind: str, at: datetime = NOW, **data: object) -> dict[str, object]:
    """Our documented JSON about one appointment; what is not given is filled in."""
    day = data.pop("day", None)
    filled: dict[str, object] = {
        "id": "booking-1",
        "treatments": ["microneedling"],
        "client": {"id": "p1", "name": "Ann Lee", "email": "ann@example.com"},
    }
    if day is not None:
        filled |= {"start": f"{day}T10:00:00", "end": f"{day}T11:00:00", "timezone": "Europe/London"}
    timestamp = data.pop("timestamp", at.isoformat())
    return {"type": f"appointment.{kind}", "timestamp": timestamp, "data": filled | data}


def signed(key: str, at: datetime, body: str, secret: str = SECRET) -> dict[str, str]:
    """The headers an independent library puts on it."""
    return {
        "webhook-id": key,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(key, at, body),
        "content-type": "application/json",
    }
