"""Questions for `check`: records of ten items, as a busy client's story has them."""

import json
import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

TODAY = date(2026, 11, 22)
TREATMENTS = (
    "botulinum_toxin",
    "dermal_filler",
    "microneedling",
    "beauty_treatment",
    "plasma_pen",
    "consultation",
)

# The question of the design document: one treatment had, one appointment ahead, screened.
EXAMPLE: dict[str, Any] = {
    "id": "c1",
    "today": "2026-03-01",
    "zone": "Europe/London",
    "treatments": ["microneedling"],
    "start": "2026-03-14T10:00",
    "facts": [{"treatment": "botulinum_toxin", "on": "2026-03-01"}],
    "appointments": [
        {
            "ref": "a1",
            "treatments": ["plasma_pen"],
            "start": "2026-06-20T09:00",
            "status": "booked",
            "booked_at": "2026-02-01T12:00:00Z",
        }
    ],
    "conditions": [],
    "screened_on": "2026-02-20",
}


def question(number: int, chance: random.Random) -> dict[str, Any]:
    """Six facts, one of them a course and one known to the month, and four appointments ahead."""
    return {
        "id": f"q{number}",
        "today": TODAY.isoformat(),
        "zone": "Europe/London",
        "treatments": [chance.choice(TREATMENTS[:5])],
        "start": f"{TODAY + timedelta(days=chance.randrange(1, 60))}T10:00",
        "facts": [
            *({"treatment": chance.choice(TREATMENTS), "on": _ago(chance)} for _ in range(4)),
            {"treatment": "isotretinoin", "started_on": "2024-01-10", "ended_on": "2024-10-01"},
            {"treatment": "dermal_filler", "on": "2026-03"},
        ],
        "appointments": [
            {
                "ref": f"a{index}",
                "treatments": [chance.choice(TREATMENTS)],
                "start": f"{TODAY + timedelta(days=chance.randrange(1, 200))}T11:00",
                "status": "booked",
                "booked_at": f"2026-10-{index + 1:02d}T12:00:00Z",
            }
            for index in range(4)
        ],
        "conditions": [],
        "screened_on": "2026-10-20",
    }


def lines(count: int, seed: int = 7) -> Iterator[bytes]:
    """That many different questions, one a line."""
    chance = random.Random(seed)
    for number in range(count):
        yield json.dumps(question(number, chance)).encode() + b"\n"


def _ago(chance: random.Random) -> str:
    return (TODAY - timedelta(days=chance.randrange(1, 500))).isoformat()
