"""A checker that never failed proves nothing: every fault it looks for is made here once."""

import pytest

from tests.rfc5545 import checked, parse

GOOD = (
    "BEGIN:VCALENDAR|VERSION:2.0|PRODID:-//x//EN|BEGIN:VEVENT|UID:1|DTSTAMP:20260101T000000Z"
    "|DTSTART:20260101T100000Z|DTEND:20260101T110000Z|SUMMARY:a\\, b|END:VEVENT|END:VCALENDAR|"
)


def wire(text: str) -> bytes:
    """Bars are line ends."""
    return text.replace("|", "\r\n").encode()


def test_a_good_calendar_has_no_fault() -> None:
    assert checked(wire(GOOD)).walk("VEVENT")[0].one("SUMMARY").text == "a, b"


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("|END:VCALENDAR|", "|END:VCALENDAR", "the last line has no CRLF"),
        ("a\\, b", "a, b", "SUMMARY: not escaped"),
        ("a\\, b", "a; b", "SUMMARY: not escaped"),
        ("a\\, b", "a\\x b", "SUMMARY: not escaped"),
        ("a\\, b", "a\nb", "control character"),
        ("a\\, b", "a\x00b", "control character"),
        ("a\\, b", "a\x7fb", "control character"),
        ("a\\, b", "x" * 70, "octets"),
        ("a\\, b", "x|y", "no property name"),
        ("a\\, b", "x|Y", "no colon"),
        ("a\\, b", "x|SUMMARY:y", "SUMMARY stands there 2 times"),
        ("|UID:1", "", "UID stands there 0 times"),
        ("|UID:1", "|UID:1|UID:2", "UID stands there 2 times"),
        ("|VERSION:2.0", "", "VERSION stands there 0 times"),
        ("|DTSTAMP:20260101T000000Z", "", "DTSTAMP stands there 0 times"),
        ("DTSTART:20260101T100000Z", "DTSTART:20260101T100000", "neither a UTC time nor a date"),
        ("DTSTART:20260101T100000Z", "DTSTART;VALUE=DATE:20260101", "different types"),
        ("DTEND:20260101T110000Z", "DTEND:20260101T100000Z", "not later"),
        ("|SUMMARY", "|DURATION:PT1H|SUMMARY", "DTEND and DURATION"),
        ("|SUMMARY", "|SEQUENCE:x|SUMMARY", "SEQUENCE"),
        ("|SUMMARY", "|STATUS:DONE|SUMMARY", "none of its values"),
        ("|END:VEVENT", "|BEGIN:VALARM|ACTION:DISPLAY|TRIGGER:-PT5M|END:VALARM|END:VEVENT", "no DESCRIPTION"),
        (
            "|END:VEVENT",
            "|BEGIN:VALARM|ACTION:DISPLAY|DESCRIPTION:x|TRIGGER:-P|END:VALARM|END:VEVENT",
            "no duration",
        ),
        ("|END:VEVENT", "", "closes nothing"),
        ("|END:VCALENDAR|", "|", "exactly one VCALENDAR"),
        (GOOD[GOOD.index("|BEGIN:VEVENT") : GOOD.index("|END:VCAL")], "", "at least one component"),
        (
            "|END:VEVENT|",
            "|END:VEVENT" + GOOD[GOOD.index("|BEGIN:VEVENT") : GOOD.index("|END:VCAL")] + "|",
            "UID 1",
        ),
    ],
)
def test_every_fault_is_found(old: str, new: str, fault: str) -> None:
    assert old in GOOD
    _, faults = parse(wire(GOOD.replace(old, new, 1)))
    assert any(fault in each for each in faults), faults


def test_a_fold_inside_a_character_is_found() -> None:
    body = wire(GOOD).replace(b"a\\, b", "aé".encode()[:2] + b"\r\n " + "é".encode()[1:])
    assert any("UTF-8" in each for each in parse(body)[1])


def test_a_byte_order_mark_is_found() -> None:
    assert parse(b"\xef\xbb\xbf" + wire(GOOD))[1]
