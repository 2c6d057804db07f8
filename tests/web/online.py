"""A desk with a booking platform in memory beside its calendar."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from integrations.memory import MemoryBooking, MemoryPlatform
from scheduler_app.domain.appointments import Clues
from scheduler_app.domain.platforms import ClinicPlatform
from tests.web.settling import settling
from tests.web.stand import Stand, standing

ONLINE = "online"
SERVICES = {"Micro": ("microneedling",), "Botox": ("botulinum_toxin",), "Talk": ("consultation",)}


class Online:
    """The stand, its platform, and clients who book there."""

    def __init__(self, stand: Stand, platform: MemoryPlatform) -> None:
        self.stand = stand
        self.platform = platform

    def book(self, service: str, day: int, name: str = "Anna Berg", *, waits: bool = False) -> str:
        """A visit in March 2026 is booked and read; the appointment's ref."""
        id = f"booking-{len(self.platform.bookings)}"
        start = datetime(2026, 3, day, 10, tzinfo=UTC)
        clock = self.stand.clock
        clock.now += timedelta(seconds=1)
        self.platform.bookings[id] = MemoryBooking(
            id,
            start,
            start + timedelta(hours=1),
            (service,),
            Clues(name, f"{name.split()[0].lower()}@example.com"),
            clock.now,
            clock.now,
            "pending" if waits else "booked",
        )
        self.deliver(id)
        with self.stand.store.reading() as tx:
            held = tx.appointments.by_source(ONLINE, id)
        assert held is not None
        return held.ref

    def deliver(self, id: str) -> None:
        """Its webhook arrives over HTTP."""
        headers, body = self.platform.sent(id)
        answer = self.stand.client().post(f"/hooks/{ONLINE}", data=body, headers=dict(headers) | JSON)
        assert answer.status_code == 204, answer.text
        self.stand.deps.settle()

    def stands(self, ref: str) -> str:
        """Its status on the platform."""
        with self.stand.store.reading() as tx:
            held = tx.appointments.get(ref)
        assert held is not None
        return self.platform.bookings[held.source_id].status


JSON: dict[str, str] = {"Content-Type": "application/json"}


@contextmanager
def standing_online(folder: Path, template: Path, **terms: object) -> Iterator[Online]:
    """terms: of PlatformTerms."""
    with standing(folder, template) as stand:
        flow = stand.deps.flow
        known = ClinicPlatform(ONLINE, "memory", "main", services=SERVICES)
        known = replace(known, terms=replace(known.terms, **terms))  # type: ignore[arg-type]
        clinic = replace(flow.clinic, platforms={ONLINE: known})
        platform = MemoryPlatform(known, clinic, ["a secret of the tests"])
        flow = replace(flow, clinic=clinic, platforms={ONLINE: platform})
        stand.deps = replace(stand.deps, flow=flow, settle=settling(flow))
        yield Online(stand, platform)
