"""Reading a clinic's whole calendar: 100,000 events as Google exports them.

Run by itself: `python -m tests.bench.calendar_files`.
"""

import random
import resource
import subprocess
import sys
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import perf_counter

EVENTS = 100_000
CLIENTS = 3_000
_SEED = 20260301
_FIRST_DAY = datetime(2021, 1, 4, 8, tzinfo=UTC)
_WORDS = (
    *(
        "Microneedling",
        "Botox",
        "Botox forehead + crow's feet",
        "Juvederm lips 1ml",
        "Dermal filler",
        "HydraFacial",
    ),
    *("Plasma pen eyes", "Chemical peel", "Skin consultation", "Microneedling + LED", "Laser hair removal"),
    *(
        "Dermaplaning",
        "Facial",
        "Botox top up",
        "SkinPen",
        "Profhilo",
        "Waxing full leg",
        "Lip filler",
        "Review",
    ),
)
_FIRST = "Amara Beth Chloe Dina Elif Farah Grace Hana Ines Jane Keira Leila Maya Nora Olga Priya Sara".split()
_LAST = (
    "Adams Brown Castillo Doyle Evans Fischer Garcia Haddad Ivanova Jones Kaur Müller Novak O'Neill".split()
)
_STAFF = ("Dr Lind", "Nurse Okafor", "Nurse Reyes", "Ms Tan")


def generate(path: Path, events: int = EVENTS, seed: int = _SEED) -> None:
    """Write an export of a clinic with about 3,000 clients: folded lines, HTML, guests, some series.

    The same arguments give the same bytes.
    """
    chance = random.Random(seed)
    clients = [
        (f"{chance.choice(_FIRST)} {chance.choice(_LAST)}", f"client{number}@example.com")
        for number in range(CLIENTS)
    ]
    with path.open("wb") as out:
        out.write(
            b"BEGIN:VCALENDAR\r\nPRODID:-//Google Inc//Google Calendar 70.9054//EN\r\nVERSION:2.0\r\n"
            b"CALSCALE:GREGORIAN\r\nMETHOD:PUBLISH\r\nX-WR-CALNAME:Clinic\r\nX-WR-TIMEZONE:Europe/London\r\n"
        )
        for number in range(events):
            out.write(_event(number, events, chance, clients))
        out.write(b"END:VCALENDAR\r\n")


def _event(number: int, events: int, chance: random.Random, clients: list[tuple[str, str]]) -> bytes:
    name, email = clients[chance.randrange(CLIENTS)]
    start = _FIRST_DAY + timedelta(days=number * 2000 // events, minutes=15 * chance.randrange(40))
    booked = start - timedelta(days=chance.randrange(1, 60))
    guests = [
        (name, email),
        *((staff, f"staff{n}@example.com") for n, staff in enumerate(chance.sample(_STAFF, 2))),
    ]
    lines = [
        "BEGIN:VEVENT",
        f"DTSTART:{start:%Y%m%dT%H%M%SZ}",
        f"DTEND:{start + timedelta(minutes=30):%Y%m%dT%H%M%SZ}",
        "DTSTAMP:20260301T080000Z",
        "ORGANIZER;CN=Clinic:mailto:clinic0123456789@group.calendar.google.com",
        f"UID:{number:08x}{chance.getrandbits(64):016x}@google.com",
        *(
            f"ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;CN={who};X-NUM-GUESTS=0:mailto:{mail}"
            for who, mail in guests
        ),
        f"CREATED:{booked:%Y%m%dT%H%M%SZ}",
        "DESCRIPTION:<b>Notes</b>: patch test done\\, no reaction.<br>Phone: 07700 9"
        f"{number % 100000:05d}<br>Hx: Botox Jan&nbsp\\;2024 elsewhere\\; prefers mornings",
        f"LAST-MODIFIED:{booked:%Y%m%dT%H%M%SZ}",
        "LOCATION:Room 2\\, 14 High Street\\, London",
        "SEQUENCE:1",
        f"STATUS:{'CANCELLED' if chance.random() < 0.04 else 'CONFIRMED'}",
        f"SUMMARY:{chance.choice(_WORDS)} - {name}",
        "TRANSP:OPAQUE",
        *("BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:Reminder", "TRIGGER:-P0DT0H30M0S", "END:VALARM"),
        "END:VEVENT",
    ]
    if number % 500 == 0:
        # A series of six visits with the time of day kept in its zone.
        lines[1] = f"DTSTART;TZID=Europe/London:{start:%Y%m%dT%H%M%S}"
        lines[2] = f"DTEND;TZID=Europe/London:{start + timedelta(minutes=30):%Y%m%dT%H%M%S}"
        lines.insert(3, "RRULE:FREQ=WEEKLY;COUNT=6")
    return b"".join(_folded(line) for line in lines)


def _folded(line: str) -> bytes:
    raw = line.encode()
    parts = [raw[:75], *(raw[at : at + 74] for at in range(75, len(raw), 74))]
    return b"\r\n ".join(parts) + b"\r\n"


def measure(events: int = EVENTS) -> tuple[float, float]:
    """Seconds to read them all, and the peak memory of a fresh process that does nothing else, in MB."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "clinic.ics"
        generate(path, events)
        told = subprocess.run(
            [sys.executable, "-m", "tests.bench.calendar_files", str(path)],
            check=True,
            capture_output=True,
            text=True,
        ).stdout.split()
    return float(told[0]), float(told[1])


def _read(path: str) -> None:
    from integrations.calendar_files import CalendarFiles

    began = perf_counter()
    window = (date(2020, 1, 1), date(2028, 1, 1))
    given = sum(1 for _ in CalendarFiles().read(path, window=window, default_zone="Europe/London"))
    seconds = perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{seconds:.2f} {peak:.1f} {given}")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        _read(sys.argv[1])
    else:
        taken, memory = measure()
        print(f"{EVENTS} events: {taken:.1f} s, {memory:.0f} MB at most")
