"""What the people at the clinic are told once a day: what is held, asked about, and disconnected."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class HeldLine:
    """One visit that cannot stand as it is booked. Times are local to the clinic.

    owner: account of whoever booked it; "" for the desk. earliest: first possible day (ordinal), None
    where there is none to tell. free: its slot was given back. clash: only its slot is taken.
    """

    ref: str
    start: datetime
    title: str
    owner: str
    deadline: datetime
    escalated: bool = False
    left_alone: bool = False
    free: bool = False
    clash: bool = False
    earliest: int | None = None


@dataclass(frozen=True, slots=True)
class TitleLine:
    """One event whose title nobody could read."""

    ref: str
    start: datetime
    title: str


@dataclass(frozen=True, slots=True)
class OnlineLine:
    """One booking that waits on its platform until somebody confirms it."""

    ref: str
    start: datetime
    title: str
    platform: str


@dataclass(frozen=True, slots=True)
class CalendarLine:
    """How we stand with one calendar. standing: `started`, `started-new`, `observing` or `own`.

    fault: a stable code; "" while all is well. Times are local to the clinic. unreadable: how many of its
    events could not be read lately.
    """

    id: str
    name: str
    mode: str
    standing: str
    read_at: datetime | None = None
    fault: str = ""
    fault_since: datetime | None = None
    paused_until: datetime | None = None
    elsewhere: bool = False
    unreadable: int = 0


@dataclass(frozen=True, slots=True)
class Digest:
    """Everything, each list in order of time. reviews: kind and how many visits ask for it, most first.
    closed: platforms that cannot be asked, each with a stable code. given_up: pieces of work that failed
    again and again and are no longer tried.
    """

    at: datetime
    held: tuple[HeldLine, ...] = ()
    reviews: tuple[tuple[str, int], ...] = ()
    unrecognised: tuple[TitleLine, ...] = ()
    calendars: tuple[CalendarLine, ...] = ()
    online: tuple[OnlineLine, ...] = ()
    closed: tuple[tuple[str, str], ...] = ()
    given_up: int = 0
