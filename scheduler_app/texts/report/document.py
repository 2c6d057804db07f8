"""The report for programs: one JSON object, written piece by piece."""

import json
from collections.abc import Iterable, Iterator
from datetime import date

from scheduler_app.domain.audits import Audit, AuditedClient, AuditedVisit, AuditFinding, Listed

_Row = tuple[AuditedVisit, AuditFinding]


def json_report(audit: Audit) -> Iterator[str]:
    """The audit as one object, the same for the same audit to the last byte.

    `summary` counts visits, each under its worst finding. `findings` and `possible` hold one entry for
    each visit, rule and other event, sorted by start, uid and rule. Dates are ISO 8601; `start` is
    local time with its offset, or a date for an all-day event; `client`, `other` and `until` may be
    null.
    """
    counts = audit.counts
    summary = {
        "events": counts.events,
        "visits": counts.visits,
        "clients": counts.clients,
        "blocked": counts.blocked,
        "caution": counts.caution,
        "review": counts.review,
        "unrecognised": len(audit.unrecognised),
        "unreadable": len(audit.unreadable),
    }
    yield '{\n  "summary": ' + _text(summary)
    yield from _array("findings", _findings(audit.clients))
    yield from _array("possible", _findings(audit.possible))
    events = sorted(audit.unrecognised, key=lambda event: (event.start, event.uid))
    yield from _array("unrecognised", ({"uid": e.uid, "title": e.title, "start": e.start} for e in events))
    yield from _array("unreadable", ({"where": u.where, "why": u.why} for u in audit.unreadable))
    yield "\n}\n"


def _array(name: str, entries: Iterable[dict[str, object]]) -> Iterator[str]:
    yield f',\n  "{name}": ['
    separator = "\n    "
    for entry in entries:
        yield separator + _text(entry)
        separator = ",\n    "
    yield "]" if separator == "\n    " else "\n  ]"


def _text(value: object) -> str:
    # A lone half of a surrogate pair cannot be written as UTF-8; JSON's own escape can.
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "backslashreplace").decode("utf-8")


def _findings(clients: Iterable[AuditedClient]) -> Iterator[dict[str, object]]:
    rows = [(v, found) for client in clients for v in client.visits for found in v.findings]
    return (_entry(visit, found) for visit, found in sorted(rows, key=_order))


def _order(row: _Row) -> tuple[str, str, str, str, int]:
    visit, found = row
    other = found.finding.other
    uid = found.other.uid if found.other is not None else ""
    on = other.on or 0 if other is not None else 0
    return (visit.event.start, visit.event.uid, found.finding.rule, uid, on)


def _entry(visit: AuditedVisit, found: AuditFinding) -> dict[str, object]:
    event, finding = visit.event, found.finding
    return {
        "uid": event.uid,
        "start": event.start,
        "title": event.title,
        "client": visit.client,
        "outcome": finding.outcome.word,
        "rule": finding.rule,
        "other": _other(found, found.other),
        "until": _iso(finding.until),
    }


def _other(found: AuditFinding, event: Listed | None) -> dict[str, object] | None:
    other = found.finding.other
    if other is None or event is None:
        return None
    return {"uid": event.uid, "treatment": other.treatment, "on": _iso(other.on)}


def _iso(day: int | None) -> str | None:
    return None if day is None else date.fromordinal(day).isoformat()
