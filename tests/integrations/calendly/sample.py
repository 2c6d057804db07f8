"""The vendor's samples, told with one thing or another changed."""

import json
from pathlib import Path
from typing import Any

from integrations.calendly.translate import Place, report_of
from scheduler_app.domain.appointments import Report
from tests.contracts.booking_platform import clinic_platform
from tests.house import house

SAMPLES = Path(__file__).parent / "samples"
MAIN = house().clinic.locations["main"]


def sample(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SAMPLES / f"{name}.json").read_text())
    return found


CREATED: dict[str, Any] = sample("invitee.created")["payload"]
EVENT: dict[str, Any] = CREATED["scheduled_event"]


def place(fields: dict[str, str] | None = None, user: str = "", **services: tuple[str, ...]) -> Place:
    mapped = services or {"15 Minute Meeting": ("microneedling",)}
    return Place(clinic_platform("calendly", mapped, fields=fields or {}, user=user), MAIN)


def told(
    changed: dict[str, Any] | None = None,
    event: dict[str, Any] | None = None,
    where: Place | None = None,
    *,
    moved: bool = False,
) -> Report:
    """changed: of the invitee; event: of what they come to."""
    return report_of(CREATED | (changed or {}), EVENT | (event or {}), where or place(), moved=moved)
