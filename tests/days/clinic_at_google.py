"""A clinic whose rooms are kept at Google: real rules, a real database, the real client over HTTP.

Time is the double's and stands still until a test moves it. Work is done in the test's own thread.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from integrations.google_calendar import GoogleCalendar, GoogleCalendarGateway, GoogleClient
from scheduler_app.domain.appointments import Appointment
from scheduler_app.domain.clinic import ClinicCalendar, MarkTerms
from scheduler_app.domain.connections import ALL
from scheduler_app.domain.rules import Rulebook
from scheduler_app.domain.verdict import Verdict
from scheduler_app.flow.flow import SYNC, Flow
from scheduler_app.flow.runs import runs
from scheduler_app.flow.start import start_calendar
from scheduler_app.flow.sweep import ROUND, sweep, sync_all
from scheduler_app.ports import CalendarGateway
from scheduler_app.store import SqlRequestBudget, open_store
from scheduler_app.work.leases import Leases
from scheduler_app.work.runner import Runner
from tests.flow.clinic_at_work import counting, title_reader
from tests.google_double import ROOM, GoogleDouble
from tests.house import house
from tests.integrations.google_calendar.stand import fixed_token

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)  # a Monday
LONDON = ZoneInfo("Europe/London")
ROOM_1, ROOM_2 = "room-1", "room-2"
OTHER = "room2@group.calendar.google.com"
DESK_URL = "http://127.0.0.1:8000/desk"


class ClinicAtGoogle:
    """The house, and receptionists doing things in Google Calendar."""

    def __init__(
        self,
        double: GoogleDouble,
        file: Path,
        terms: MarkTerms | None = None,
        through: Callable[[CalendarGateway], CalendarGateway] | None = None,
        push_address: str = "",
    ) -> None:
        """through: what stands between the flow and the gateway, where a test wants something to."""
        self.double, self.file = double, file
        double.clock.now = NOW
        double.calendar(OTHER, acl={"anna": "owner", "bot": "writer"})
        self.anna = double.person("anna")
        self.store = open_store(f"sqlite:///{file}", self.clock)
        loaded = house()
        kept = {
            id: ClinicCalendar(
                id, "main", id, "google", marks=terms or MarkTerms(), address=address, account="clinic"
            )
            for id, address in ((ROOM_1, ROOM), (ROOM_2, OTHER))
        }
        clinic = replace(loaded.clinic, calendars={**loaded.clinic.calendars, **kept})
        self._client = _client(self)
        calendars = {id: GoogleCalendar(calendar.address, calendar.marks) for id, calendar in kept.items()}
        self.gateway = GoogleCalendarGateway(self._client, calendars, self.clock, page_size=50)
        seen = through(self.gateway) if through else self.gateway
        self.flow = Flow(
            store=self.store,
            clock=self.clock,
            clinic=clinic,
            catalogue=loaded.catalogue,
            rulebook=loaded.rulebook,
            reader=title_reader(),
            gateways={ROOM_1: seen, ROOM_2: seen},
            sources={},
            push_address=push_address,
            desk_url=DESK_URL,
        )

    def clock(self) -> datetime:
        """The double's time."""
        return self.double.clock.now

    def pass_by(self, **time: float) -> None:
        """timedelta's keywords."""
        self.double.clock.advance(timedelta(**time))

    def close(self) -> None:
        """Give everything back."""
        self._client.close()
        self.store.close()

    # receptionists

    def book(
        self,
        what: str,
        day: str,
        name: str = "Ann Lee",
        at: str = "10:00",
        room: str = ROOM,
        look: bool = True,
        **fields: Any,
    ) -> str:
        """Anna writes an event with the client as its guest, a second after whatever was before; its id."""
        self.pass_by(seconds=1)
        start = local(day, at)
        guest = {"email": name.lower().replace(" ", ".") + "@example.com", "displayName": name}
        fields = {"attendees": [guest]} | fields
        event = self.anna.book(room, f"{what} - {name}", start, start + timedelta(hours=1), **fields)
        if look:
            self.look()
        return event

    def move(self, event: str, day: str, at: str = "10:00", room: str = ROOM) -> None:
        """She drags it to another day."""
        self.pass_by(seconds=1)
        start = local(day, at)
        self.anna.move(room, event, start, start + timedelta(hours=1))
        self.look()

    def delete(self, event: str, room: str = ROOM) -> None:
        """She deletes it."""
        self.pass_by(seconds=1)
        self.anna.delete(room, event)
        self.look()

    def start(self, covers: str = ALL) -> None:
        """The owner lets us write in both rooms."""
        for calendar in (ROOM_1, ROOM_2):
            start_calendar(self.flow, calendar, "Olga Owner", covers)
        self.settle()

    # the house

    def look(self, *calendars: str) -> None:
        """It is time to look at the rooms, and at what comes of it."""
        with self.store.transaction() as tx:
            for calendar in calendars or (ROOM_1, ROOM_2):
                tx.work.touch(SYNC, calendar)
        self.settle()

    def settle(self) -> None:
        """Everything due is done."""
        runner = self.runner()
        for _ in range(10_000):
            if not runner.run_next():
                return
        raise AssertionError("the flow never comes to rest")

    def sweep(self) -> None:
        """The round that finds what nobody signalled."""
        sweep(self.flow, ROUND)
        self.settle()

    def sync_all(self) -> Mapping[str, int]:
        """`scheduler sync --all`."""
        tally = Counter[str]()
        return sync_all(self.flow, self.runner(tally).run_next, tally)

    def runner(self, tally: Counter[str] | None = None) -> Runner:
        """Works in this thread."""
        counted = Counter[str]() if tally is None else tally
        return Runner(self.store, runs(self.flow, counting(counted)), Leases(self.store))

    def use_rules(self, rulebook: Rulebook) -> None:
        """The clinic signs other rules."""
        self.flow = replace(self.flow, rulebook=rulebook)

    # what is to be seen

    def shown(self, event: str, room: str = ROOM) -> dict[str, Any]:
        """The event as Google keeps it."""
        return self.double.event(room, event)

    def title(self, event: str, room: str = ROOM) -> str:
        """What everybody reads in the grid."""
        return str(self.shown(event, room).get("summary", ""))

    def appointment(self, event: str, calendar: str = ROOM_1) -> Appointment:
        """As the book holds it."""
        with self.store.reading() as tx:
            held = tx.appointments.by_source(f"calendar:{calendar}", event)
        assert held is not None
        return held

    def verdict(self, event: str, calendar: str = ROOM_1) -> Verdict:
        """What it was judged to be."""
        ref = self.appointment(event, calendar).ref
        with self.store.reading() as tx:
            held = tx.verdicts.get(ref)
        assert held is not None
        return held.verdict


def local(day: str, at: str = "10:00") -> datetime:
    """In the clinic's zone."""
    return datetime.fromisoformat(f"{day}T{at}").replace(tzinfo=LONDON)


def without_ours(event: Mapping[str, Any]) -> dict[str, Any]:
    """What a person wrote: the event without etag, times of change and whatever a mark leaves."""
    ours = ("etag", "updated", "sequence", "extendedProperties")
    return {name: value for name, value in event.items() if name not in ours}


def _client(clinic: ClinicAtGoogle) -> GoogleClient:
    return GoogleClient(
        fixed_token("bot"),
        "clinic",
        SqlRequestBudget(clinic.store, house().clinic.requests, clinic.clock),
        endpoint=clinic.double.endpoint,
        timeout=5,
        sleep=lambda seconds: clinic.double.clock.advance(timedelta(seconds=seconds)),
        chance=lambda: 0.0,
    )
