"""Tables: their headers, separators and dates; what each row becomes."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.calendar_files import sheet_dates
from integrations.calendar_files.columns import NO_HEADER, columns_of
from integrations.calendar_files.sheet_dates import DateOrder, read_date, read_minutes, read_time
from scheduler_app.domain.events import CalendarEvent, Person, Unreadable
from tests.integrations.calendar_files.reading import events, local, read_bytes


def table(
    *rows: str, day_first: bool | None = None, zone: str = "Europe/London"
) -> list[CalendarEvent | Unreadable]:
    return read_bytes("\n".join(rows).encode(), name="book.csv", day_first=day_first, zone=zone)


def row(header: str, *cells: str) -> CalendarEvent:
    (event,) = events(table(header, *cells))
    return event


def days(*dates: str, day_first: bool | None = None) -> list[str]:
    """The day each row is read as, or its fault in brackets."""
    return [
        _told(item) for item in table("date,title", *(f'"{when}",x' for when in dates), day_first=day_first)
    ]


def _told(item: CalendarEvent | Unreadable) -> str:
    return local(item)[:10] if isinstance(item, CalendarEvent) else f"[{item.why}]"


@pytest.mark.parametrize(
    "header",
    [
        "Date,Treatment,Client",
        "date;service;customer name",
        "Appointment Date\tAppointment Type\tPatient",
        "DATE|PROCEDURE|Full Name",
        "Datum;Behandlung;Kunde",
        "Fecha;Servicio;Cliente",
        "Start date,Type,Name",
        '"Booking date","Service","Client name"',
        "start_date,service_name,client_name",
        "startDate,serviceName,clientName",
    ],
)
def test_columns_are_known_by_the_names_people_give_them(header: str) -> None:
    separator = next(mark for mark in ",;\t|" if mark in header)
    event = row(header, separator.join(("2026-03-14", "Botox", "Jane Roe")))
    assert (local(event), event.title, event.all_day) == ("2026-03-14 00:00", "Botox - Jane Roe", True)
    assert event.attendees == (Person("", "Jane Roe"),)


@pytest.mark.parametrize(
    ("header", "cells", "start", "end"),
    [
        ("date,start time,end time,title", "2026-03-14,10:00,10:45,x", "10:00", 45),
        ("date,start,end,title", "2026-03-14,10:00,10:45,x", "10:00", 45),
        ("date,time,duration,title", "2026-03-14,10:00,45,x", "10:00", 45),
        ("date,time,duration,title", "2026-03-14,10:00,1:15,x", "10:00", 75),
        ("date,time,duration (mins),title", "2026-03-14,10:00,45 min,x", "10:00", 45),
        ("date,time,title", "2026-03-14,10:00,x", "10:00", 0),
        ("start,end,title", "2026-03-14 10:00,2026-03-14 10:45,x", "10:00", 45),
        ("starts at,ends at,title", "2026-03-14T10:00:00Z,2026-03-14T10:45:00Z,x", "10:00", 45),
        ("start,title", "2026-07-14T10:00:00+02:00,x", "09:00", 0),
        (
            "start date,start time,end date,end time,title",
            "3/14/2026,2:30 PM,3/15/2026,12:00 AM,x",
            "14:30",
            570,
        ),
        ("date,time,end date,title", "2026-03-14,10:00,2026-03-14,x", "10:00", 0),
        ("start,time zone,title", "2026-07-14 10:00,Europe/Madrid,x", "09:00", 0),
        ("date,time,title", "2026-03-14,10am,x", "10:00", 0),
    ],
)
def test_a_visit_begins_and_ends_when_its_columns_say(header: str, cells: str, start: str, end: int) -> None:
    event = row(header, cells)
    assert local(event)[11:] == start
    assert event.end - event.start == timedelta(minutes=end)
    assert not event.all_day


def test_a_row_without_a_time_is_a_whole_day_and_its_end_exclusive() -> None:
    header = "start date,start time,end date,title"
    assert row(header, "2026-03-14,,,x").end == row(header, "2026-03-14,,2026-03-15,x").end
    assert row(header, "2026-03-14,,2026-03-14,x").all_day
    assert row(header, "2026-03-14,,2026-03-16,x").end - row(header, "2026-03-14,,,x").end == timedelta(
        days=1
    )


def test_a_row_says_all_it_knows() -> None:
    event = row(
        "Ref,Date,Time,Service,Title,First name,Surname,E-mail,Mobile,Phone,Client ID,Notes,Room,Tag,Created",
        "B7,2026-03-14,10:00,Botox,Dr,Jane,Roe,jane@example.com,,07700 900123,C12,likes mornings,Room 1,New,"
        "2026-01-02 09:00",
    )
    assert event.id.startswith("B7-")
    assert (event.uid, event.title, event.location, event.labels) == (
        "B7",
        "Botox - Jane Roe",
        "Room 1",
        ("New",),
    )
    assert event.attendees == (Person("jane@example.com", "Jane Roe"),)
    assert event.description == "Dr\nlikes mornings\nPhone: 07700 900123\nClient code: C12"
    assert event.created is not None
    assert event.created.isoformat() == "2026-01-02T09:00:00+00:00"


def test_a_name_already_in_the_title_is_not_written_twice() -> None:
    assert row("date,title,client", "2026-03-14,Botox Jane Roe,Jane Roe").title == "Botox Jane Roe"
    assert row("date,client", "2026-03-14,Jane Roe").title == "Jane Roe"


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("", "confirmed"),
        ("Confirmed", "confirmed"),
        ("Completed", "confirmed"),
        ("Attended", "confirmed"),
        ("Canceled", "cancelled"),
        ("CANCELLED BY CLIENT", "cancelled"),
        ("No show", "cancelled"),
        ("no-show", "cancelled"),
        ("DNA", "cancelled"),
        ("Did not attend", "cancelled"),
        ("storniert", "cancelled"),
        ("Pending", "tentative"),
        ("Unconfirmed", "tentative"),
        ("Cancellation requested", "tentative"),
        ("Waiting list", "tentative"),
    ],
)
def test_a_status_is_read_by_its_word(word: str, status: str) -> None:
    assert row("date,title,status", f"2026-03-14,x,{word}").status == status


def test_rows_above_the_header_and_blank_rows_are_passed_over() -> None:
    found = events(
        table("Appointments 2026", "", "sep=,", "date,title", "2026-03-14,a", "", ",", "2026-03-15,b")
    )
    assert [event.title for event in found] == ["a", "b"]


def test_of_all_separators_the_one_that_finds_most_columns_is_taken() -> None:
    found = events(table("date;client, full name;treatment", "2026-03-14;Roe, Jane;Botox"))
    assert [event.title for event in found] == ["Botox - Roe, Jane"]


@pytest.mark.parametrize(
    "rows",
    [
        ("2026-03-14,Botox,Jane",),
        ("name,age", "Jane,40"),
        ("treatment,client", "Botox,Jane"),
        ("date,price", "2026-03-14,100"),
        ('{"date": "2026-03-14", "title": "x"}',),
    ],
)
def test_a_table_without_a_header_says_what_it_needs(rows: tuple[str, ...]) -> None:
    assert table(*rows) == [Unreadable("book.csv", NO_HEADER)]


def test_a_visits_date_outranks_the_date_of_booking() -> None:
    event = row("Booking date,Appointment date,Service", "2026-01-02,2026-03-14,Botox")
    assert (local(event), event.created is not None) == ("2026-03-14 00:00", True)


def test_rows_that_cannot_be_read_are_told_by_their_line_and_the_rest_is_read() -> None:
    found = table(
        "date,time,duration,title",
        "2026-03-14,10:00,30,a",
        "2026-02-30,10:00,30,b",
        ",10:00,30,c",
        "someday,10:00,30,d",
        "46095,10:00,30,e",
        "2026-03-14,25:00,30,f",
        "2026-03-14,noon,30,g",
        "2026-03-14,10:00,long,h",
        "2026-03-14,10:00,30,i,too,many",
        "2026-03-15,10:00,30,z",
    )
    assert [item.where for item in found if isinstance(item, Unreadable)] == [
        f"book.csv line {n}" for n in range(3, 11)
    ]
    assert [item.title for item in found if isinstance(item, CalendarEvent)] == ["a", "z"]


def test_an_end_before_the_start_and_an_unknown_zone_are_told() -> None:
    (fault,) = table("start,end,title", "2026-03-14 10:00,2026-03-14 09:00,x")
    assert isinstance(fault, Unreadable)
    assert fault.why == "ends before it starts"
    (fault,) = table("start,zone,title", "2026-03-14 10:00,Mars,x")
    assert isinstance(fault, Unreadable)
    assert "time zone" in fault.why


def test_a_quotation_mark_that_is_never_closed_costs_as_little_as_possible() -> None:
    found = table(
        "date,title", "2026-03-14,a", '2026-03-15,"b', "2026-03-16,c", '2026-03-17,"d"', "2026-03-18,e"
    )
    assert [_told(item) for item in found] == [
        "2026-03-14",
        "[cannot be read: a quotation mark is not closed, or stands where none may]",
        "2026-03-18",
    ]
    assert isinstance(found[1], Unreadable)
    assert found[1].where == "book.csv lines 3 to 5"


def test_an_unreadable_booking_time_is_told_once_and_the_visits_are_kept() -> None:
    found = table("date,title,booked", "2026-03-14,a,soon", "2026-03-15,b,later", "2026-03-16,c,2026-01-01")
    assert [_told(item)[:11] for item in found] == ["[its bookin", "2026-03-14", "2026-03-15", "2026-03-16"]
    assert isinstance(found[3], CalendarEvent)
    assert found[3].created is not None


def test_ids_that_come_back_are_told_apart_and_last_from_export_to_export() -> None:
    rows = (
        "id,date,treatment,client,status",
        "7,2026-03-14,Botox,Jane,booked",
        "7,2026-03-14,Facial,Jane,booked",
    )
    first = events(table(*rows, "7,2026-03-14,Facial,Jane,booked"))
    assert len({event.id for event in first}) == 3
    assert {event.uid for event in first} == {"7"}
    again = events(table(*(line.replace("booked", "attended") for line in rows)))
    assert [event.id for event in again] == [event.id for event in first[:2]]


AMBIGUOUS = f"[{sheet_dates.AMBIGUOUS}]"
NO_SUCH = f"[{sheet_dates.NO_SUCH_DATE}]"


@pytest.mark.parametrize(
    ("dates", "day_first", "read"),
    [
        (["03/04/2026", "14/03/2026"], None, ["2026-04-03", "2026-03-14"]),
        (["03/04/2026", "03/14/2026"], None, ["2026-03-04", "2026-03-14"]),
        (["03/04/2026", "05/06/2026"], None, [AMBIGUOUS, AMBIGUOUS]),
        (["03/04/2026", "05/06/2026"], True, ["2026-04-03", "2026-06-05"]),
        (["03/04/2026", "05/06/2026"], False, ["2026-03-04", "2026-05-06"]),
        (["03/04/2026", "05/05/2026"], None, [AMBIGUOUS, "2026-05-05"]),
        (["03/04/2026", "14/03/2026", "03/14/2026"], None, [AMBIGUOUS, "2026-03-14", "2026-03-14"]),
        (["14/03/2026", "03/04/2026"], False, [NO_SUCH, "2026-03-04"]),
        (["03/14/2026"], True, [NO_SUCH]),
        (["03.04.2026", "05.06.26"], None, ["2026-04-03", "2026-06-05"]),
        (["3-4-2026", "14-3-2026"], None, ["2026-04-03", "2026-03-14"]),
        (["2026-03-04", "2026/3/4", "20260304", "2026.03.04"], None, ["2026-03-04"] * 4),
        (
            ["4 Mar 2026", "4th March 2026", "4-Mar-26", "Mar 4, 2026", "March 4th 2026"],
            None,
            ["2026-03-04"] * 5,
        ),
        (["Wed 4 Mar 2026", "Wednesday, March 4, 2026", "Mi. 04.03.2026"], None, ["2026-03-04"] * 3),
        (["Wed, 03/14/2026", "Wed 03/04/2026"], None, ["2026-03-14", "2026-03-04"]),
        (
            ["4. März 2026", "4 mars 2026", "4 de marzo"],
            None,
            ["2026-03-04", "2026-03-04", f"[{sheet_dates.UNREADABLE}]"],
        ),
        (["31/02/2026"], None, [NO_SUCH]),
        (["46095", "46095.4167"], None, [f"[{sheet_dates.NUMBER}]"] * 2),
        (["2026-03-1400"], None, [f"[{sheet_dates.UNREADABLE}]"]),
    ],
)
def test_dates_are_read_the_way_the_whole_column_is_written(
    dates: list[str], day_first: bool | None, read: list[str]
) -> None:
    assert days(*dates, day_first=day_first) == read


def test_an_ambiguous_date_names_the_cure() -> None:
    assert "--dates day-first or --dates month-first" in sheet_dates.AMBIGUOUS


def test_booking_dates_follow_the_visits_way_only_where_they_do_not_tell_themselves() -> None:
    follows = events(table("date,title,booked", "14/03/2026,a,03/01/2026"))
    assert [event.created and event.created.date() for event in follows] == [date(2026, 1, 3)]
    own = events(table("date,title,booked", "14/03/2026,a,03/01/2026", "15/03/2026,b,01/31/2026"))
    assert [event.created and event.created.date() for event in own] == [date(2026, 3, 1), date(2026, 1, 31)]


@given(st.dates(date(1930, 1, 1), date(2090, 1, 1)), st.booleans(), st.sampled_from("/-. "))
def test_every_date_is_read_as_it_was_written(day: date, day_first: bool, mark: str) -> None:
    written = (
        mark.join((f"{day:%d}", f"{day:%m}") if day_first else (f"{day:%m}", f"{day:%d}")) + f"{mark}{day:%Y}"
    )
    order = DateOrder(day_first, declared=True)
    assert read_date(written, order).day == day
    for other in (day.isoformat(), f"{day:%Y%m%d}", f"{day:%d %B %Y}", f"{day:%a} {day:%d-%b-%Y}"):
        assert read_date(other, DateOrder()).day == day


@given(st.times().map(lambda at: at.replace(second=0, microsecond=0)))
def test_every_time_is_read_as_it_was_written(at: time) -> None:
    for written in (
        f"{at:%H:%M}",
        f"{at:%I:%M %p}",
        f"{at:%H:%M:%S}",
        f"{at:%H.%M}",
        f"{at:%Hh%M}",
        f"{at:%I:%M%p}".lower(),
    ):
        assert read_time(written) == at


@pytest.mark.parametrize(
    ("written", "minutes"),
    [("30", 30), ("1:30", 90), ("1h 30", 90), ("1h", 60), ("90 min", 90), ("45.0", 45), ("2 hours", 120)],
)
def test_durations_are_read(written: str, minutes: int) -> None:
    assert read_minutes(written) == timedelta(minutes=minutes)


@given(st.text(max_size=60), st.text(max_size=20))
def test_whatever_stands_in_a_cell_gives_an_event_or_a_reason(first: str, second: str) -> None:
    read_bytes(
        f'date,time,title\n"{first}","{second}",x\n2026-03-14,10:00,x\n'.encode("utf-8", "replace"),
        name="b.csv",
    )


@given(st.text(max_size=200))
def test_whatever_a_table_holds_it_is_read_to_its_end(content: str) -> None:
    read_bytes(("date,title\n" + content).encode("utf-8", "replace"), name="b.csv")


def test_headings_are_compared_without_capitals_accents_and_signs() -> None:
    columns = columns_of(["  D-A-T-É  ", "Client’s name?", "Sujet", "Subject:"])
    assert columns is not None
    assert set(columns.places) == {"date", "title"}
