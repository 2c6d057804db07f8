"""Exports as they come out of Google Calendar, Outlook and Apple, and a booking system's table."""

import zipfile
from pathlib import Path

from scheduler_app.domain.events import CalendarEvent, Person
from tests.integrations.calendar_files.reading import SAMPLES, events, local, read_file, utc


def _sample(name: str, zone: str = "Europe/London") -> dict[str, CalendarEvent]:
    found = events(read_file(SAMPLES / name, zone=zone))
    assert len({event.id for event in found}) == len(found)
    return {f"{event.title} {local(event, event.zone)}": event for event in found}


def test_googles_export_gives_every_event_series_and_exception() -> None:
    assert list(_sample("google.ics", "Asia/Tokyo")) == [
        "Microneedling – Jane Roe 2026-03-14 10:00",
        "LED course - Amara Adams 2026-03-17 16:00",
        "LED course - Amara Adams 2026-04-07 16:00",  # after the change to summer time
        "LED course - Amara Adams (moved) 2026-03-25 09:00",
        "Training: plasma pen 2026-04-01 00:00",
        "Botox - Sara Jones 2026-04-02 14:00",
    ]


def test_googles_event_is_read_in_full() -> None:
    event = _sample("google.ics", "Asia/Tokyo")["Microneedling – Jane Roe 2026-03-14 10:00"]
    assert event == CalendarEvent(
        id="4f0c6b2e1d@google.com",
        etag="",
        status="confirmed",
        start=utc("2026-03-14T10:00"),
        end=utc("2026-03-14T10:45"),
        zone="Europe/London",
        uid="4f0c6b2e1d@google.com",
        title="Microneedling – Jane Roe",
        description="Patch test done, no reaction.\nPhone: 07700 900123\nHx: Botox Jan & lips 2024\n\n"
        "prefers mornings",
        location="Room 1, 14 High Street",
        organizer=Person("c_8f2room1@group.calendar.google.com", "Treatment room 1"),
        attendees=(Person("jane.roe@example.com"),),  # the laser is a resource, not a guest
        created=utc("2026-01-02T09:30:11"),
        updated=utc("2026-01-05T11:00"),
    )


def test_googles_whole_days_cancellations_and_unknown_creation_times_are_told() -> None:
    google = _sample("google.ics")
    training = google["Training: plasma pen 2026-04-01 00:00"]
    assert (training.all_day, training.busy, training.created) == (True, False, None)
    assert (training.start, training.end) == (utc("2026-03-31T23:00"), utc("2026-04-02T23:00"))
    assert google["Botox - Sara Jones 2026-04-02 14:00"].cancelled
    assert google["LED course - Amara Adams 2026-03-17 16:00"].recurring
    assert google["LED course - Amara Adams (moved) 2026-03-25 09:00"].recurring


def test_outlooks_export_gives_its_own_zones_whole_days_and_exceptions() -> None:
    outlook = _sample("outlook.ics", "Europe/Berlin")
    assert list(outlook) == [
        "Botox Stirn 2026-03-30 10:00",
        "Microneedling Lena Fischer 2026-07-16 14:30",  # tzone://Microsoft/Custom
        "Urlaub 2026-04-02 00:00",
        "Teambesprechung 2026-03-09 08:00",
        "Teambesprechung 2026-03-23 08:00",
        "Teambesprechung 2026-03-30 08:00",
        "Teambesprechung (später) 2026-03-16 09:00",  # its exception stands before it in the file
    ]
    botox = outlook["Botox Stirn 2026-03-30 10:00"]
    assert botox.zone == "Europe/Berlin"
    assert botox.labels == ("Botox", "Neukunde, privat")
    assert botox.attendees == (Person("jana@example.de", "Müller, Jana"),)
    assert botox.description == "Telefon: 0151 1234567\n\nHinweis; bitte pünktlich."
    assert len(botox.uid) == 112
    holiday = outlook["Urlaub 2026-04-02 00:00"]
    assert (holiday.all_day, holiday.busy) == (True, False)


def test_apples_export_gives_its_calendars_colour_and_guests_by_their_email_parameter() -> None:
    apple = _sample("apple.ics", "America/New_York")
    assert list(apple) == [
        "Juvederm lips, Grace 2026-03-09 11:00",  # the day after the clocks changed there
        "Facial - Olga 2026-03-02 10:00",
        "Facial - Olga 2026-03-09 10:00",
        "Facial - Olga 2026-03-30 10:00",
        "Facial - Olga 2026-03-23 12:00",
        "Closed 2026-07-04 00:00",
    ]
    lips = apple["Juvederm lips, Grace 2026-03-09 11:00"]
    assert lips.colour == "#FF2968"
    assert lips.attendees == (Person("grace@example.com", "Grace Novak"),)
    assert lips.location == "5th Avenue Skin 500 5th Ave, New York NY"
    assert apple["Facial - Olga 2026-03-23 12:00"].cancelled
    assert apple["Closed 2026-07-04 00:00"].created is None


def test_googles_archive_tells_an_event_shared_by_two_calendars_once(tmp_path: Path) -> None:
    path = tmp_path / "clinic.ical.zip"
    content = (SAMPLES / "google.ics").read_bytes()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("room1@group.calendar.google.com.ics", content)
        archive.writestr("Takeout/Calendar/room2.ics", content)
        archive.writestr("__MACOSX/._room1.ics", b"\x00\x05\x16\x07")
        archive.writestr("Takeout/archive_browser.html", "<html></html>")
    assert sorted(event.id for event in events(read_file(path))) == sorted(
        event.id for event in events(read_file(SAMPLES / "google.ics"))
    )


def test_outlooks_table_is_read_with_its_american_dates_and_lines_inside_cells() -> None:
    table = _sample("outlook.csv")
    assert list(table) == ["Botox - Jane Roe 2026-03-14 10:00", "Training day 2026-04-02 00:00"]
    botox = table["Botox - Jane Roe 2026-03-14 10:00"]
    assert (botox.end, botox.labels) == (utc("2026-03-14T10:30"), ("New client",))
    assert botox.description == "Phone: 07700 900123\nHx: none"
    training = table["Training day 2026-04-02 00:00"]
    assert (training.all_day, training.end) == (True, utc("2026-04-02T23:00"))


def test_a_booking_systems_table_is_read_with_its_own_words_separator_and_encoding() -> None:
    table = _sample("booking-system.csv", "Europe/Berlin")
    assert list(table) == [
        "Microneedling - Jana Müller 2026-03-14 10:00",
        "Botox - Lena Fischer 2026-03-15 16:30",
        "HydraFacial - O'Neill 2026-04-03 11:15",
    ]
    jana = table["Microneedling - Jana Müller 2026-03-14 10:00"]
    assert jana == CalendarEvent(
        id=jana.id,
        etag="",
        status="confirmed",
        start=utc("2026-03-14T09:00"),
        end=utc("2026-03-14T09:30"),
        zone="Europe/Berlin",
        uid="17",
        title="Microneedling - Jana Müller",
        description="Phone: 0151 1234567",
        attendees=(Person("jana@example.de", "Jana Müller"),),
        created=utc("2026-01-02T08:30"),
    )
    assert table["Botox - Lena Fischer 2026-03-15 16:30"].cancelled
