"""A booking platform in memory, for trying things out and for tests. Held to the contract of all others."""

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from integrations.documents import Fields, parse
from integrations.services import treatments_of
from integrations.signatures import header, signed
from scheduler_app.domain.appointments import Clues, Report
from scheduler_app.domain.clinic import Clinic
from scheduler_app.domain.deliveries import Delivery
from scheduler_app.domain.platforms import (
    ALERT,
    CANCEL,
    HOLD,
    PREVENT,
    Act,
    Asked,
    BookingPage,
    ClinicPlatform,
    Service,
    Step,
)
from scheduler_app.errors import Conflict, Denied, Invalid, NotFound, SchedulerError

SIGNATURE = "x-memory-signature"
PAGE = 100
OVER = ("cancelled", "entered-in-error")


@dataclass(frozen=True, slots=True)
class MemoryBooking:
    """One booking as it stands. changed_at orders its states; version counts them."""

    id: str
    start: datetime
    end: datetime
    services: tuple[str, ...]
    clues: Clues
    booked_at: datetime
    changed_at: datetime
    status: str = "booked"
    version: int = 1
    by_staff: bool = False
    previous_id: str | None = None
    message: str = ""
    waited: bool = False


class MemoryPlatform:
    """Implements ports.PreventingPlatform. `bookings` is what people see there; tests write it."""

    content_type = "application/json"
    secret_in_path = False
    capabilities = frozenset({PREVENT, HOLD, CANCEL, ALERT})

    def __init__(
        self, platform: ClinicPlatform, clinic: Clinic, secrets: Sequence[str] = (), _key: str = ""
    ) -> None:
        self.name = platform.name
        self.bookings: dict[str, MemoryBooking] = {}
        self.faults: list[SchedulerError] = []  # raised by the next calls, one each
        self.acts: list[tuple[str, Act]] = []
        self._platform = platform
        self._zone = clinic.locations[platform.location].zone
        self._keys = [secret.encode() for secret in secrets]

    # webhooks

    def sent(self, booking_id: str) -> tuple[Mapping[str, str], bytes]:
        """The webhook it would send now: headers and body."""
        held = self.bookings[booking_id]
        body = json.dumps({"booking": booking_id, "version": held.version}).encode()
        return {SIGNATURE: hmac.digest(self._keys[0], body, hashlib.sha256).hex()}, body

    def receive(self, headers: Mapping[str, str], body: bytes, now: datetime, _secret: str = "") -> Delivery:
        """As the port says."""
        try:
            given = bytes.fromhex(header(headers, SIGNATURE))
        except ValueError:
            given = b""
        if not signed(self._keys, body, given):
            raise Denied("no signature matches")
        document = parse(body)
        if not document:
            raise Invalid("field-missing", "the event is empty")
        told = Fields(document, "")
        return Delivery(self.name, f"{told.text('booking')}:{told.number('version')}", now, body)

    def concerned(self, delivery: Delivery) -> tuple[str, ...]:
        """As the port says."""
        booking = Fields(parse(delivery.body), "").name_of("booking")
        return (booking,) if booking else ()

    # bookings

    def fetch(self, booking_id: str) -> tuple[Report, ...]:
        """As the port says."""
        self._fail()
        held = self._held(booking_id)
        later = [other for other in self.bookings.values() if other.previous_id == booking_id]
        return tuple(self._report(each) for each in (held, *later))

    def changed(self, since: datetime | None, _now: datetime, page: str | None = None) -> BookingPage:
        """As the port says."""
        self._fail()
        first = int(page or 0)
        found = sorted(
            (each for each in self.bookings.values() if since is None or each.changed_at >= since),
            key=lambda each: each.id,
        )
        reports = tuple(self._report(each) for each in found[first : first + PAGE])
        return BookingPage(reports, str(first + PAGE) if len(found) > first + PAGE else None)

    def confirm(self, act: Act) -> None:
        """As the port says."""
        held = self._acted("confirm", act)
        if held.status in OVER:
            raise Conflict("called off or declined meanwhile")
        self._keep(replace(held, status="booked"))

    def decline(self, act: Act) -> None:
        """As the port says."""
        held = self._acted("decline", act)
        if held.status not in ("pending", *OVER):
            raise Conflict("confirmed meanwhile")
        self._keep(replace(held, status="cancelled", message=act.message))

    def cancel(self, act: Act) -> None:
        """As the port says."""
        held = self._acted("cancel", act)
        if held.status not in OVER and act.version is not None and act.version != held.version:
            raise Conflict("changed meanwhile")
        self._keep(replace(held, status="cancelled", message=act.message))

    def services(self) -> Sequence[Service]:
        """As the port says."""
        self._fail()
        names = {service for booking in self.bookings.values() for service in booking.services}
        return [Service(name, name) for name in sorted(names)]

    def carried_in(self, text: str) -> str | None:
        """As the port says: "memory:<id>"."""
        return next(
            (word.removeprefix("memory:") for word in text.split() if word.startswith("memory:")), None
        )

    def steps(self, _address: str, _now: datetime) -> Iterator[Step]:
        """As the port says."""
        try:
            self._fail()
        except SchedulerError as fault:
            yield Step("read", False, str(fault))
        else:
            yield Step("read", True, "it lives in memory")

    # asked before it books

    def asked(self, headers: Mapping[str, str], body: bytes, now: datetime, secret: str = "") -> Asked:
        """As the port says."""
        delivery = self.receive(headers, body, now, secret)
        Fields(parse(body), "").required("booking")
        held = self._held(self.concerned(delivery)[0])
        treatments, doubts = self._treatments(held)
        return Asked(treatments, held.start, held.end, self._zone, held.clues, doubts, held.id)

    def answer(self, refusal: str | None) -> tuple[bytes, str]:
        """As the port says."""
        return json.dumps({"refused": refusal}).encode(), "application/json"

    def _acted(self, kind: str, act: Act) -> MemoryBooking:
        self._fail()
        held = self._held(act.booking_id)
        if all(done.key != act.key for _, done in self.acts):
            self.acts.append((kind, act))
        return held

    def _fail(self) -> None:
        if self.faults:
            raise self.faults.pop(0)

    def _held(self, booking_id: str) -> MemoryBooking:
        held = self.bookings.get(booking_id)
        if held is None:
            raise NotFound("no booking goes by this id")
        return held

    def _keep(self, after: MemoryBooking) -> None:
        before = self.bookings[after.id]
        if before.status != after.status:
            self.bookings[after.id] = replace(after, version=before.version + 1)

    def _treatments(self, held: MemoryBooking) -> tuple[tuple[str, ...], tuple[str, ...]]:
        return treatments_of([(name, name) for name in held.services], self._platform.services)

    def _report(self, held: MemoryBooking) -> Report:
        treatments, doubts = self._treatments(held)
        return Report(
            source=self.name,
            source_id=held.id,
            status=held.status,
            start=held.start,
            end=held.end,
            zone=self._zone,
            treatments=treatments,
            clues=held.clues,
            reported_at=held.changed_at,
            version=held.version,
            booked_at=held.booked_at,
            location=self._platform.location,
            doubts=doubts,
            by_staff=held.by_staff,
            previous_id=held.previous_id,
            waited=held.waited,
        )
