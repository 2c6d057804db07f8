"""Killed at every step of a write and started again, the calendar shows what it should, once."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from scheduler_app.domain.clinic import CANCEL, MarkTerms
from scheduler_app.domain.connections import ALL, CalendarState
from tests.days.clinic_at_google import ROOM_1, ClinicAtGoogle, local, without_ours
from tests.flow.fragile import FragileSeries, FragileStore, Fuse, Killed
from tests.google_double import ROOM, GoogleDouble

Happening = Callable[[ClinicAtGoogle], None]
Ended = tuple[bool, list[tuple[str, str]], Mapping[str, int]]


def booked_too_soon(clinic: ClinicAtGoogle) -> None:
    """A hold is to be written."""
    clinic.book("Botox", "2026-03-01", at="15:00", look=False, id="botulin0")
    clinic.book("Microneedling", "2026-03-12", look=False, id="needling0", description="Latex.")


def moved_to_a_permitted_day(clinic: ClinicAtGoogle) -> None:
    """A hold is to be taken off."""
    booked_too_soon(clinic)
    clinic.look(ROOM_1)
    clinic.anna.move(ROOM, "needling0", local("2026-03-16"), local("2026-03-16", "11:00"))


def held_for_an_hour(clinic: ClinicAtGoogle) -> None:
    """A slot is to be given back."""
    booked_too_soon(clinic)
    clinic.look(ROOM_1)
    clinic.pass_by(minutes=61)


def slot_taken_meanwhile(clinic: ClinicAtGoogle) -> None:
    """A hold whose slot somebody else has by now may stand again."""
    held_for_an_hour(clinic)
    clinic.sweep()
    clinic.look(ROOM_1)
    clinic.book("Consultation", "2026-03-16", name="Bea Ott", look=False, id="talking0")
    clinic.anna.move(ROOM, "needling0", local("2026-03-16"), local("2026-03-16", "11:00"))


def mark_taken_off(clinic: ClinicAtGoogle) -> None:
    """Somebody takes the mark off: it is to be put back, once."""
    booked_too_soon(clinic)
    clinic.look(ROOM_1)
    clinic.anna.patch(ROOM, "needling0", summary="Microneedling - Ann Lee", description="Latex.")


def run(
    double: GoogleDouble, file: Path, terms: MarkTerms, happening: Happening, kill_at: int | None
) -> Ended:
    """Let it happen, work until killed, start again; what Google shows then, and whether it was killed."""
    double.reset()
    clinic = ClinicAtGoogle(double, file, terms)
    with clinic.store.transaction() as tx:
        tx.states.put(CalendarState(ROOM_1, started_at=clinic.clock(), covers=ALL))
    clinic.look(ROOM_1)
    happening(clinic)
    fuse = Fuse(kill_at)
    whole, store = clinic.flow, clinic.store
    calendar = FragileSeries(clinic.gateway, fuse)
    clinic.flow = replace(whole, store=FragileStore(store, fuse), gateways={ROOM_1: calendar})
    killed = False
    try:
        clinic.sweep()
        clinic.look(ROOM_1)
    except Killed:
        killed = True
    clinic.flow = replace(whole, gateways={ROOM_1: clinic.gateway})
    clinic.pass_by(seconds=150)  # leases are over
    clinic.sweep()
    clinic.look(ROOM_1)
    shown = sorted((event["id"], str(without_ours(event))) for event in double.events(ROOM))
    changed = clinic.sync_all()
    clinic.close()
    return killed, shown, changed


@pytest.mark.parametrize(
    ("happening", "terms"),
    [
        (booked_too_soon, MarkTerms()),
        (moved_to_a_permitted_day, MarkTerms()),
        (held_for_an_hour, MarkTerms()),
        (slot_taken_meanwhile, MarkTerms()),
        (mark_taken_off, MarkTerms()),
        (booked_too_soon, MarkTerms(mode=CANCEL)),
    ],
    ids=["hold", "restore", "give back", "clash", "put back", "call off"],
)
def test_killed_anywhere_it_ends_as_if_it_had_not_been(
    google_double: GoogleDouble, tmp_path: Path, migrated_file: bytes, happening: Happening, terms: MarkTerms
) -> None:
    def tried(kill_at: int | None) -> Ended:
        file = tmp_path / f"{kill_at}.db"
        file.write_bytes(migrated_file)
        return run(google_double, file, terms, happening, kill_at)

    _, expected, _ = tried(None)
    for kill_at in range(1, 200):
        killed, shown, changed = tried(kill_at)
        assert shown == expected, f"killed at point {kill_at}"
        assert changed == {}, f"killed at point {kill_at}"
        if not killed:
            assert kill_at > 10, kill_at
            return
    raise AssertionError("it was never whole")
