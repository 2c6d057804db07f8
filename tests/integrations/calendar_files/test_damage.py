"""Files that are broken, cut off or something else: nothing is lost without a word, nothing falls over."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.calendar_files import components
from integrations.calendar_files.kinds import Kind
from integrations.calendar_files.survey import surveyed
from integrations.calendar_files.zones import clinic_zone
from scheduler_app.domain.events import CalendarEvent, Unreadable
from tests.integrations.calendar_files.reading import SAMPLES, calendar, read_bytes, vevent

THREE = calendar(*(vevent(f"SUMMARY:{name}", uid=name) for name in "abc"))


def told(content: bytes, name: str = "book.ics") -> list[str]:
    """Titles of what was read, reasons in brackets for what was not."""
    return [
        item.title if isinstance(item, CalendarEvent) else f"[{item.where}: {item.why}]"
        for item in read_bytes(content, name=name)
    ]


def test_a_file_cut_off_inside_an_event_keeps_the_others() -> None:
    cut = THREE[: THREE.rindex(b"SUMMARY:c")]
    assert told(cut) == ["a", "b", f"[book.ics line 14: {components.CUT_OFF}]"]


def test_a_file_cut_off_between_events_says_that_more_may_be_missing() -> None:
    assert told(THREE.replace(b"END:VCALENDAR\r\n", b""))[3:] == [
        f"[book.ics line 18: {components.CUT_OFF_AFTER}]"
    ]


@given(st.integers(0, len(THREE)))
def test_wherever_a_file_is_cut_off_something_says_so(length: int) -> None:
    found = read_bytes(THREE[:length])
    whole = THREE[:length].rstrip().endswith(b"END:VCALENDAR")
    assert whole or any(isinstance(item, Unreadable) for item in found)
    assert sum(isinstance(item, CalendarEvent) for item in found) == THREE[:length].count(b"END:VEVENT")


def test_an_event_without_end_loses_only_itself() -> None:
    broken = THREE.replace(b"SUMMARY:b\r\nEND:VEVENT\r\n", b"SUMMARY:b\r\n")
    assert told(broken) == ["a", f"[book.ics line 9: {components.NO_END}]", "c"]
    last = THREE.replace(b"SUMMARY:c\r\nEND:VEVENT\r\n", b"SUMMARY:c\r\n")
    assert told(last) == ["a", "b", f"[book.ics line 14: {components.NO_END}]"]


def test_an_end_without_an_event_is_told() -> None:
    broken = THREE.replace(b"BEGIN:VEVENT\r\nUID:b", b"BEGIN:VEVNT\r\nUID:b")
    assert told(broken) == ["a", f"[book.ics line 13: {components.NO_BEGIN}]", "c"]


def test_an_alarm_without_end_loses_nothing() -> None:
    alarm = "BEGIN:VALARM\nACTION:DISPLAY"
    assert told(
        calendar(vevent(alarm, "SUMMARY:lost in the alarm", uid="a"), vevent("SUMMARY:b", uid="b"))
    ) == ["", "b"]


def test_a_todo_without_end_swallows_no_event() -> None:
    assert told(calendar("BEGIN:VTODO\nSUMMARY:todo", vevent("SUMMARY:a"))) == ["a"]


def test_events_outside_any_calendar_are_read() -> None:
    assert told(vevent("SUMMARY:a").replace("\n", "\r\n").encode()) == ["a"]


def test_calendars_one_after_the_other_are_one_book() -> None:
    second = calendar(vevent("SUMMARY:d", uid="d"))
    assert told(THREE + second) == ["a", "b", "c", "d"]
    assert told(THREE.replace(b"END:VCALENDAR\r\n", b"") + second) == ["a", "b", "c", "d"]


def test_a_calendar_around_every_event_costs_no_memory_for_each() -> None:
    book = b"".join(calendar(vevent(uid=str(n)), head="X-WR-TIMEZONE:Asia/Tokyo") for n in range(50))
    (found,), _ = surveyed([iter((book,))], clinic_zone("Europe/London"))
    assert len(found.calendars) == 51
    assert len({id(one) for one in found.calendars.values()}) == 2  # Tokyo, and London for none at all
    assert len(told(book)) == 50


def test_an_empty_calendar_holds_nothing_and_nothing_is_wrong_with_it() -> None:
    assert told(calendar()) == []


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", Kind.EMPTY),
        (b"\xef\xbb\xbf\r\n", Kind.EMPTY),
        (b"\x00" * 100, Kind.EMPTY),
        (b"<!doctype html><html><body>Sign in, please; or don't</body></html>", Kind.HTML),
        (b"\r\n <html>", Kind.HTML),
        (b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Jane, Roe\r\nEND:VCARD\r\n", Kind.CONTACTS),
        (b"%PDF-1.7, x", Kind.BINARY),
        (bytes(range(1, 32)) * 20 + b",", Kind.BINARY),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x01\x02\x03\x04,", Kind.BINARY),
        (b"\x1f\x8b\x08\x00", Kind.PACKED),
        (b"7z\xbc\xaf\x27\x1c", Kind.PACKED),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Kind.WORKBOOK),
        (b"PK\x03\x04" + b"\x00" * 26 + b"[Content_Types].xml", Kind.WORKBOOK),
        (b"just one line of prose", Kind.OTHER),
    ],
)
@pytest.mark.parametrize("name", ["book.ics", "book.csv"])
def test_a_file_that_is_no_calendar_says_what_it_is_once(content: bytes, kind: Kind, name: str) -> None:
    assert told(content, name) == [f"[{name}: {kind.value}]"]


def test_what_a_file_is_does_not_depend_on_its_name() -> None:
    assert told(THREE, "book.csv") == told(THREE, "book.zip") == ["a", "b", "c"]


@pytest.mark.parametrize("sample", ["google.ics", "outlook.ics", "apple.ics"])
@given(chance=st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_however_a_file_is_damaged_it_is_read_to_its_end(sample: str, chance: random.Random) -> None:
    content = bytearray((SAMPLES / sample).read_bytes())
    for _ in range(chance.randrange(1, 12)):
        at, length = chance.randrange(len(content)), chance.choice((1, 1, 2, 30, 300))
        change = chance.randrange(4)
        if change == 0:
            del content[at : at + length]
        elif change == 1:
            content[at:at] = chance.randbytes(length)
        elif change == 2:
            content[at:at] = content[chance.randrange(len(content)) :][:length]
        else:
            content[at] = chance.choice(b'\r\n\t \x00:;,\\"=\xff9T')
    for item in read_bytes(bytes(content)):
        assert isinstance(item, (CalendarEvent, Unreadable))
        if isinstance(item, CalendarEvent):
            assert item.start <= item.end


@given(st.binary(max_size=300))
def test_any_bytes_give_events_or_reasons(content: bytes) -> None:
    assert all(isinstance(item, (CalendarEvent, Unreadable)) for item in read_bytes(content))


@given(st.lists(st.sampled_from(THREE.split(b"\r\n")), max_size=30))
def test_lines_in_any_order_never_stop_the_reading(lines: list[bytes]) -> None:
    read_bytes(b"BEGIN:VCALENDAR\r\n" + b"\r\n".join(lines))


def test_reasons_name_nobody() -> None:
    names = ("Jane", "Roe", "jane@example.com", "Botox", "Harley")
    own = [
        "SUMMARY:Botox Jane Roe",
        "LOCATION:Harley Street",
        "ATTENDEE;CN=Jane Roe:mailto:jane@example.com",
    ]
    broken = [
        vevent(*own, start=f"DTSTART{start}")
        for start in (":Jane", ";TZID=Jane:20260314T100000", ":20260314T100000Z\nDURATION:Jane", ":20260231")
    ]
    broken += [vevent(*own, "RRULE:FREQ=Jane"), vevent(*own, "RRULE:FREQ=DAILY;COUNT=2", "EXDATE:Jane")]
    for component in broken:
        for item in read_bytes(calendar(component)):
            assert isinstance(item, Unreadable)
            assert not any(name in item.why + item.where for name in names)
