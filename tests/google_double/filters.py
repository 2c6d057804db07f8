"""Which events a listing asks for."""

from collections.abc import Callable

from tests.google_double.discovery import Given
from tests.google_double.refusals import Json, Refused, invalid
from tests.google_double.state import FOREVER, Row
from tests.google_double.times import moment


def window(given: Given) -> tuple[float, float]:
    """(timeMin, timeMax) in seconds since 1970; both bounds are exclusive. Raises Refused(400)."""
    since = moment(given["timeMin"], "timeMin").timestamp() if "timeMin" in given else -FOREVER
    until = moment(given["timeMax"], "timeMax").timestamp() if "timeMax" in given else FOREVER
    if until <= since:
        raise Refused(400, "timeRangeEmpty", location="timeMax")
    return since, until


def wanted_rows(given: Given) -> Callable[[Row], bool]:
    """By what a row shows without being read: its window, its kind, its last change."""
    since, until = window(given)
    kinds = frozenset(given.get("eventTypes", ()))
    least = moment(given["updatedMin"], "updatedMin").timestamp() if "updatedMin" in given else -FOREVER

    def wanted(row: Row) -> bool:
        inside = row.end > since and row.start < until and row.updated >= least
        return inside and (not kinds or row.kind in kinds)

    return wanted


def wanted_events(given: Given) -> Callable[[Json], bool] | None:
    """By what an event says; None when nothing of that kind is asked."""
    tests: list[Callable[[Json], bool]] = []
    if "q" in given:
        words = given["q"].casefold().split()
        tests.append(lambda event: all(word in _text(event) for word in words))
    if "iCalUID" in given:
        tests.append(lambda event: event.get("iCalUID") == given["iCalUID"])
    for kind in ("private", "shared"):
        for pair in given.get(f"{kind}ExtendedProperty", ()):
            tests.append(_property(kind, pair))
    if not tests:
        return None
    return lambda event: all(test(event) for test in tests)


def _property(kind: str, pair: str) -> Callable[[Json], bool]:
    key, equals, value = pair.partition("=")
    if not equals:
        raise invalid(f"{kind}ExtendedProperty: not name=value", f"{kind}ExtendedProperty")
    return lambda event: event.get("extendedProperties", {}).get(kind, {}).get(key) == value


def _text(event: Json) -> str:
    people = [*event.get("attendees", ()), event.get("organizer", {})]
    said = [event.get(name, "") for name in ("summary", "description", "location")]
    said += [person.get(name, "") for person in people for name in ("displayName", "email")]
    return " ".join(said).casefold()
