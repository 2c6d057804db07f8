"""Calendars that other programs keep: how we stand with each, their series, the channels we hear through."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from functools import cache

from sqlalchemy import Executable, bindparam, delete, or_, select
from sqlalchemy.engine import Connection

from scheduler_app.domain.connections import CalendarState, Channel
from scheduler_app.ports import Clock
from scheduler_app.store.columns import Moment
from scheduler_app.store.gathered import Gathered
from scheduler_app.store.part import Part
from scheduler_app.store.sql import per_dialect, upsert
from scheduler_app.store.tables import calendar_states as s
from scheduler_app.store.tables import channels as c
from scheduler_app.store.tables import known_series as k

STATES = select(s).order_by(s.c.calendar)
STATE = select(s).where(s.c.calendar == bindparam("of"))
SHORT_OF = (
    select(k.c.series)
    .where(k.c.calendar == bindparam("of"), k.c.read_until < bindparam("until", type_=Moment))
    .order_by(k.c.series)
)
FORGET_SERIES = delete(k).where(k.c.calendar == bindparam("of"), k.c.series == bindparam("is"))
CHANNEL = select(c).where(c.c.id == bindparam("is"))
CHANNELS = select(c).order_by(c.c.asked_at, c.c.id)
OF_CALENDAR = CHANNELS.where(c.c.calendar == bindparam("of"))
PRUNE = delete(c).where(
    or_(
        c.c.expires_at < bindparam("before", type_=Moment),
        c.c.stopped_at < bindparam("before", type_=Moment),
        c.c.expires_at.is_(None) & (c.c.asked_at < bindparam("before", type_=Moment)),
    )
)


@cache
def _put_state(dialect: str, unchanged: tuple[str, ...] = ()) -> Executable:
    return upsert(dialect, s, unchanged)


@per_dialect
def _put_series(dialect: str) -> Executable:
    return upsert(dialect, k)


@per_dialect
def _put_channel(dialect: str) -> Executable:
    return upsert(dialect, c)


class SqlCalendarStates(Part):
    """Implements ports.CalendarStates."""

    def __init__(self, connection: Connection, clock: Clock, gathered: Gathered | None = None) -> None:
        super().__init__(connection, clock, gathered)
        self._read: dict[str, CalendarState] = {}  # one transaction sees one state, and judging asks often

    def get(self, calendar: str) -> CalendarState:
        """What we remember; nothing yet for a calendar never heard of."""
        if calendar not in self._read:
            self._read[calendar] = self._asked(calendar)
        return self._read[calendar]

    def _asked(self, calendar: str) -> CalendarState:
        row = self._do(STATE, {"of": calendar}).first()
        return CalendarState(calendar) if row is None else CalendarState(*row)

    def all(self) -> Sequence[CalendarState]:
        """Those we remember anything of, by calendar."""
        return [CalendarState(*row) for row in self._do(STATES)]

    def put(self, state: CalendarState) -> None:
        """As it stands now. What is as it was read is not written: somebody else may have changed it."""
        before, after = asdict(self.get(state.calendar)), asdict(state)
        unchanged = tuple(name for name in after if after[name] == before[name] and name != "calendar")
        self._read.pop(state.calendar)
        if len(unchanged) < len(after) - 1:
            self._do(_put_state(self._dialect, unchanged), after)


class SqlKnownSeries(Part):
    """Implements ports.KnownSeries."""

    def put(self, calendar: str, series: str, read_until: datetime) -> None:
        """Its instances have been read so far."""
        self._do(
            _put_series(self._dialect), {"calendar": calendar, "series": series, "read_until": read_until}
        )

    def drop(self, calendar: str, series: str) -> None:
        """It is no series any more."""
        self._do(FORGET_SERIES, {"of": calendar, "is": series})

    def read_short_of(self, calendar: str, until: datetime) -> Sequence[str]:
        """Those whose instances have not been read as far as `until`."""
        return list(self._do(SHORT_OF, {"of": calendar, "until": until}).scalars())


class SqlChannels(Part):
    """Implements ports.Channels."""

    def get(self, id: str) -> Channel | None:
        """By the id we gave it."""
        row = self._do(CHANNEL, {"is": id}).first()
        return None if row is None else Channel(*row)

    def of_calendar(self, calendar: str) -> Sequence[Channel]:
        """All we know, the newest last."""
        return [Channel(*row) for row in self._do(OF_CALENDAR, {"of": calendar})]

    def all(self) -> Sequence[Channel]:
        """Those of every calendar, the newest last."""
        return [Channel(*row) for row in self._do(CHANNELS)]

    def put(self, channel: Channel) -> None:
        """As it stands now."""
        self._do(_put_channel(self._dialect), asdict(channel))

    def prune(self, ended_before: datetime) -> int:
        """Forget those that ended before then, and those asked for so long ago whose answer was lost."""
        return self._do(PRUNE, {"before": ended_before}).rowcount
