"""Bytes as they come: folds, line ends, encodings; and how they are cut into content lines."""

import codecs
import tracemalloc
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.calendar_files.encodings import text, utf8_chunks
from integrations.calendar_files.lines import LONGEST, content_lines
from scheduler_app.domain.events import CalendarEvent, Unreadable
from tests.integrations.calendar_files.reading import SAMPLES, calendar, events, one, read_bytes, vevent

WANTED = frozenset((b"SUMMARY", b"UID", b"DTSTART", b"RRULE", b"METHOD"))


def lines_of(*chunks: bytes) -> list[tuple[int, bytes, bytes]]:
    return list(content_lines(iter(chunks), WANTED))


@pytest.mark.parametrize("end", [b"\r\n", b"\n", b"\r", b"\r\r\n"])
def test_lines_end_in_every_way_programs_end_them(end: bytes) -> None:
    content = calendar(vevent("SUMMARY:Botox\r\n , forehead", "DESCRIPTION:one\\ntwo")).replace(b"\r\n", end)
    event = one(content)
    assert (event.title, event.description) == ("Botox, forehead", "one\ntwo")


@pytest.mark.parametrize(
    "folded",
    [
        b"SUMMARY:Bot\r\n ox",
        b"SUMMARY:Bot\r\n\tox",
        b"SUM\r\n MARY:Botox",
        b"SUMMARY\r\n :Botox",
        b"SUMMARY:\r\n Botox",
        b"SUMMARY:Bot\r\n\r\n ox",
        b"SUMMARY:B\r\n o\r\n t\r\n o\r\n x",
        b"SUMMARY;LANGUAGE\r\n =de:Botox",
    ],
)
def test_a_fold_may_stand_anywhere(folded: bytes) -> None:
    assert [(name, line.partition(b":")[2]) for _, name, line in lines_of(folded)] == [(b"SUMMARY", b"Botox")]


def test_a_fold_inside_a_character_does_not_break_it() -> None:
    whole = calendar(vevent("SUMMARY:Zoë 💉"))
    for letter in ("ë", "💉"):
        raw = letter.encode()
        for at in range(1, len(raw)):
            assert one(whole.replace(raw, raw[:at] + b"\r\n " + raw[at:])).title == "Zoë 💉"


def test_lines_carry_the_number_of_their_first_physical_line() -> None:
    content = b"UID:1\r\n\r\nSUMMARY:a\r\n b\r\nX-NOTE:no\r\n no\r\nUID:2\r\n"
    assert [(number, line) for number, _, line in lines_of(content)] == [
        (1, b"UID:1"),
        (3, b"SUMMARY:ab"),
        (7, b"UID:2"),
    ]


@given(st.lists(st.integers(1, 40)))
def test_where_the_stream_is_cut_into_chunks_makes_no_difference(sizes: list[int]) -> None:
    content = (SAMPLES / "outlook.ics").read_bytes()[:1500]
    chunks, rest = [], content
    for size in sizes:
        chunks.append(rest[:size])
        rest = rest[size:]
    assert lines_of(*chunks, rest) == lines_of(content)


def test_a_line_without_end_is_cut_and_the_event_kept_and_told() -> None:
    found = read_bytes(calendar(vevent("SUMMARY:Jane", "DESCRIPTION:" + "a" * (LONGEST + 10))))
    fault, event = found
    assert isinstance(fault, Unreadable)
    assert "MiB" in fault.why
    assert isinstance(event, CalendarEvent)
    assert (event.title, len(event.description)) == ("Jane", LONGEST - len("DESCRIPTION:"))


def test_a_folded_line_without_end_is_cut_too() -> None:
    folds = "\r\n ".join(["a" * 1000] * (LONGEST // 1000 + 50))
    fault, event = read_bytes(calendar(vevent("SUMMARY:Jane", f"DESCRIPTION:{folds}")))
    assert isinstance(fault, Unreadable)
    assert isinstance(event, CalendarEvent)
    assert len(event.description) <= LONGEST


def test_attachments_are_passed_over_without_being_kept() -> None:
    base64 = "\r\n ".join(["QUJD" * 18] * 2000)
    content = calendar(vevent(f"ATTACH;ENCODING=BASE64;VALUE=BINARY:{base64}", "SUMMARY:Jane"))
    assert one(content).title == "Jane"
    assert lines_of(content)[0][1] == b"UID"
    assert all(len(line) < 100 for _, _, line in lines_of(content))


@pytest.mark.parametrize("part", [b"a" * 65536, b"a" * 1023 + b"\r\n "])
def test_a_line_of_many_megabytes_is_never_held_as_a_whole(part: bytes) -> None:
    size = 24 * LONGEST

    def chunks() -> Iterator[bytes]:
        yield b"SUMMARY:"
        for _ in range(size // 65536):
            yield part * (65536 // len(part))

    tracemalloc.start()
    try:
        (line,) = content_lines(chunks(), WANTED)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(line[2]) == LONGEST
    assert peak < 8 * LONGEST


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("für Zoë".encode(), "für Zoë"),
        ("für Zoë".encode("latin-1"), "für Zoë"),
        ("“Zoë” – 5€".encode("cp1252"), "“Zoë” – 5€"),
        ("Zoë ".encode() + "für".encode("cp1252"), "Zoë für"),
        (b"a\x81b", "a\x81b"),
        ("💉".encode()[:3], "ðŸ’"),
        ("ë".encode() + b"\xff", "ëÿ"),
    ],
)
def test_bytes_that_are_no_utf8_are_read_as_windows_wrote_them(raw: bytes, shown: str) -> None:
    assert text(raw) == shown


@given(st.binary())
def test_any_bytes_are_some_text(raw: bytes) -> None:
    assert isinstance(text(raw), str)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_utf8_is_read_as_utf8(value: str) -> None:
    assert text(value.encode()) == value


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
        (b"", "utf-16-le"),
        (b"", "utf-16-be"),
        (b"", "cp1252"),
    ],
)
def test_a_whole_file_may_be_in_another_encoding(mark: bytes, encoding: str) -> None:
    content = mark + calendar(vevent("SUMMARY:Zoë für 5 €")).decode().encode(encoding)
    assert one(content).title == "Zoë für 5 €"


@given(st.integers(1, 7))
def test_utf16_is_read_whatever_the_chunks(size: int) -> None:
    content = codecs.BOM_UTF16_LE + "Zoë 💉".encode("utf-16-le")

    def chunks() -> Iterator[bytes]:
        return (content[at : at + size] for at in range(0, len(content), size))

    assert b"".join(utf8_chunks(chunks(), content)).decode() == "Zoë 💉"


def test_zero_bytes_are_dropped() -> None:
    content = calendar(vevent("SUMMARY:Bo\x00tox")).replace(b"END:VEVENT", b"\x00END:VEVENT")
    assert one(content + b"\x00" * 500).title == "Botox"


def test_a_calendar_may_follow_some_lines_of_mail() -> None:
    content = b"Hello,\r\nhere is the calendar.\r\n\r\n" + calendar(vevent("SUMMARY:Jane"))
    assert [event.title for event in events(read_bytes(content))] == ["Jane"]
