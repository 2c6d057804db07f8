"""A clinic whose platform also writes its bookings into the clinic's calendar."""

from datetime import timedelta

from scheduler_app.domain.appointments import Appointment
from scheduler_app.domain.events import EventDraft, Person
from scheduler_app.flow.pairing import decide_pair
from scheduler_app.flow.record import Speaker, record_screening
from tests.flow.clinic_at_work import DESK, local
from tests.flow.platforms.clinic_online import MAIL, ONLINE, ClinicOnline

PRACTITIONER = Speaker("practitioner", "Dr Grey")


class Copying:
    """Writes copies, and looks at both halves of a visit."""

    def __init__(self, online: ClinicOnline) -> None:
        self.online = online

    def copy(
        self,
        title: str,
        day: str,
        carries: str = "",
        *,
        name: str = "Ann Lee",
        at: str = "10:00",
        known: bool = True,
    ) -> str:
        """The platform, or somebody, writes an event; its id. known: it tells whom it is for."""
        self.online.clock.pass_by(seconds=1)
        start = local(day, at)
        words = f"Booked online. memory:{carries}" if carries else ""
        people = (Person(MAIL[name], name),) if known else ()
        draft = EventDraft(
            f"{title} - {name}" if known else title,
            start,
            start + timedelta(hours=1),
            "Europe/London",
            description=words,
            attendees=people,
        )
        event = self.online.calendar.book(DESK, draft)
        self.online.look()
        return event.id

    def booking(self, id: str) -> Appointment:
        """As the book holds it."""
        return self.online.appointment(id, ONLINE)

    def event(self, id: str) -> Appointment:
        """As the book holds it."""
        return self.online.appointment(id)

    def one_visit(self, event: str, booking: str) -> bool:
        """Whether the event is judged as part of the booking, and has no verdict of its own."""
        told, booked = self.event(event), self.booking(booking)
        with self.online.store.reading() as tx:
            judged = (tx.verdicts.get(told.ref), tx.verdicts.get(booked.ref))
        paired = told.same_as == booked.ref
        assert (judged[0] is None) == paired
        assert judged[1] is not None
        return paired

    def asked(self, id: str, source: str = ONLINE) -> set[str]:
        """The rules of the findings that no gap rule made."""
        return {f.rule for f in self.online.verdict(id, source).verdict.findings if not f.gap}

    def gaps(self, id: str, source: str = ONLINE) -> set[str]:
        """The gap rules that are broken."""
        return {f.rule for f in self.online.verdict(id, source).verdict.findings if f.gap}

    def screened(self, booking: str) -> None:
        """The health questions of the client were asked."""
        self.online.settle()
        record_screening(self.online.flow, self.booking(booking).client or "", "2026-03-01", PRACTITIONER)
        self.online.settle()

    def decide(self, event: str, booking: str, *, same: bool) -> None:
        """A person says whether it is one visit."""
        refs = self.event(event).ref, self.booking(booking).ref
        decide_pair(self.online.flow, *refs, "kim", same=same)
        self.online.settle()

    def listed(self, name: str = "Ann Lee") -> list[str]:
        """Where the client's visits were told of, each visit once."""
        with self.online.store.reading() as tx:
            found = tx.clients.find(name)
            return [each.source for each in tx.appointments.of_client(found[0].ref)]
