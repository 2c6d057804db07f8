"""Killed at any line, the flow comes to the same end."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.flow.clinic_at_work import DESK, NOW, SITE, ClinicAtWork, local
from tests.flow.fragile import FragileCalendar, FragileStore, Fuse, ends_killed


def before_the_storm(clinic: ClinicAtWork) -> None:
    """Ann's microneedling is held because of her Botox, and then much happens before anybody looks."""
    botox = clinic.book("Botox", "2026-03-05")
    clinic.book("Microneedling", "2026-03-15")
    clinic.book("Microneedling", "2026-03-16", "Ben Hall")
    clinic.settle()
    clinic.calendar.move(DESK, botox, local("2026-04-20"), local("2026-04-20", "11:00"))  # hers is free again
    clinic.book("Lip filler", "2026-03-14", "Ben Hall")  # gives way to his microneedling
    clinic.book("Xyzzy", "2026-03-11", "Cat Moss")
    clinic.tell("created", id="b", day="2026-03-20", client={"name": "Dan", "email": "dan@example.com"})
    clinic.tell("cancelled", id="b", day="2026-03-20", client={"name": "Dan", "email": "dan@example.com"})


def end_state(clinic: ClinicAtWork) -> object:
    """The book, the verdicts, what stands in the calendar and what we believe to stand there."""
    state: dict[str, object] = {}
    with clinic.store.reading() as tx:
        names = {ref: client.name for ref in tx.clients.refs() if (client := tx.clients.get(ref))}
        state["people"] = sorted(names.values())
        for name, ref in sorted((name, ref) for ref, name in names.items()):
            for held in tx.appointments.of_client(ref):
                verdict = tx.verdicts.get(held.ref)
                written = tx.outbox.written(held.ref)
                state[held.ref] = (
                    name,
                    replace(held, client=None),
                    verdict and verdict.verdict,
                    written and (written.mark, written.etag),
                    tx.outbox.open_for(held.ref),
                )
        state["open"] = (tx.outbox.unreleased(), tx.outbox.due_targets(), dict(tx.outbox.waiting()))
        state["deliveries"] = tx.deliveries.sources_pending()
    events = clinic.calendar.changes(DESK, None).events
    state["calendar"] = sorted((e.id, e.title, e.status, e.start, e.mark and e.mark.prefix) for e in events)
    return state


class Storm:
    """The clinic in which all that has happened and nothing was done about it, as often as one likes."""

    def __init__(self, file: Path) -> None:
        self.clinic = ClinicAtWork(file)
        before_the_storm(self.clinic)
        self.clinic.close()
        assert not file.with_name(file.name + "-wal").exists()
        self._database = file.read_bytes()
        self.again().settle()
        self.expected = end_state(self.clinic)

    def again(self) -> ClinicAtWork:
        """A minute after the last thing happened."""
        self.clinic.put_back(self._database, NOW + timedelta(minutes=1))
        return self.clinic


@pytest.fixture(scope="module")
def storm(tmp_path_factory: pytest.TempPathFactory, migrated_file: bytes) -> Iterator[Storm]:
    file = tmp_path_factory.mktemp("storm") / "clinic.db"
    file.write_bytes(migrated_file)
    storm = Storm(file)
    yield storm
    storm.clinic.close()


def run_until_killed(clinic: ClinicAtWork, kill_at: int) -> bool:
    """Whether it was killed: there are only so many points."""
    fuse = Fuse(kill_at)
    calendar, store = FragileCalendar(clinic.calendar, fuse), FragileStore(clinic.store, fuse)
    return ends_killed(clinic, replace(clinic.flow, store=store, gateways={DESK: calendar}))


def test_killed_at_any_point_and_started_again_it_ends_the_same_and_nothing_is_left_to_do(
    storm: Storm,
) -> None:
    kill_at = 0
    killed = True
    while killed:
        kill_at += 1
        clinic = storm.again()
        killed = run_until_killed(clinic, kill_at)
        clinic.clock.pass_by(seconds=150)  # leases are over, and so is the time a broken run is waited for
        clinic.settle()
        assert end_state(clinic) == storm.expected, f"killed at point {kill_at}"
        if kill_at % 5 == 0:
            assert clinic.sync_all() == {}, f"killed at point {kill_at}"
    assert kill_at > 40, kill_at


@pytest.mark.parametrize("kill_at", [2, 9, 17, 23, 31, 38])
def test_after_a_kill_one_command_brings_the_database_to_the_same_end(storm: Storm, kill_at: int) -> None:
    clinic = storm.again()
    assert run_until_killed(clinic, kill_at)
    clinic.clock.pass_by(seconds=11)
    clinic.sync_all()

    assert end_state(clinic) == storm.expected
    assert clinic.sync_all() == {}


def test_a_flow_that_nobody_ran_is_brought_to_its_end_by_one_command(storm: Storm) -> None:
    clinic = storm.again()
    changed = clinic.sync_all()

    assert end_state(clinic) == storm.expected
    assert changed["marks"] == 3  # one hold taken off, one written, one question
    assert changed["deliveries"] == 2
    assert clinic.sync_all() == {}
    assert clinic.appointment("b", SITE).status == "cancelled"
