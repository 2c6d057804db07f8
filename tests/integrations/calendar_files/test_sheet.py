"""Tables: their headers, separators and dates; what each row becomes."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.calendar_files.columns import NO_HEADER, columns_of
from scheduler_app.domain.events import CalendarEvent, Person, Unreadable
from tests.integrations.calendar_files.reading import events, local, read_bytes


def table(
    *rows: str, day_first: bool | None = None, zone: str = "Europe/London"
) -> list[CalendarEvent | Unreadable]:
    return read_bytes("\n".join(rows).encode(), name="book.csv", day_first=day_first, zone=zone)


def row(header: str, *cells: str) -> CalendarEvent:
    (event,) = events(table(header, *cells))
    return event


def told_as(item: CalendarEvent | Unreadable) -> str:
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
    assert [told_as(item) for item in found] == [
        "2026-03-14",
        "[cannot be read: a quotation mark is not closed, or stands where none may]",
        "2026-03-18",
    ]
    assert isinstance(found[1], Unreadable)
    assert found[1].where == "book.csv lines 3 to 5"


def test_an_unreadable_booking_time_is_told_once_and_the_visits_are_kept() -> None:
    found = table("date,title,booked", "2026-03-14,a,soon", "2026-03-15,b,later", "2026-03-16,c,2026-01-01")
    assert [told_as(item)[:11] for item in found] == ["[its bookin", "2026-03-14", "2026-03-15", "2026-03-16"]
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
