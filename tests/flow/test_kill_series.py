"""Killed at any line while series are read, the flow comes to the same end."""

from collections.abc import Iterator
from copy import copy, deepcopy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from scheduler_app.flow.sync import sync_calendar
from tests.flow.clinic_at_work import DESK, NOW, ClinicAtWork, local
from tests.flow.fragile import FragileSeries, FragileStore, Fuse, ends_killed
from tests.flow.series_calendar import SeriesCalendar

WEEKLY = local("2026-03-04")


class Storm:
    """A clinic where much happened to two series and an event, and nobody has looked yet."""

    def __init__(self, file: Path) -> None:
        self.clinic = ClinicAtWork(file)
        self.whole = self.clinic.flow
        self._calendar = SeriesCalendar(self.clinic.clock)
        calendar = self.at(self._calendar)
        calendar.book_series("s", "Microneedling - Ann Lee", WEEKLY, 4, days=3)
        calendar.book_series("t", "Facial - Bob Ray", WEEKLY, 2, email="bob@example.com")
        calendar.book("e", "Botox - Ann Lee", WEEKLY + timedelta(days=40))
        sync_calendar(self.clinic.flow, DESK)
        self.clinic.settle()
        calendar.take_out("s", 0)
        calendar.delete("t")
        calendar.delete("e")
        calendar.book_series("u", "Facial - Cat Moss", WEEKLY, 4, email="cat@example.com")
        self.clinic.look()
        self.clinic.close()
        self._database = file.read_bytes()

    def at(self, calendar: SeriesCalendar) -> SeriesCalendar:
        """The clinic reads this one."""
        self.clinic.flow = replace(self.whole, gateways={DESK: calendar})
        return calendar

    def again(self) -> SeriesCalendar:
        """As it was."""
        self.clinic.put_back(self._database, NOW + timedelta(minutes=1))
        fresh = copy(self._calendar)
        for name, kept in vars(self._calendar).items():
            if name != "_clock":
                setattr(fresh, name, deepcopy(kept))
        return self.at(fresh)


@pytest.fixture(scope="module")
def storm(tmp_path_factory: pytest.TempPathFactory, migrated_file: bytes) -> Iterator[Storm]:
    file = tmp_path_factory.mktemp("series") / "clinic.db"
    file.write_bytes(migrated_file)
    storm = Storm(file)
    yield storm
    storm.clinic.close()


def end_state(clinic: ClinicAtWork, calendar: SeriesCalendar) -> object:
    """The book, what we believe to stand in the calendar, what stands there, what was read."""
    with clinic.store.reading() as tx:
        held = [tx.appointments.get(ref) for _, ref, _, _ in tx.appointments.live_in(DESK, NOW)]
        visits = [visit for visit in held if visit is not None]
        written = [tx.outbox.written(visit.ref) for visit in visits]
        return (
            [(v.source_id, v.status, v.start, v.doubts, v.client is None) for v in visits],
            [mark and mark.mark for mark in written],
            [tx.outbox.open_for(visit.ref) for visit in visits],
            [calendar.event(DESK, visit.source_id).mark for visit in visits],
            tx.cursors.get(DESK) is not None,
            tx.series.read_short_of(DESK, datetime.max.replace(tzinfo=UTC)),
        )


def run_until_killed(storm: Storm, calendar: SeriesCalendar, kill_at: int) -> bool:
    """Whether it was killed: there are only so many points."""
    clinic, fuse = storm.clinic, Fuse(kill_at)
    fragile, store = FragileSeries(calendar, fuse), FragileStore(clinic.store, fuse)
    return ends_killed(clinic, replace(clinic.flow, store=store, gateways={DESK: fragile}))


def test_killed_at_any_point_of_reading_series_it_ends_the_same(storm: Storm) -> None:
    calendar = storm.again()
    storm.clinic.settle()
    expected = end_state(storm.clinic, calendar)
    assert expected[1].count(None) < len(expected[1])  # type: ignore[index]
    kill_at, killed = 0, True
    while killed:
        kill_at += 1
        calendar = storm.again()
        killed = run_until_killed(storm, calendar, kill_at)
        storm.clinic.clock.pass_by(seconds=150)  # leases are over, and the time a broken run is waited for
        storm.clinic.settle()
        assert end_state(storm.clinic, calendar) == expected, f"killed at point {kill_at}"
    assert kill_at > 25, kill_at
