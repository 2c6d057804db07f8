"""Ports for booking platforms: webhooks in, bookings read, confirmed, declined and called off."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol, runtime_checkable

from scheduler_app.domain.appointments import Report
from scheduler_app.domain.deliveries import Delivery
from scheduler_app.domain.platforms import Act, Asked, BookingPage, PlatformState, Service, Step


class Receiver(Protocol):
    """Whoever sends webhooks. content_type: of their bodies. secret_in_path: they are not signed, and a
    secret at the end of the address stands in for that."""

    name: str
    content_type: str
    secret_in_path: bool

    def receive(self, headers: Mapping[str, str], body: bytes, now: datetime, secret: str = "") -> Delivery:
        """Verify the raw bytes before anything parses them. Raises Denied, or Invalid for no such body."""
        ...


class BookingPlatform(Receiver, Protocol):
    """A platform that is asked. Contract: tests/contracts/booking_platform.py.

    A delivery is a hint that something happened; how a booking stands is asked for. Every call raises
    Unavailable (with retry_in where the platform says so), and Disconnected where the credentials open
    nothing; no message holds an address, a name or a body.
    """

    capabilities: frozenset[str]

    def concerned(self, delivery: Delivery) -> tuple[str, ...]:
        """Ids of the bookings that should be looked at; none for events that do not concern us. Pure.

        Raises Invalid for a body without what says so.
        """
        ...

    def fetch(self, booking_id: str) -> tuple[Report, ...]:
        """The booking as it stands now; with it what it was moved to, where that has another id.

        Raises NotFound for one the platform does not know, Invalid for one that cannot be told in our
        words (times that do not exist, no start).
        """
        ...

    def changed(self, since: datetime | None, now: datetime, page: str | None = None) -> BookingPage:
        """One page of the bookings that changed since, called off ones too; None reads everything from 13
        months back to 18 months ahead. Where a platform cannot tell what changed, all that is ahead.

        A booking that cannot be told in our words stands among the page's `left_out`, and is logged by its
        id; one without an id is only logged.
        """
        ...

    def confirm(self, act: Act) -> None:
        """Let a booking that waits stand. Doing so twice is success.

        Raises Conflict where the booking is not as it was (called off, declined, moved), NotFound, Invalid
        with code `platform-cannot` where the platform cannot hold.
        """
        ...

    def decline(self, act: Act) -> None:
        """Turn a booking that waits down. Raises as `confirm`; declined or called off already is success."""
        ...

    def cancel(self, act: Act) -> None:
        """Call a booking off. Raises as `confirm`; called off already is success.

        Raises Invalid where that would call off more than this one client's visit.
        """
        ...

    def services(self) -> Sequence[Service]:
        """What clients can book there."""
        ...

    def carried_in(self, text: str) -> str | None:
        """The id of the booking of this platform that the words of a calendar's event name. Pure."""
        ...

    def steps(self, address: str, now: datetime) -> Iterator[Step]:
        """Try the credentials, and whether webhooks are sent to address; nothing is changed."""
        ...


@runtime_checkable
class PreventingPlatform(BookingPlatform, Protocol):
    """A platform that asks before it books."""

    def asked(self, headers: Mapping[str, str], body: bytes, now: datetime, secret: str = "") -> Asked:
        """What it asks. Raises Denied, Invalid."""
        ...

    def answer(self, refusal: str | None) -> tuple[bytes, str]:
        """Body and content type of the answer; refusal: what the client reads, None to let it be booked."""
        ...


class PlatformStates(Protocol):
    """How we stand with each platform."""

    def get(self, platform: str) -> PlatformState:
        """What we remember; nothing yet for one never asked."""
        ...

    def put(self, state: PlatformState) -> None: ...
