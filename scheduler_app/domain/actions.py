"""Actions: one thing to do outside, decided, written down, then done, then settled."""

from dataclasses import dataclass
from datetime import datetime

from scheduler_app.domain.events import Mark

KINDS = ("mark", "unmark", "cancel", "confirm", "decline")
PLANNED, DUE, WAITING, DONE, SUPERSEDED, FAILED = (
    "planned",  # its plan is still being made
    "due",
    "waiting",  # the plan touches too much: a person must approve it
    "done",
    "superseded",  # a newer action for the same target took its place
    "failed",
)


@dataclass(frozen=True, slots=True)
class Action:
    """What to do, for which appointment. plan groups the actions that one cause brought about.

    key is unique: planning the same wish twice for the same state of the visit writes one row. message:
    what a client is told where the visit was booked, "" where nobody is told there.
    """

    key: str
    kind: str
    target: str  # appointment ref
    plan: str
    mark: Mark | None
    created_at: datetime
    state: str = PLANNED
    error: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class WrittenMark:
    """The mark we know to stand on an appointment's event, with the etag our write was answered with.

    held_since: when the visit, at the start it has, was first held; None for other kinds of marks.
    """

    appointment: str
    mark: Mark
    etag: str
    written_at: datetime
    held_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Quarrel:
    """How often a person took our mark off a visit that starts at `start`, and when they did so last.

    told: the practitioner was told that it is left alone from now on.
    """

    appointment: str
    start: datetime
    undone: int
    at: datetime
    told: bool = False
