"""Pages of a clinic's calendar as Google answers them: whole events, about 1.4 kB each."""

import random
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
PAGE = 250  # events, as the adapter asks for them
VISITS = 5  # of one client
CALENDAR = "c_room1@group.calendar.google.com"
FIRST = (
    "Anna Ben Clara David Emma Fiona George Hannah Isla Jack Kate Liam Mia Noah Olivia Peter Quinn Rosa Sam "
    "Tessa Uma Victor Wendy Xenia Yara Zoe Amelia Brian Chloe Daniel Ella Felix Grace Harry Ivy Jonas Karen "
    "Lena Max Nora"
).split()
LAST = (
    "Smith Jones Taylor Brown Williams Wilson Johnson Davies Robinson Wright Thompson Evans Walker White "
    "Roberts Green Hall Wood Jackson Clarke Patel Khan Lewis James Phillips Mason Mitchell Davis Cox Garcia "
    "Murphy Kelly Doyle Byrne Walsh Ryan Müller Schmidt Fischer Weber Meyer Wagner Becker Schulz Hoffmann "
    "Koch Richter Klein Wolf Neumann Schwarz Zimmermann Braun Krüger Hofmann Hartmann Lange Werner Krause "
    "Lehmann Maier Kaiser Fuchs Scholz Weiss Jung Hahn Schubert Vogel Friedrich Keller Berger Winkler Roth "
    "Beck Lorenz Baumann Franke Albrecht Schuster Simon Ludwig Winter Kraus Martin Kramer Vogt Stein Otto"
).split()
ENDINGS = ("", "son", "ford", "field", "berg", "wick")
SERVICES = (
    "Botox",
    "Microneedling",
    "Lip filler",
    "Facial",
    "Consultation",
    "Plasma pen",
    "Laser hair removal",
    "Chemical peel",
    "Botox top up",
    "Dermapen",
)
NOTES = (
    "",
    "",
    "Booked by phone. Prefers the morning.",
    "Deposit of 30 paid.\nPatch test done.",
    "New client, found us through a friend. Ask about allergies before we begin.",
    "Rebooked from last week; reminder sent by text.",
)


def pages(count: int, seed: int = 7) -> Iterator[bytes]:
    """So many events of a fifth as many clients, in pages."""
    chance = random.Random(seed)
    left = count
    while left:
        size = min(PAGE, left)
        left -= size
        items = [_event(chance, max(1, count // VISITS)) for _ in range(size)]
        told = {"kind": "calendar#events", "summary": "Room 1", "timeZone": "Europe/London"}
        yield msgspec.json.encode(told | {"accessRole": "writer", "items": items})


def write_pages(count: int, file: Path) -> None:
    """So many events, a page a line."""
    with file.open("wb") as lines:
        for page in pages(count):
            lines.write(page + b"\n")


def read_pages(file: Path) -> Iterator[bytes]:
    """Page by page, as they were written."""
    with file.open("rb") as lines:
        yield from lines


def _client(number: int) -> tuple[str, str]:
    first = FIRST[number % len(FIRST)]
    last = LAST[number // len(FIRST) % len(LAST)] + ENDINGS[number // (len(FIRST) * len(LAST)) % len(ENDINGS)]
    return f"{first} {last}", f"{first}.{number}@example.com".lower()


def _event(chance: random.Random, clients: int) -> dict[str, Any]:
    name, email = _client(chance.randrange(clients))
    start = NOW + timedelta(days=chance.randrange(-380, 120), minutes=30 * chance.randrange(16))
    made = f"{start - timedelta(days=chance.randrange(3, 60)):%Y-%m-%dT%H:%M:%S}.000Z"
    id = f"{chance.getrandbits(104):026x}"
    named = b64encode(f"{id} {CALENDAR}".encode()).decode()
    return {
        "kind": "calendar#event",
        "etag": f'"{chance.getrandbits(52)}"',
        "id": id,
        "status": "confirmed",
        "htmlLink": f"https://www.google.com/calendar/event?eid={named}",
        "created": made,
        "updated": made,
        "summary": f"{chance.choice(SERVICES)} - {name}",
        "description": chance.choice(NOTES),
        "location": "Room 2, 14 High Street, London W1T 4TJ",
        "colorId": "5",
        "creator": {"email": "reception@clinic.example", "displayName": "Reception"},
        "organizer": {"email": CALENDAR, "displayName": "Room 1", "self": True},
        "start": {"dateTime": f"{start:%Y-%m-%dT%H:%M:%SZ}", "timeZone": "Europe/London"},
        "end": {
            "dateTime": f"{start + timedelta(minutes=45):%Y-%m-%dT%H:%M:%SZ}",
            "timeZone": "Europe/London",
        },
        "iCalUID": f"{id}@google.com",
        "sequence": chance.randrange(3),
        "attendees": [
            {"email": email, "displayName": name, "responseStatus": "needsAction"},
            {
                "email": CALENDAR,
                "displayName": "Room 1",
                "organizer": True,
                "self": True,
                "responseStatus": "accepted",
            },
        ],
        "guestsCanInviteOthers": False,
        "extendedProperties": {"private": {"source": "desk"}},
        "reminders": {
            "useDefault": False,
            "overrides": [{"method": "email", "minutes": 1440}, {"method": "popup", "minutes": 30}],
        },
        "eventType": "default",
    }
