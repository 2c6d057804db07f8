"""What every test here does: write a calendar down and read it back."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from integrations.calendar_files import CalendarFiles
from scheduler_app.domain.events import CalendarEvent, Unreadable

SAMPLES = Path(__file__).parents[2] / "samples" / "calendars"
WINDOW = (date(2026, 1, 1), date(2026, 12, 31))
LONDON = "Europe/London"
LONDON_MONDAY = "DTSTART;TZID=Europe/London:20260302T100000"
WHOLE_DAY = "DTSTART;VALUE=DATE:20260302"


def read_file(
    path: Path, *, window: tuple[date, date] = WINDOW, zone: str = LONDON, day_first: bool | None = None
) -> list[CalendarEvent | Unreadable]:
    """Everything a file gives, in order."""
    return list(CalendarFiles(day_first=day_first).read(str(path), window=window, default_zone=zone))


def read_bytes(
    content: bytes,
    *,
    window: tuple[date, date] = WINDOW,
    zone: str = LONDON,
    day_first: bool | None = None,
    name: str = "book.ics",
) -> list[CalendarEvent | Unreadable]:
    """Everything a file with this content gives."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        return read_file(path, window=window, zone=zone, day_first=day_first)


def events(found: Sequence[CalendarEvent | Unreadable]) -> list[CalendarEvent]:
    """The events, and a failure if anything was unreadable."""
    assert [item for item in found if isinstance(item, Unreadable)] == []
    return [item for item in found if isinstance(item, CalendarEvent)]


def calendar(*components: str, head: str = "") -> bytes:
    """A calendar of the given components, each a text with its lines."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//test//EN",
        *head.split("\n"),
        *components,
        "END:VCALENDAR",
    ]
    return (
        "\r\n".join(line for text in lines for line in text.strip("\n").split("\n") if line).encode()
        + b"\r\n"
    )


def vevent(*lines: str, uid: str | None = "one", start: str | None = "DTSTART:20260314T100000Z") -> str:
    """One event; start and uid come by themselves."""
    own = [f"UID:{uid}"] if uid is not None else []
    own += [start] if start is not None else []
    return "\n".join(["BEGIN:VEVENT", *own, *lines, "END:VEVENT"])


def one(content: bytes, *, zone: str = LONDON) -> CalendarEvent:
    """The only event of a calendar in which everything can be read."""
    (event,) = events(read_bytes(content, zone=zone))
    return event


def start_of(line: str, *, head: str = "", zone: str = "Europe/London", zones: str = "") -> CalendarEvent:
    """The only event of a calendar, with this start."""
    return one(calendar(zones, vevent(start=line), head=head), zone=zone)


def why(content: bytes) -> str:
    """The reason for the only thing a calendar gives: something unreadable."""
    (fault,) = read_bytes(content)
    assert isinstance(fault, Unreadable)
    return fault.why


def local(event: CalendarEvent, zone: str = LONDON) -> str:
    """The start as the clinic's clocks show it: 2026-03-14 10:00."""
    return f"{event.start.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"


def utc(text: str) -> datetime:
    """An instant: 2026-03-14T10:00."""
    return datetime.fromisoformat(f"{text}+00:00")


def starts(
    *components: str, window: tuple[date, date] = WINDOW, head: str = "", zone: str = "Europe/London"
) -> list[str]:
    """When the events of a calendar start that are not cancelled: 03-14 10:00, or 03-14 at midnight."""
    found = events(read_bytes(calendar(*components, head=head), window=window, zone=zone))
    assert len({event.id for event in found}) == len(found)
    return sorted(local(event, zone)[5:].removesuffix(" 00:00") for event in found if not event.cancelled)


def days_of(*lines: str, start: str = LONDON_MONDAY, window: tuple[date, date] = WINDOW) -> list[str]:
    """The same for one event with these lines."""
    return starts(vevent(*lines, start=start), window=window)
