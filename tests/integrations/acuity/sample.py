"""The vendor's sample, told with one thing or another changed."""

import json
from pathlib import Path
from typing import Any

from integrations.acuity.translate import Names, Place, report_of
from scheduler_app.domain.appointments import Report
from tests.contracts.booking_platform import NOW, clinic_platform
from tests.house import house

SAMPLE: dict[str, Any] = json.loads((Path(__file__).parent / "appointment.json").read_text())
MAIN = house().clinic.locations["main"]


def place(services: dict[str, tuple[str, ...]], fields: dict[str, str] | None = None) -> Place:
    return Place(clinic_platform("acuity", services, fields=fields or {}), MAIN)


REGULAR = place({"1": ("microneedling",), "addon-1": ("dermal_filler",)})


def told(changed: dict[str, Any] | None = None, where: Place = REGULAR, names: Names | None = None) -> Report:
    return report_of(SAMPLE | (changed or {}), NOW, where, names or Names())
