"""Killed at any line, what is done on a platform is done, and done once."""

from dataclasses import replace
from pathlib import Path

import pytest

from integrations.memory import MemoryBooking, MemoryPlatform
from scheduler_app.domain.platforms import Act
from tests.flow.clinic_at_work import NOW
from tests.flow.fragile import FragileStore, Fuse, ends_killed
from tests.flow.platforms.clinic_online import ONLINE, ClinicOnline

Storm = tuple[ClinicOnline, bytes, dict[str, MemoryBooking], object]


class FragilePlatform(MemoryPlatform):
    """May die just after a call was answered, so that nobody heard the answer."""

    fuse = Fuse()

    def fetch(self, booking_id: str) -> tuple:  # type: ignore[type-arg]
        found = super().fetch(booking_id)
        self.fuse.point()
        return found

    def confirm(self, act: Act) -> None:
        super().confirm(act)
        self.fuse.point()

    def decline(self, act: Act) -> None:
        super().decline(act)
        self.fuse.point()

    def cancel(self, act: Act) -> None:
        super().cancel(act)
        self.fuse.point()


def before_the_storm(clinic: ClinicOnline) -> None:
    """One to confirm, one to decline, one to call off, one to leave alone; all told and nothing done."""
    clinic.allow(cancel=True)
    clinic.book_online("Botox", "2026-03-20")
    clinic.book_online("Micro", "2026-03-27")
    clinic.book_online("Talk", "2026-03-21", name="Bo Ray", waits=True)
    clinic.book_online("Both", "2026-03-24", name="Bo Ray", waits=True)
    clinic.book_online("Both", "2026-03-25", name="Bo Ray", by_staff=True)


def end_state(clinic: ClinicOnline) -> object:
    """How bookings stand there and in the book, who let them through, and what is still open."""
    there = {id: (held.status, held.message) for id, held in clinic.platform.bookings.items()}
    here = {
        id: (clinic.appointment(id, ONLINE).status, clinic.appointment(id, ONLINE).by_staff) for id in there
    }
    with clinic.store.reading() as tx:
        left = (tx.outbox.unreleased(), tx.outbox.due_targets(), dict(tx.outbox.waiting()))
    return there, here, sorted(clinic.acts()), left


@pytest.fixture
def storm(migrated_file: bytes, tmp_path: Path) -> Storm:
    file = tmp_path / "clinic.db"
    file.write_bytes(migrated_file)
    clinic = ClinicOnline(file)
    before_the_storm(clinic)
    clinic.close()
    database, bookings = file.read_bytes(), dict(clinic.platform.bookings)
    clinic.put_back(database, NOW)
    clinic.clock.pass_by(minutes=1)
    clinic.settle()
    return clinic, database, bookings, end_state(clinic)


def test_killed_at_any_point_and_started_again_it_ends_the_same(
    storm: Storm,
) -> None:
    clinic, database, bookings, expected = storm
    known = clinic.flow.clinic.platforms[ONLINE]
    kill_at, killed = 0, True
    while killed:
        kill_at += 1
        clinic.put_back(database, NOW)
        clinic.clock.pass_by(minutes=1)
        platform = FragilePlatform(known, clinic.flow.clinic, ["a secret of the tests"])
        platform.bookings, platform.fuse = dict(bookings), Fuse(kill_at)
        clinic.platform = platform
        killed = _run_until_killed(clinic, platform.fuse)
        platform.fuse = Fuse()
        clinic.clock.pass_by(seconds=150)
        clinic.settle()
        clinic.clock.pass_by(seconds=5)  # what is judged anew first is done after that
        clinic.settle()
        assert end_state(clinic) == expected, f"killed at point {kill_at}"
    assert kill_at > 30, kill_at
    clinic.close()


def _run_until_killed(clinic: ClinicOnline, fuse: Fuse) -> bool:
    clinic.flow = replace(clinic.flow, platforms={ONLINE: clinic.platform})
    return ends_killed(clinic, replace(clinic.flow, store=FragileStore(clinic.store, fuse)))


def test_what_was_expected_of_the_storm_is_worth_expecting(
    storm: Storm,
) -> None:
    clinic = storm[0]
    assert sorted(clinic.acts()) == [
        ("cancel", "booking-2"),
        ("confirm", "booking-3"),
        ("decline", "booking-4"),
    ]
    clinic.close()
