"""The newest verdict of each appointment, exactly as the judge gave it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Executable, bindparam, delete, func, select
from sqlalchemy.engine import Connection

from scheduler_app.domain.outcome import WORDS, Outcome
from scheduler_app.domain.story import NOT_HELD
from scheduler_app.domain.verdict import Finding, Other, Verdict
from scheduler_app.ports import Clock, HeldVerdict
from scheduler_app.store.gathered import Gathered, in_sets
from scheduler_app.store.part import Part
from scheduler_app.store.sql import as_written, per_dialect, readers, upsert
from scheduler_app.store.tables import appointments as a
from scheduler_app.store.tables import verdicts as v

LAST_DAY = date.max.toordinal()


class Row(NamedTuple):
    """A verdict as its row holds it."""

    appointment: str
    client: str
    outcome: str
    findings: Sequence[Mapping[str, Any]]
    earliest: int | None
    earliest_not_blocked: int | None
    rulebook: str
    day: int
    judged_at: datetime


FIELDS = Row._fields
WHOLE = select(*(v.c[name] for name in FIELDS))
BARE = select(*(as_written(v.c[name]) for name in FIELDS))  # for sets, where what a row costs counts
BY_APPOINTMENT = WHOLE.where(v.c.appointment == bindparam("is"))
OF_CLIENT = WHOLE.where(v.c.client == bindparam("of")).order_by(v.c.appointment)
OF_CLIENTS = BARE.where(v.c.client.in_(bindparam("clients", expanding=True)))
BY_APPOINTMENTS = BARE.where(v.c.appointment.in_(bindparam("refs", expanding=True)))
AHEAD = (
    WHOLE.join(a, a.c.ref == v.c.appointment)
    .where(
        a.c.start >= bindparam("first"),
        a.c.start < bindparam("last"),
        a.c.status.not_in(sorted(NOT_HELD)),
        v.c.outcome.in_(bindparam("words", expanding=True)),
    )
    .order_by(a.c.start, a.c.ref)
)
DROP = delete(v).where(v.c.appointment == bindparam("is"))
VERSIONS = select(v.c.rulebook, func.count()).group_by(v.c.rulebook).order_by(v.c.rulebook)


@per_dialect
def _put(dialect: str) -> Executable:
    return upsert(dialect, v)


class SqlVerdicts(Part):
    """Implements ports.Verdicts."""

    def __init__(self, connection: Connection, clock: Clock, gathered: Gathered | None = None) -> None:
        super().__init__(connection, clock, gathered)
        self._read = readers(v, FIELDS, self._dialect)
        self._clients: dict[str, dict[str, HeldVerdict]] = {}  # of those expected, by appointment
        self._known: dict[str, HeldVerdict | None] = {}
        self._puts: dict[str, HeldVerdict] = {}
        self._drops: set[str] = set()
        self._gathered.join(self._say)

    def expect(self, clients: Collection[str], alone: Collection[str]) -> None:
        """Read what `of_client` and `get` will be asked; what is put and dropped is gathered."""
        for some in in_sets(alone):
            self._known |= dict.fromkeys(some)
            self._known |= {held.appointment: held for held in self._set(BY_APPOINTMENTS, {"refs": some})}
        for some in in_sets(clients):
            self._clients |= {client: {} for client in some}
            for held in self._set(OF_CLIENTS, {"clients": some}):
                self._known[held.appointment] = self._clients[held.client][held.appointment] = held

    def get(self, appointment: str) -> HeldVerdict | None:
        """The newest."""
        if appointment in self._known:
            return self._known[appointment]
        row = self._do(BY_APPOINTMENT, {"is": appointment}).first()
        return None if row is None else _held(row)

    def of_client(self, client: str) -> Mapping[str, HeldVerdict]:
        """By appointment."""
        if client in self._clients:
            return self._clients[client]
        return {row[0]: _held(row) for row in self._do(OF_CLIENT, {"of": client})}

    def between(
        self, start: datetime, end: datetime, outcomes: Sequence[Outcome]
    ) -> Mapping[str, HeldVerdict]:
        """Of live appointments that start in [start, end) and were judged so; in order of start."""
        values = {"first": start, "last": end, "words": [outcome.word for outcome in outcomes]}
        return {row[0]: _held(row) for row in self._do(AHEAD, values)}

    def put(self, held: Sequence[HeldVerdict]) -> None:
        """Each takes the place of the one before it. Raises Invalid for an unknown appointment."""
        for each in held:
            ref = each.appointment
            self._drops.discard(ref)
            self._puts[ref] = each
            if self._known.get(ref) is not None:
                self._forget(ref)
            self._known[ref] = each
            if each.client in self._clients:
                self._clients[each.client][ref] = each
        self._said_soon()

    def drop(self, appointments: Sequence[str]) -> None:
        """For appointments that are no longer judged."""
        for ref in appointments:
            self._drops.add(ref)
            self._puts.pop(ref, None)
            self._forget(ref)
            self._known[ref] = None
        self._said_soon()

    def versions(self) -> Mapping[str, int]:
        """How many verdicts were judged by each version of the rules."""
        return {version: count for version, count in self._do(VERSIONS)}

    def _set(self, query: Executable, values: dict[str, Any]) -> Iterator[HeldVerdict]:
        return map(_held, self._read(self._do_sets(query, values)))

    def _forget(self, ref: str) -> None:
        """Whoever's it was; one of nobody expected is in no list of ours."""
        held = self._known.get(ref)
        if held is not None and held.client in self._clients:
            self._clients[held.client].pop(ref, None)

    def _said_soon(self) -> None:
        if self._gathered.on:
            self._gathered.waiting = True
        else:
            self._gathered.flush_now()
            self._known.clear()

    def _say(self) -> None:
        puts, drops = [_row(self._puts[ref]) for ref in sorted(self._puts)], sorted(self._drops)
        self._puts, self._drops = {}, set()
        self._do_all_of(_put(self._dialect), puts, FIELDS)
        self._do_all(DROP, [{"is": ref} for ref in drops])


def _row(held: HeldVerdict) -> Row:
    outcome, findings, earliest, not_blocked = held.verdict
    written = [_written(finding) for finding in findings] if findings else ()
    return Row(
        held.appointment,
        held.client,
        WORDS[outcome],
        written,
        earliest,
        not_blocked,
        held.rulebook,
        held.day,
        held.judged_at,
    )


def _held(row: Any) -> HeldVerdict:
    appointment, client, outcome, findings, earliest, not_blocked, rulebook, day, judged_at = row
    verdict = Verdict(_outcome(outcome), tuple(map(_read, findings)), earliest, not_blocked)
    return HeldVerdict(appointment, client, verdict, rulebook, day, judged_at)


def _written(finding: Finding) -> dict[str, Any]:
    """What differs from a bare finding, with days a person can read."""
    plain = Finding._field_defaults
    changed: dict[str, Any] = {
        name: value
        for name, value in zip(Finding._fields, finding, strict=True)
        if name not in plain or value != plain[name]
    }
    changed["outcome"] = finding.outcome.word
    if finding.until is not None:
        changed["until"] = _day(finding.until)
    if (other := finding.other) is not None:
        changed["other"] = [other.treatment, _day(other.on), other.ref, other.presumed]
    return changed


def _read(written: dict[str, Any]) -> Finding:
    known = dict(written)
    known["outcome"] = _outcome(known["outcome"])
    known["until"] = _ordinal(known.get("until"))
    if "other" in known:
        treatment, on, ref, presumed = known["other"]
        known["other"] = Other(treatment, _ordinal(on), ref, presumed)
    return Finding(**known)


def _outcome(word: str) -> Outcome:
    return Outcome(WORDS.index(word))


def _day(day: int | None) -> str | int | None:
    """ISO text, or the number itself for days past the calendar's end (a course being taken)."""
    return date.fromordinal(day).isoformat() if day is not None and 1 <= day <= LAST_DAY else day


def _ordinal(day: str | int | None) -> int | None:
    return date.fromisoformat(day).toordinal() if isinstance(day, str) else day
