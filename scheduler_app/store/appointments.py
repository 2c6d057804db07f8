"""The book, with what changed in it."""

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import starmap
from operator import attrgetter
from typing import Any, cast

from sqlalchemy import Executable, Select, bindparam, func, insert, select, text, tuple_
from sqlalchemy.engine import Connection

from scheduler_app.domain.appointments import Appointment, Change
from scheduler_app.domain.story import NOT_HELD
from scheduler_app.domain.visits import once
from scheduler_app.ports import Clock
from scheduler_app.store.changes import FIELDS, as_new, changed
from scheduler_app.store.columns import Moment
from scheduler_app.store.gathered import Gathered, in_sets
from scheduler_app.store.part import Part
from scheduler_app.store.sql import as_written, moments, per_dialect, readers, upsert
from scheduler_app.store.tables import appointment_history as h
from scheduler_app.store.tables import appointments as a

WHOLE: Select[Any] = select(*(a.c[name] for name in FIELDS))
IN_ORDER = WHOLE.order_by(a.c.start, a.c.ref)
BARE = select(*(as_written(a.c[name]) for name in FIELDS))  # for sets, where what a row costs counts

BY_REF = WHOLE.where(a.c.ref == bindparam("is"))
BY_SOURCE = WHOLE.where(a.c.source == bindparam("of"), a.c.source_id == bindparam("is"))
BY_SOURCES = BARE.where(a.c.source == bindparam("of"), a.c.source_id.in_(bindparam("ids", expanding=True)))
OF_CLIENTS = BARE.where(a.c.client.in_(bindparam("clients", expanding=True))).order_by(a.c.start, a.c.ref)
BY_REFS = BARE.where(a.c.ref.in_(bindparam("refs", expanding=True)))
OF_SERIES = IN_ORDER.where(
    a.c.source == bindparam("of"), a.c.series == bindparam("is"), a.c.series != text("''")
)
CARRYING = IN_ORDER.where(a.c.carries == bindparam("is"), a.c.carries != text("''"))
TWINS = IN_ORDER.where(a.c.same_as == bindparam("of"))
ONE_A_VISIT = a.c.same_as.is_(None)
OF_CLIENT = IN_ORDER.where(a.c.client == bindparam("of"))
UNASSIGNED = IN_ORDER.where(a.c.client.is_(None), ONE_A_VISIT)
BETWEEN = IN_ORDER.where(a.c.start >= bindparam("first"), a.c.start < bindparam("last"))
BETWEEN_IN = BETWEEN.where(a.c.calendar == bindparam("of"))
UPCOMING = select(func.count()).where(
    a.c.start >= bindparam("first"), a.c.status.not_in(sorted(NOT_HELD)), ONE_A_VISIT
)
PAGE = 1000
LATELY = timedelta(days=3)
LIVE_IN = (
    select(as_written(a.c.start).label("begins"), a.c.ref, a.c.source, a.c.source_id)
    .where(
        a.c.calendar == bindparam("of"),
        a.c.end > bindparam("ended", type_=Moment),
        a.c.status.not_in(("cancelled", "entered-in-error")),
        tuple_(a.c.start, a.c.ref)
        > tuple_(bindparam("after", type_=Moment), bindparam("after_ref", type_=a.c.ref.type)),
    )
    .order_by(a.c.start, a.c.ref)
    .limit(PAGE)
)
LONG_AGO = datetime.min.replace(tzinfo=UTC)
HEARD = select(a.c.heard_at).where(a.c.ref == bindparam("is"))
HISTORY = select(h.c.by, h.c.at, h.c.changes).where(h.c.appointment == bindparam("of")).order_by(h.c.id)
REMEMBER = insert(h)
ADD = insert(a)
BY_START = attrgetter("start")


@per_dialect
def _put(dialect: str) -> Executable:
    return upsert(dialect, a, keep=("heard_at",))


class SqlAppointments(Part):
    """Implements ports.Appointments."""

    def __init__(self, connection: Connection, clock: Clock, gathered: Gathered | None = None) -> None:
        super().__init__(connection, clock, gathered)
        self._read = readers(a, FIELDS, self._dialect)
        self._moment = moments(self._dialect)
        self._expected: dict[tuple[str, str], Appointment | None] = {}
        self._by_ref: dict[str, Appointment] = {}
        self._books: dict[str, list[Appointment]] = {}
        self._new: dict[datetime | None, list[Appointment]] = {}  # by when they were heard of
        self._changed: dict[datetime | None, list[Appointment]] = {}
        self._news: list[dict[str, Any]] = []
        self._gathered.join(self._say)

    def expect(self, source: str, ids: Collection[str]) -> None:
        """Read what `by_source` will be asked; what is put under these names is gathered."""
        for some in in_sets(ids):
            self._expected |= {(source, id): None for id in some}
            for held in self._set(BY_SOURCES, {"of": source, "ids": some}):
                self._keep(held)

    def expect_books(self, clients: Collection[str], alone: Collection[str]) -> list[str]:
        """Read what `of_client` and `get` will be asked; the refs of those that are not long over."""
        refs = []
        lately = self._clock() - LATELY
        for some in in_sets(clients):
            books: dict[str | None, list[Appointment]] = {client: [] for client in some}
            for held in self._set(OF_CLIENTS, {"clients": some}):
                books[held.client].append(held)
                if held.end > lately:
                    refs.append(held.ref)
            self._books |= cast(dict[str, list[Appointment]], books)  # asked for by client: no None
        for some in in_sets(alone):
            self._by_ref |= {held.ref: held for held in self._set(BY_REFS, {"refs": some})}
            refs += some
        return refs

    def get(self, ref: str) -> Appointment | None:
        """By our own ref."""
        if ref in self._by_ref:
            return self._by_ref[ref]
        return self._one(BY_REF, {"is": ref})

    def by_source(self, source: str, source_id: str) -> Appointment | None:
        """By the name its source gave it."""
        if (source, source_id) in self._expected:
            return self._expected[source, source_id]
        return self._one(BY_SOURCE, {"of": source, "is": source_id})

    def of_client(self, client: str, *, twins: bool = False) -> Sequence[Appointment]:
        """All, called off ones too, in order of start."""
        book = self._books.get(client)
        if book is None:
            book = self._many(OF_CLIENT, {"of": client})
        return book if twins else once(book)

    def twins(self, ref: str) -> Sequence[Appointment]:
        """Those that tell of the same visit as this one."""
        return self._many(TWINS, {"of": ref})

    def unassigned(self) -> Sequence[Appointment]:
        """Those whose client nobody knows."""
        return self._many(UNASSIGNED, {})

    def put(self, appointment: Appointment, by: str, at: datetime) -> None:
        """Keep it as it is now, and write down what changed. No change, no row.

        Raises Conflict when another appointment goes by the same name at its source, Invalid for a
        client nobody knows.
        """
        named = (appointment.source, appointment.source_id)
        expected = named in self._expected
        before = self._expected[named] if expected else self.get(appointment.ref)
        if before == appointment:
            return
        for each in (before, appointment) if self._books else ():
            if each is not None and each.client is not None:
                self._books.pop(each.client, None)
        heard_at = at if before is None and by == appointment.source else None
        told = self._new if expected and before is None else self._changed
        told.setdefault(heard_at, []).append(appointment)
        changes = {} if before is None else changed(before, appointment)
        if changes or (before is None and heard_at is None):
            self._news.append({"appointment": appointment.ref, "by": by, "at": at, "changes": changes})
        if expected:
            self._keep(appointment)
            self._gathered.waiting = True
        else:
            self._by_ref.pop(appointment.ref, None)
            self._gathered.flush_now()

    def carrying(self, carried: str) -> Sequence[Appointment]:
        """Those whose words name the booking."""
        if self._new or self._changed:
            self._gathered.flush()
        return [Appointment(*row) for row in self._do_at_once(CARRYING, {"is": carried})]

    def of_series(self, source: str, series: str) -> Sequence[Appointment]:
        """The instances of a series, called off ones too, in order of start."""
        return self._many(OF_SERIES, {"of": source, "is": series})

    def between(
        self, start: datetime, end: datetime, calendar: str | None = None, *, twins: bool = False
    ) -> Sequence[Appointment]:
        """Those that start from start on and before end."""
        if calendar is None:
            found = self._many(BETWEEN, {"first": start, "last": end})
        else:
            found = self._many(BETWEEN_IN, {"first": start, "last": end, "of": calendar})
        return found if twins else [each for each in found if each.same_as is None]

    def count_upcoming(self, now: datetime) -> int:
        """Visits still ahead that are not called off."""
        return int(self._do(UPCOMING, {"first": now}).scalar_one())

    def live_in(self, calendar: str, ending_after: datetime) -> Iterator[tuple[datetime, str, str, str]]:
        """As the port says."""
        values = {"of": calendar, "ended": ending_after, "after": LONG_AGO, "after_ref": ""}
        while page := self._do(LIVE_IN, values).all():
            starts = [self._moment(row[0]) for row in page]
            for start, (_, ref, source, id) in zip(starts, page, strict=True):
                yield start, ref, source, id
            values |= {"after": starts[-1], "after_ref": page[-1].ref}

    def history(self, ref: str) -> Sequence[Change]:
        """Every change, oldest first."""
        rows: list[tuple[str, datetime, dict[str, Any]]] = [(*row,) for row in self._do(HISTORY, {"of": ref})]
        held, heard_at = self.get(ref), self._do(HEARD, {"is": ref}).scalar()
        if held is not None and heard_at is not None:
            rows.insert(0, (held.source, heard_at, {}))
        if rows and not rows[0][2]:
            by, at, _ = rows[0]
            rows[0] = (by, at, as_new(held, [changes for _, _, changes in rows]))
        return [
            Change(by, at, field, before, after)
            for by, at, changes in rows
            for field, (before, after) in changes.items()
        ]

    def _keep(self, held: Appointment) -> None:
        self._expected[held.source, held.source_id] = held
        self._by_ref[held.ref] = held

    def _say(self) -> None:
        new, changed, news = self._new, self._changed, self._news
        self._new, self._changed, self._news = {}, {}, []
        for at, some in new.items():
            some.sort(key=BY_START)  # two indices are filled from one end to the other
            self._do_all_of(ADD, some, FIELDS, heard_at=at)
        for at, some in changed.items():
            self._do_all_of(_put(self._dialect), some, FIELDS, heard_at=at)
        self._do_all(REMEMBER, news)

    def _one(self, query: Executable, values: dict[str, Any]) -> Appointment | None:
        row = self._do(query, values).first()
        return None if row is None else Appointment(*row)

    def _many(self, query: Executable, values: dict[str, Any]) -> list[Appointment]:
        return [Appointment(*row) for row in self._do(query, values)]

    def _set(self, query: Executable, values: dict[str, Any]) -> Iterator[Appointment]:
        return starmap(Appointment, self._read(self._do_sets(query, values)))
