"""Where a time is: zones by name and by description, the calendar's own, the clinic's."""

import pytest

from scheduler_app.domain.events import CalendarEvent, Unreadable
from scheduler_app.errors import Invalid
from tests.integrations.calendar_files.reading import (
    calendar,
    events,
    local,
    one,
    read_bytes,
    start_of,
    utc,
    vevent,
    why,
)

BERLIN_BY_RULE = """\
BEGIN:VTIMEZONE
TZID:{name}
BEGIN:STANDARD
DTSTART:16011028T030000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010325T020000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
END:VTIMEZONE"""


BERLIN_BY_DATES = """\
BEGIN:VTIMEZONE
TZID:{name}
BEGIN:STANDARD
DTSTART:20251026T030000
RDATE:20261025T030000,20271031T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:20250330T020000
RDATE:20260329T020000
RDATE:20270328T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
END:VTIMEZONE"""


@pytest.mark.parametrize(
    ("line", "instant", "zone"),
    [
        ("DTSTART:20260714T100000Z", "2026-07-14T10:00", "Europe/London"),
        ("DTSTART;TZID=Europe/Madrid:20260714T100000", "2026-07-14T08:00", "Europe/Madrid"),
        ('DTSTART;TZID="Europe/Madrid":20260714T100000', "2026-07-14T08:00", "Europe/Madrid"),
        ("DTSTART;TZID=europe/madrid:20260714T100000", "2026-07-14T08:00", "Europe/Madrid"),
        ("DTSTART;VALUE=DATE-TIME;TZID=Europe/Madrid:20260714T100000", "2026-07-14T08:00", "Europe/Madrid"),
        ("DTSTART;TZID=Europe/Madrid:20260714T100000Z", "2026-07-14T10:00", "Europe/London"),
        ("DTSTART;TZID=GMT Standard Time:20260714T100000", "2026-07-14T09:00", "Europe/London"),
        ('DTSTART;TZID="W. Europe Standard Time":20260714T100000', "2026-07-14T08:00", "Europe/Berlin"),
        ("DTSTART;TZID=Romance Standard Time:20260714T100000", "2026-07-14T08:00", "Europe/Paris"),
        ("DTSTART;TZID=AUS Eastern Standard Time:20260714T100000", "2026-07-14T00:00", "Australia/Sydney"),
        (
            "DTSTART;TZID=/freeassociation.sourceforge.net/Europe/Rome:20260714T100000",
            "2026-07-14T08:00",
            "Europe/Rome",
        ),
        (
            "DTSTART;TZID=/freeassociation.sourceforge.net/Tzfile/America/Indiana/Knox:20260714T100000",
            "2026-07-14T15:00",
            "America/Indiana/Knox",
        ),
        (
            "DTSTART;TZID=/mozilla.org/20050126_1/Europe/Rome:20260714T100000",
            "2026-07-14T08:00",
            "Europe/Rome",
        ),
        ("DTSTART;TZID=tzone://Microsoft/Utc:20260714T100000", "2026-07-14T10:00", "Europe/London"),
        ("DTSTART;TZID=Etc/UTC:20260714T100000", "2026-07-14T10:00", "Europe/London"),
        ("DTSTART;TZID=UTC+02:00:20260714T100000", "2026-07-14T08:00", "Europe/London"),
        ("DTSTART;TZID=GMT-0500:20260714T100000", "2026-07-14T15:00", "Europe/London"),
        ("DTSTART:20260714T100000", "2026-07-14T09:00", "Europe/London"),
        ("dtstart;tzid=Europe/Madrid:20260714t100000", "2026-07-14T08:00", "Europe/Madrid"),
        ("DTSTART:20260714T100060Z", "2026-07-14T10:00:59", "Europe/London"),
    ],
)
def test_a_start_is_placed_by_the_zone_it_names(line: str, instant: str, zone: str) -> None:
    event = start_of(line)
    assert (event.start, event.zone) == (utc(instant), zone)


@pytest.mark.parametrize("description", [BERLIN_BY_RULE, BERLIN_BY_DATES])
@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("20260101T100000", "2026-01-01T09:00"),
        ("20260329T013000", "2026-03-29T00:30"),
        ("20260329T023000", "2026-03-29T01:30"),  # does not exist: the offset before the gap (RFC 5545 3.3.5)
        ("20260329T030000", "2026-03-29T01:00"),
        ("20260714T100000", "2026-07-14T08:00"),
        ("20261025T023000", "2026-10-25T00:30"),  # twice: the first of the two
        ("20261025T030000", "2026-10-25T02:00"),
    ],
)
def test_a_zone_with_a_name_of_its_own_is_computed_from_its_description(
    description: str, written: str, instant: str
) -> None:
    event = start_of(f"DTSTART;TZID=Praxiszeit:{written}", zones=description.format(name="Praxiszeit"))
    assert (event.start, event.zone) == (utc(instant), "Europe/London")


def test_a_described_zone_agrees_with_the_zone_it_describes_at_every_hour_of_two_years() -> None:
    text = "\n".join(
        vevent(
            uid=f"{month}-{day}-{hour}", start=f"DTSTART;TZID={{zone}}:2026{month:02}{day:02}T{hour:02}3000"
        )
        for month in range(1, 13)
        for day in (1, 24, 25, 26, 28)
        for hour in (0, 1, 2, 3, 12)
    )
    described = events(read_bytes(calendar(BERLIN_BY_RULE.format(name="x"), text.format(zone="x"))))
    named = events(read_bytes(calendar(text.format(zone="Europe/Berlin"))))
    assert [event.start for event in described] == [event.start for event in named]


@pytest.mark.parametrize("until", ["20251231T000000Z", "20251231", "20251026T010000Z"])
def test_a_rule_of_a_zone_ends_with_its_until(until: str) -> None:
    # Summer time was given up, so the old rule for winter time is the last that held.
    described = BERLIN_BY_RULE.format(name="x").replace("BYMONTH=", f"UNTIL={until};BYMONTH=")
    event = start_of("DTSTART;TZID=x:20260714T100000", zones=described)
    assert event.start == utc("2026-07-14T09:00")
    event = start_of("DTSTART;TZID=x:20250714T100000", zones=described)
    assert event.start == utc("2025-07-14T08:00")


def test_a_zone_may_be_described_after_the_events_that_use_it() -> None:
    event = one(
        calendar(vevent(start="DTSTART;TZID=Later:20260714T100000"), BERLIN_BY_RULE.format(name="Later"))
    )
    assert event.start == utc("2026-07-14T08:00")


def test_a_zone_that_says_where_it_lies_is_that_place() -> None:
    described = BERLIN_BY_RULE.format(name="Office").replace(
        "TZID:Office", "TZID:Office\nX-LIC-LOCATION:Pacific/Auckland"
    )
    event = start_of("DTSTART;TZID=Office:20260714T100000", zones=described)
    assert (event.start, event.zone) == (utc("2026-07-13T22:00"), "Pacific/Auckland")


def test_a_known_name_outranks_the_description_beside_it() -> None:
    event = start_of(
        "DTSTART;TZID=Asia/Tokyo:20260714T100000", zones=BERLIN_BY_RULE.format(name="Asia/Tokyo")
    )
    assert event.start == utc("2026-07-14T01:00")


def test_each_calendar_of_a_file_has_its_own_zones() -> None:
    first = calendar(BERLIN_BY_RULE.format(name="x"), vevent(uid="a", start="DTSTART;TZID=x:20260714T100000"))
    shifted = BERLIN_BY_RULE.format(name="x").replace("+0100", "+0900").replace("+0200", "+0900")
    second = calendar(shifted, vevent(uid="b", start="DTSTART;TZID=x:20260714T100000"))
    starts = [event.start for event in events(read_bytes(first + second))]
    assert starts == [utc("2026-07-14T08:00"), utc("2026-07-14T01:00")]


@pytest.mark.parametrize(
    ("head", "zone", "shown"),
    [
        ("", "Europe/London", "2026-07-14 10:00"),
        ("X-WR-TIMEZONE:America/New_York", "America/New_York", "2026-07-14 10:00"),
        ("X-WR-TIMEZONE:Eastern Standard Time", "America/New_York", "2026-07-14 10:00"),
    ],
)
def test_a_floating_time_is_where_the_calendar_is(head: str, zone: str, shown: str) -> None:
    event = start_of("DTSTART:20260714T100000", head=head)
    assert (event.zone, local(event, zone)) == (zone, shown)


def test_a_time_in_utc_belongs_to_the_calendars_place_or_the_clinics_where_that_is_utc_itself() -> None:
    assert start_of("DTSTART:20260714T100000Z", head="X-WR-TIMEZONE:Asia/Tokyo").zone == "Asia/Tokyo"
    assert (
        start_of("DTSTART:20260714T100000Z", head="X-WR-TIMEZONE:UTC", zone="Asia/Tokyo").zone == "Asia/Tokyo"
    )
    assert start_of("DTSTART:20260714T100000Z", zone="Asia/Tokyo").zone == "Asia/Tokyo"


def test_a_calendar_zone_nobody_knows_is_told_and_the_clinics_is_used() -> None:
    content = calendar(vevent(start="DTSTART:20260714T100000"), head="X-WR-TIMEZONE:Mars/Olympus")
    told, event = read_bytes(content)
    assert isinstance(told, Unreadable)
    assert "X-WR-TIMEZONE" in told.why
    assert isinstance(event, CalendarEvent)
    assert event.start == utc("2026-07-14T09:00")


@pytest.mark.parametrize(
    "fault",
    [
        ("TZOFFSETTO:+0100", "TZOFFSETTO:later"),
        ("TZOFFSETFROM:+0200\n", ""),
        ("FREQ=YEARLY", "FREQ=SECONDLY"),
        ("FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10", "FREQ=MONTHLY"),
        ("DTSTART:16011028T030000", "DTSTART:never"),
        ("FREQ=YEARLY;BYDAY=-1SU", "FREQ=YEARLY;BYDAY=Sunday"),
    ],
)
def test_an_event_in_a_zone_described_wrongly_is_told(fault: tuple[str, str]) -> None:
    described = BERLIN_BY_RULE.format(name="x").replace(*fault)
    assert "time zone" in why(calendar(described, vevent(start="DTSTART;TZID=x:20260714T100000")))


def test_a_zone_without_any_offset_is_told_at_the_event() -> None:
    empty = "BEGIN:VTIMEZONE\nTZID:x\nEND:VTIMEZONE"
    assert "time zone" in why(calendar(empty, vevent(start="DTSTART;TZID=x:20260714T100000")))


@pytest.mark.parametrize("name", ["", "Nowhere", "localtime", "../../etc/passwd", "UTC+2"])
def test_the_clinics_zone_has_to_be_an_iana_name(name: str) -> None:
    with pytest.raises(Invalid) as raised:
        read_bytes(calendar(vevent()), zone=name)
    assert raised.value.path == "default_zone"


@pytest.mark.parametrize(
    "name", ["localtime", "../../etc/passwd", "Factory", "/", "", "\x01" * 300, "UTC+99:00"]
)
def test_a_zone_name_never_reaches_the_machines_files(name: str) -> None:
    assert "time zone" in why(calendar(vevent(start=f"DTSTART;TZID={name or '?'}:20260714T100000")))
