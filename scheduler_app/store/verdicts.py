"""The newest verdict of each appointment, exactly as the judge gave it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Executable, bindparam, delete, func, select

from scheduler_app.domain.outcome import WORDS, Outcome
from scheduler_app.domain.story import NOT_HELD
from scheduler_app.domain.verdict import Finding, Other, Verdict
from scheduler_app.ports import HeldVerdict
from scheduler_app.store.part import Part
from scheduler_app.store.sql import per_dialect, upsert
from scheduler_app.store.tables import appointments as a
from scheduler_app.store.tables import verdicts as v

LAST_DAY = date.max.toordinal()
WHOLE = select(
    v.c.appointment,
    v.c.client,
    v.c.outcome,
    v.c.findings,
    v.c.earliest,
    v.c.earliest_not_blocked,
    v.c.rulebook,
    v.c.day,
    v.c.judged_at,
)
BY_APPOINTMENT = WHOLE.where(v.c.appointment == bindparam("is"))
OF_CLIENT = WHOLE.where(v.c.client == bindparam("of")).order_by(v.c.appointment)
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

    def get(self, appointment: str) -> HeldVerdict | None:
        """The newest."""
        row = self._do(BY_APPOINTMENT, {"is": appointment}).first()
        return None if row is None else _held(row)

    def of_client(self, client: str) -> Mapping[str, HeldVerdict]:
        """By appointment."""
        return {row[0]: _held(row) for row in self._do(OF_CLIENT, {"of": client})}

    def between(
        self, start: datetime, end: datetime, outcomes: Sequence[Outcome]
    ) -> Mapping[str, HeldVerdict]:
        """Of live appointments that start in [start, end) and were judged so; in order of start."""
        values = {"first": start, "last": end, "words": [outcome.word for outcome in outcomes]}
        return {row[0]: _held(row) for row in self._do(AHEAD, values)}

    def put(self, held: Sequence[HeldVerdict]) -> None:
        """Each takes the place of the one before it. Raises Invalid for an unknown appointment."""
        if held:
            self._do(_put(self._dialect), [_row(each) for each in held])

    def drop(self, appointments: Sequence[str]) -> None:
        """For appointments that are no longer judged."""
        if appointments:
            self._do(DROP, [{"is": ref} for ref in appointments])

    def versions(self) -> Mapping[str, int]:
        """How many verdicts were judged by each version of the rules."""
        return {version: count for version, count in self._do(VERSIONS)}


def _row(held: HeldVerdict) -> dict[str, Any]:
    verdict = held.verdict
    return {
        "appointment": held.appointment,
        "client": held.client,
        "outcome": verdict.outcome.word,
        "findings": [_written(finding) for finding in verdict.findings],
        "earliest": verdict.earliest,
        "earliest_not_blocked": verdict.earliest_not_blocked,
        "rulebook": held.rulebook,
        "day": held.day,
        "judged_at": held.judged_at,
    }


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
