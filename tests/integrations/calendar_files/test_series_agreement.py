"""Our unrolling beside recurring-ical-events', on whatever series hypothesis thinks of."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.integrations.calendar_files.reading import calendar, events, read_bytes, vevent
from tests.integrations.calendar_files.test_agreement import HOME, ZONES, instant

RULES = st.fixed_dictionaries(
    {"FREQ": st.sampled_from(("DAILY", "WEEKLY", "MONTHLY", "YEARLY"))},
    optional={
        "INTERVAL": st.integers(1, 5).map(str),
        "BYDAY": st.lists(st.sampled_from(("MO", "TU", "WE", "SA", "SU")), min_size=1, unique=True).map(
            ",".join
        ),
        "BYMONTH": st.lists(st.integers(1, 12).map(str), min_size=1, unique=True).map(",".join),
        "BYMONTHDAY": st.lists(st.sampled_from(("1", "15", "31", "-1")), min_size=1, unique=True).map(
            ",".join
        ),
        "BYSETPOS": st.sampled_from(("1", "-1")),
        "WKST": st.sampled_from(("SU", "MO")),
    },
)


@st.composite
def written_series(draw: st.DrawFn) -> list[str]:
    """A master with rules, dates and exceptions, all in one zone."""
    zone = draw(st.sampled_from((*ZONES, "UTC", "day")))
    # Not within hours of a clock change: there the tables of edges hold us to RFC 5545.
    first = datetime.combine(
        draw(st.dates(date(2025, 1, 1), date(2026, 6, 1))), time(draw(st.integers(5, 20)), 0)
    )

    def told(name: str, when: datetime) -> str:
        if zone == "day":
            return f"{name};VALUE=DATE:{when:%Y%m%d}"
        if zone == "UTC":
            return f"{name}:{when:%Y%m%dT%H%M%SZ}"
        return f"{name};TZID={zone}:{when:%Y%m%dT%H%M%S}"

    rule = draw(RULES)
    if "BYSETPOS" in rule:
        assume("BYDAY" in rule or "BYMONTHDAY" in rule)
    # A rule that never comes true is looked for until the year 9999.
    assume("BYMONTH" not in rule or rule.get("BYMONTHDAY") != "31")
    ends = draw(st.sampled_from(("count", "until", "never")))
    parts = [f"{name}={value}" for name, value in rule.items()]
    if ends == "count":
        parts.append(f"COUNT={draw(st.integers(1, 40))}")
    elif ends == "until":
        until = first + timedelta(days=draw(st.integers(0, 500)))
        if zone == "day":
            parts.append(f"UNTIL={until:%Y%m%d}")
        else:
            at = until.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
            parts.append(f"UNTIL={at:%Y%m%dT%H%M%SZ}")
    offsets = st.lists(st.integers(0, 60), max_size=3, unique=True)
    lines = [f"RRULE:{';'.join(parts)}"]
    lines += [told("EXDATE", first + timedelta(days=days)) for days in draw(offsets)]
    # Never by whole hours: recurring-ical-events takes an EXDATE's local time for UTC too.
    lines += [told("RDATE", first + timedelta(days=days, minutes=7 * (days % 3))) for days in draw(offsets)]
    components = [vevent(*lines, "SUMMARY:plain", start=told("DTSTART", first))]
    for days in draw(offsets):
        replaced = told("RECURRENCE-ID", first + timedelta(days=days))
        moved = first + timedelta(days=days + draw(st.integers(-3, 30)), hours=1)
        components.append(vevent(replaced, "SUMMARY:moved", start=told("DTSTART", moved)))
    return draw(st.permutations(components))


@given(written_series(), st.integers(0, 400), st.integers(1, 300))
@settings(deadline=None, max_examples=80)
def test_series_are_unrolled_as_recurring_ical_events_does(
    components: list[str], skip: int, days: int
) -> None:
    raw = calendar(*components)
    first = date(2025, 1, 1) + timedelta(days=skip)
    last = first + timedelta(days=days)
    query = recurring_ical_events.of(icalendar.Calendar.from_ical(raw))
    expected = sorted(
        (instant(event.start), str(event["SUMMARY"]))
        for event in query.between(first - timedelta(days=2), last + timedelta(days=3))
    )
    found = events(read_bytes(raw, window=(first, last), zone=HOME))
    zone = ZoneInfo(found[0].zone if found else HOME)
    inside = [(at, title) for at, title in expected if first <= at.astimezone(zone).date() <= last]
    assert sorted((event.start, event.title) for event in found) == inside
