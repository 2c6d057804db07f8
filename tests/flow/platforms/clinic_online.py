"""A clinic that is booked online: the house of the other tests, with a platform in memory beside it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from integrations.memory import MemoryBooking, MemoryPlatform
from scheduler_app.domain.appointments import Clues
from scheduler_app.domain.platforms import ClinicPlatform, PlatformTerms
from scheduler_app.flow.flow import RECONCILE
from scheduler_app.flow.receive import receive
from tests.flow.clinic_at_work import NOW, ClinicAtWork, local

ONLINE = "online"
SERVICES: Mapping[str, tuple[str, ...]] = {
    "Micro": ("microneedling",),
    "Botox": ("botulinum_toxin",),
    "Filler": ("dermal_filler",),
    "Plasma": ("plasma_pen",),
    "Both": ("microneedling", "botulinum_toxin"),
    "Talk": ("consultation",),
}
MAIL = {"Ann Lee": "ann.lee@example.com", "Bo Ray": "bo.ray@example.com"}


class ClinicOnline(ClinicAtWork):
    """People book on the platform, too."""

    def __init__(self, file: Path, now: datetime = NOW) -> None:
        super().__init__(file, now)
        self._booked = 0
        known = ClinicPlatform(ONLINE, "memory", "main", services=SERVICES)
        self.platform = MemoryPlatform(known, self.flow.clinic, ["a secret of the tests"])
        clinic = replace(self.flow.clinic, platforms={ONLINE: known})
        self.flow = replace(self.flow, clinic=clinic, platforms={ONLINE: self.platform})

    def allow(self, **terms: object) -> None:
        """The clinic lets the platform act on other terms (PlatformTerms)."""
        known = self.flow.clinic.platforms[ONLINE]
        known = replace(known, terms=replace(known.terms, **terms))  # type: ignore[arg-type]
        self.flow = replace(self.flow, clinic=replace(self.flow.clinic, platforms={ONLINE: known}))

    def terms(self) -> PlatformTerms:
        """As they are."""
        return self.flow.clinic.platforms[ONLINE].terms

    # people

    def book_online(
        self,
        service: str,
        day: str,
        name: str = "Ann Lee",
        *,
        waits: bool = False,
        by_staff: bool = False,
        tells: bool = True,
        at: str = "10:00",
    ) -> str:
        """A client books; the booking's id. tells: the platform sends its webhook."""
        self._booked += 1
        id = f"booking-{self._booked}"
        self.clock.pass_by(seconds=1)
        start = local(day, at)
        self.platform.bookings[id] = MemoryBooking(
            id,
            start,
            start + timedelta(hours=1),
            (service,),
            Clues(name, MAIL.get(name)),
            self.clock.now,
            self.clock.now,
            "pending" if waits else "booked",
            by_staff=by_staff,
        )
        if tells:
            self.deliver(id)
        return id

    def change_online(self, booking: str, *, tells: bool = True, **fields: object) -> None:
        """Somebody changes it there."""
        self.clock.pass_by(seconds=1)
        held = self.platform.bookings[booking]
        after = replace(held, changed_at=self.clock.now, version=held.version + 1, **fields)  # type: ignore[arg-type]
        self.platform.bookings[booking] = after
        if tells:
            self.deliver(booking)

    def move_online(self, booking: str, day: str, *, tells: bool = True) -> None:
        """The client moves it."""
        start = local(day)
        self.change_online(booking, start=start, end=start + timedelta(hours=1), tells=tells)

    def call_off_online(self, booking: str, *, tells: bool = True) -> None:
        """The client calls it off."""
        self.change_online(booking, status="cancelled", tells=tells)

    def deliver(self, booking: str) -> bool:
        """The webhook about it arrives; whether it was new."""
        return self.send_online(self.platform.sent(booking))

    def send_online(self, sent: tuple[Mapping[str, str], bytes]) -> bool:
        """A webhook arrives."""
        return receive(self.platform, self.inbox, *sent, self.clock.now)

    def otherwise(self, **verbs: Callable[..., object]) -> None:
        """The platform does these otherwise from now on."""
        vars(self.platform).update(verbs)

    def poll(self) -> None:
        """The platform is read on."""
        with self.store.transaction() as tx:
            tx.work.touch(RECONCILE, ONLINE)
        self.settle()

    # what is to be seen

    def stands(self, booking: str) -> str:
        """Its status on the platform."""
        return self.platform.bookings[booking].status

    def told(self, booking: str) -> str:
        """What the client reads there."""
        return self.platform.bookings[booking].message

    def judged(self, booking: str) -> str:
        """Its outcome."""
        return self.outcome(booking, ONLINE)

    def acts(self) -> list[tuple[str, str]]:
        """What we did there: verb and booking, each once."""
        return [(kind, act.booking_id) for kind, act in self.platform.acts]
