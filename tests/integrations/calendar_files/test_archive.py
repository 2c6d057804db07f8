"""Zip archives: what is read, what is passed over, what is told, and how far they are trusted."""

import io
import struct
import zipfile
from pathlib import Path

import pytest

from integrations.calendar_files import archive as archives
from integrations.calendar_files.files import NESTED, NO_CALENDAR
from scheduler_app.domain.events import CalendarEvent, Unreadable
from tests.integrations.calendar_files.reading import calendar, read_bytes, vevent

JANE = calendar(vevent("SUMMARY:Jane"))
AMARA = calendar(vevent("SUMMARY:Amara", uid="two"))


def packed(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__dot__", "."), content)
    return out.getvalue()


def named(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def told(content: bytes) -> list[str]:
    return [
        item.title if isinstance(item, CalendarEvent) else f"[{item.where}: {item.why}]"
        for item in read_bytes(content, name="export.zip")
    ]


def test_every_calendar_in_every_folder_is_read() -> None:
    assert told(named({"jane.ics": JANE, "deep/er/amara.ics": AMARA})) == ["Jane", "Amara"]


def test_a_table_in_an_archive_is_read_too() -> None:
    table = b"date,title\n2026-03-14,Botox\n"
    assert told(named({"table.csv": table, "jane.ics": JANE})) == ["Jane", "Botox"]


def test_a_fault_names_the_file_inside_the_archive() -> None:
    broken = calendar(vevent(start="DTSTART:never"))
    (line,) = told(named({"rooms/one.ics": broken}))
    assert line.startswith("[export.zip/rooms/one.ics line 4:")


def test_hidden_files_and_googles_index_page_go_without_saying() -> None:
    members = {
        "jane.ics": JANE,
        "__MACOSX/._jane.ics": b"\x00\x05\x16\x07",
        ".DS_Store": b"\x00\x00\x00\x01Bud1",
        "Thumbs.db": b"\xd0\xcf\x11\xe0",
        "archive_browser.html": b"<html></html>",
        "Takeout/": b"",
    }
    assert told(named(members)) == ["Jane"]


def test_what_seems_meant_as_a_calendar_and_is_none_is_told() -> None:
    assert told(named({"empty.ics": b"", "jane.ics": JANE})) == [
        "[export.zip/empty.ics: the file is empty: export the calendar again]",
        "Jane",
    ]


def test_an_archive_without_a_calendar_says_so() -> None:
    assert told(named({"readme.txt": b"hello, world"})) == [f"[export.zip: {NO_CALENDAR}]"]
    assert told(named({})) == [f"[export.zip: {NO_CALENDAR}]"]


def test_an_archive_inside_an_archive_is_not_opened() -> None:
    assert told(named({"inner.zip": named({"jane.ics": JANE})})) == [f"[export.zip/inner.zip: {NESTED}]"]


def test_a_locked_file_is_told_and_the_others_are_read() -> None:
    content = bytearray(named({"locked.ics": JANE, "open.ics": AMARA}))
    # The flag "encrypted" in the first entry of the directory and in its own header.
    directory = content.index(b"PK\x01\x02")
    content[directory + 8] |= 1
    content[6] |= 1
    assert told(bytes(content)) == [f"[export.zip/locked.ics: {archives.LOCKED}]", "Amara"]


@pytest.mark.parametrize("cut", [0.3, 0.6, 0.95])
def test_an_archive_that_is_cut_off_says_so(cut: float) -> None:
    content = named({"jane.ics": JANE})
    assert told(content[: int(len(content) * cut)]) == [f"[export.zip: {archives.NO_ARCHIVE}]"]


def test_a_damaged_file_gives_what_can_be_unpacked_and_is_told_once() -> None:
    many = calendar(*(vevent(f"SUMMARY:{n}", uid=f"{n:08d}") for n in range(20_000)))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("many.ics", many)
    content = bytearray(out.getvalue())
    content[len(many) // 2] ^= 0xFF  # one letter: the checksum at the end tells
    found = read_bytes(bytes(content), name="export.zip")
    assert sum(isinstance(item, CalendarEvent) for item in found) >= 19_900
    assert Unreadable("export.zip/many.ics", archives.DAMAGED) in found


def test_a_packing_nobody_knows_is_told() -> None:
    content = bytearray(named({"jane.ics": JANE}))
    directory = content.index(b"PK\x01\x02")
    content[directory + 10 : directory + 12] = struct.pack("<H", 77)
    content[8:10] = struct.pack("<H", 77)
    assert told(bytes(content)) == [f"[export.zip/jane.ics: {archives.DAMAGED}]"]


def test_an_archive_that_would_fill_the_machine_is_not_unpacked() -> None:
    content = bytearray(named({"jane.ics": JANE}))
    directory = content.index(b"PK\x01\x02")
    content[directory + 24 : directory + 28] = struct.pack("<I", archives.MOST_UNPACKED + 1)
    assert told(bytes(content)) == [f"[export.zip: {archives.TOO_LARGE}]"]


def test_an_archive_of_too_many_files_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST_MEMBERS", 2)
    assert told(named({f"{n}.ics": JANE for n in range(3)})) == [f"[export.zip: {archives.TOO_LARGE}]"]


def test_a_bomb_is_read_in_little_memory(tmp_path: Path) -> None:
    zeros = packed(bomb__dot__ics=b"BEGIN:VCALENDAR\r\n" + b"a" * 30_000_000)
    assert len(zeros) < 50_000
    (fault,) = told(zeros)
    assert "the file ends before its calendar does" in fault


def test_names_inside_an_archive_cannot_forge_a_report() -> None:
    (line,) = told(named({"a\nb\x1b[31m.ics": b""}))
    assert line.startswith("[export.zip/a?b?[31m.ics:")
