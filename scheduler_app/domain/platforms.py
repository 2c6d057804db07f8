"""Booking platforms: what each can do, how far the clinic lets it act, and what is told to and fro."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from scheduler_app.domain.appointments import Clues, Report

# What a platform can do about a booking that breaks a rule, the mildest for the client first.
PREVENT = "prevent"  # it is never booked
HOLD = "hold"  # it waits until it is confirmed or declined
CANCEL = "cancel"  # it was confirmed, and is called off
ALERT = "alert"  # the clinic is told, and nothing else
CAPABILITIES = (PREVENT, HOLD, CANCEL, ALERT)

UNMAPPED = "service-unmapped"  # the doubt about a service clinic.toml gives no treatments for
TWICE = "time-ambiguous"  # about a local time that the clocks show twice
REFUSE = "refuse"  # what `when_down` says, or "accept"


@dataclass(frozen=True, slots=True)
class PlatformTerms:
    """How far we may go on a platform.

    prevent, hold and cancel: whether each happens by itself; what does not is shown to a person. rules: by
    rule, what alone may happen by itself because of it. cancel_hours: what starts within so many hours is
    never called off by us. confirm_reviews: whether a booking that waits for confirmation is confirmed
    although a person must look at it. poll: minutes between two readings. when_down: what the platform is
    told when we cannot look, `refuse` or `accept`.
    """

    prevent: bool = True
    hold: bool = True
    cancel: bool = False
    rules: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    cancel_hours: int = 24
    confirm_reviews: bool = False
    poll: int = 15
    when_down: str = REFUSE

    def may(self, capability: str, rule: str) -> bool:
        """Whether a finding of the rule may bring that about by itself."""
        if rule in self.rules:
            return capability in self.rules[rule]
        return capability in self.allowed

    @property
    def calls_off(self) -> bool:
        """Whether anything is ever called off by itself."""
        return self.cancel or any(CANCEL in allowed for allowed in self.rules.values())

    @property
    def allowed(self) -> tuple[str, ...]:
        """What may happen by itself where a rule says nothing of its own."""
        switches = ((PREVENT, self.prevent), (HOLD, self.hold), (CANCEL, self.cancel))
        return tuple(capability for capability, on in switches if on)


@dataclass(frozen=True, slots=True)
class ClinicPlatform:
    """A booking platform the clinic uses. name: as in POST /hooks/<name>; kind: which adapter speaks to it.

    account, user: what the platform calls the clinic, and who signs in there; "" where it needs none.
    endpoint: another address of its API than the usual ("" for that). address: where its webhooks are
    sent, byte for byte, for schemes that sign it. services: the platform's ids (or names) of services ->
    treatments. fields: its ids (or labels) of questions to clients -> `name`, `email`, `phone` or `code`.
    secrets never stand here.
    """

    name: str
    kind: str
    location: str
    account: str = ""
    user: str = ""
    endpoint: str = ""
    address: str = ""
    services: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    terms: PlatformTerms = field(default_factory=PlatformTerms)


@dataclass(frozen=True, slots=True)
class Service:
    """Something clients can book on a platform."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A booking that cannot be told in our words. code, why: as in Invalid."""

    booking_id: str
    code: str
    why: str


@dataclass(frozen=True, slots=True)
class BookingPage:
    """Bookings as they stand now, in no order. page: asks for the next one; None after the last. left_out:
    those that are on it and cannot be told."""

    reports: tuple[Report, ...]
    page: str | None = None
    left_out: tuple[LeftOut, ...] = ()

    @classmethod
    def of(cls, told: Iterable[Report | LeftOut | None], page: str | None = None) -> "BookingPage":
        """The page of what was read one by one; None for what is no booking."""
        read = list(told)
        reports = tuple(each for each in read if isinstance(each, Report))
        return cls(reports, page, tuple(each for each in read if isinstance(each, LeftOut)))


@dataclass(frozen=True, slots=True)
class Act:
    """One thing to do about a booking.

    key: unique to what was decided, so that asking twice does it once where the platform knows such keys.
    version: of the booking it was decided about, None where the platform has none. message: for the
    client, who reads it where the platform shows one.
    """

    booking_id: str
    key: str
    version: int | None = None
    message: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a platform asks before it books. Nothing of it is stored.

    booking_id: of the booking that is being moved, where the platform says so.
    """

    treatments: tuple[str, ...]
    start: datetime
    end: datetime
    zone: str
    clues: Clues
    doubts: tuple[str, ...] = ()
    booking_id: str | None = None


@dataclass(frozen=True, slots=True)
class PlatformState:
    """How we stand with a platform.

    read_until: all that changed before then has been read; None before the first reading. page: where a
    reading that is under way goes on, reading_since when it began, and whole whether it reads everything.
    whole_at: when everything was last read. fault, fault_since: as in CalendarState.
    """

    platform: str
    read_until: datetime | None = None
    page: str | None = None
    reading_since: datetime | None = None
    whole: bool = False
    whole_at: datetime | None = None
    fault: str = ""
    fault_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was tried. ok is None where it could not be tried; words: what is missing, the cure."""

    name: str
    ok: bool | None
    words: str
