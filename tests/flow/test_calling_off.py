"""Where the clinic wants it so, a blocked visit is called off by us, once, and never one that began."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from scheduler_app.domain.clinic import PlanLimits
from scheduler_app.flow.decide import override
from scheduler_app.flow.holds import holds
from scheduler_app.flow.record import PRACTITIONER, Speaker, record_condition
from tests.flow.calendars import Through, once
from tests.flow.clinic_at_work import DESK, NOW, ClinicAtWork, local
from tests.flow.test_kill import run_until_killed

DAY = "2026-03-16"


@pytest.fixture
def strict(clinic: ClinicAtWork) -> ClinicAtWork:
    """A clinic that has blocked visits called off."""
    clinic.on_terms(mode="cancel")
    return clinic


def too_soon(clinic: ClinicAtWork, name: str = "Ann Lee") -> str:
    clinic.book("Botox", "2026-03-05", name)
    return clinic.book("Microneedling", DAY, name)


def status(clinic: ClinicAtWork, event: str) -> tuple[str, str]:
    """In the calendar and in the book."""
    return clinic.event(event).status, clinic.appointment(event).status


def test_a_visit_that_comes_too_soon_is_called_off_and_the_audit_log_says_by_whom(
    strict: ClinicAtWork,
) -> None:
    needling = too_soon(strict)
    strict.settle()

    assert status(strict, needling) == ("cancelled", "cancelled")
    (entry,) = strict.audited(needling, "cancelled-by-us")
    assert entry["who"] == "scheduler"
    assert strict.sync_all() == {}
    assert len(strict.audited(needling, "cancelled-by-us")) == 1


def test_an_absolute_contraindication_calls_off_too(strict: ClinicAtWork) -> None:
    needling = strict.book("Microneedling", DAY)
    strict.settle()
    assert status(strict, needling) == ("confirmed", "booked")
    speaker = Speaker(PRACTITIONER, "Dr Reyes")
    record_condition(strict.flow, strict.client_of(needling), "clotting_disorder", speaker)
    strict.settle()

    assert status(strict, needling) == ("cancelled", "cancelled")


def test_what_nobody_could_read_is_asked_about_and_not_called_off(strict: ClinicAtWork) -> None:
    asked = strict.book("Xyzzy", DAY)
    strict.settle()

    assert status(strict, asked)[0] == "confirmed"
    mark = strict.mark(asked)
    assert mark is not None
    assert mark.kind == "review"


def test_more_than_a_person_should_approve_unseen_is_not_called_off(strict: ClinicAtWork) -> None:
    clinic = strict.flow.clinic
    strict.flow = replace(strict.flow, clinic=replace(clinic, limits=PlanLimits(max_marks=1, floor=1)))
    needlings = [too_soon(strict, name) for name in ("Ann Lee", "Bea Lee")]
    strict.settle()

    assert [status(strict, needling) for needling in needlings] == [("confirmed", "booked")] * 2
    with strict.store.reading() as tx:
        assert len(tx.outbox.waiting()) == 1


def test_a_visit_that_was_let_stand_is_not_called_off(clinic: ClinicAtWork) -> None:
    needling = too_soon(clinic)
    clinic.settle()
    visit = clinic.appointment(needling)
    for finding in clinic.verdict(needling).verdict.findings:
        who = Speaker(PRACTITIONER, "Dr Reyes")
        override(clinic.flow, visit.ref, finding.key, who, reason="clinical-judgement")
    clinic.on_terms(mode="cancel")
    clinic.sync_all()

    assert status(clinic, needling) == ("confirmed", "booked")


def test_a_visit_that_began_while_it_was_on_its_way_is_not_called_off(strict: ClinicAtWork) -> None:
    needling = too_soon(strict)
    runner = strict.runner()
    while runner.run_next(("sync", "judge", "release")):
        pass
    strict.clock.now = local(DAY, "10:05")
    strict.settle()

    assert status(strict, needling) == ("confirmed", "booked")


def test_a_visit_that_is_moved_in_that_moment_is_judged_again(
    open_clinic: Callable[..., ClinicAtWork],
) -> None:
    between: list[Through] = []

    def stand(gateway: object) -> Through:
        between.append(Through(gateway))  # type: ignore[arg-type]
        return between[0]

    clinic = open_clinic(through=stand)
    clinic.on_terms(mode="cancel")
    needling = too_soon(clinic)
    start = local("2026-04-15")
    between[0].before["cancel"] = once(
        lambda: clinic.calendar.move(DESK, needling, start, start + timedelta(hours=1))
    )
    clinic.settle()
    clinic.clock.pass_by(seconds=10)
    clinic.settle()

    assert status(clinic, needling) == ("confirmed", "booked")
    assert clinic.audited(needling, "cancelled-by-us") == []


def test_a_visit_a_person_called_off_meanwhile_was_not_called_off_by_us(
    open_clinic: Callable[..., ClinicAtWork],
) -> None:
    between: list[Through] = []

    def stand(gateway: object) -> Through:
        between.append(Through(gateway))  # type: ignore[arg-type]
        return between[0]

    clinic = open_clinic(through=stand)
    clinic.on_terms(mode="cancel")
    needling = too_soon(clinic)
    between[0].before["event"] = once(lambda: clinic.calendar.cancel(DESK, needling))
    clinic.settle()

    assert status(clinic, needling) == ("cancelled", "cancelled")
    assert clinic.audited(needling, "cancelled-by-us") == []


def put_back(clinic: ClinicAtWork, event: str) -> None:
    """A person takes it out of the bin."""
    clinic.clock.pass_by(minutes=5)
    clinic.calendar._change(DESK, event, None, {"status": "confirmed"}, gone_too=True)
    clinic.look()
    clinic.settle()


def test_a_visit_that_a_person_puts_back_twice_is_left_alone_and_stays_blocked(strict: ClinicAtWork) -> None:
    needling = too_soon(strict)
    strict.settle()
    put_back(strict, needling)
    assert status(strict, needling) == ("cancelled", "cancelled")
    put_back(strict, needling)
    assert status(strict, needling) == ("confirmed", "booked")

    strict.clock.pass_by(days=1)
    strict.sync_all()
    assert status(strict, needling) == ("confirmed", "booked")
    assert strict.outcome(needling) == "blocked"
    with strict.store.reading() as tx:
        (hold,) = holds(tx, strict.flow, strict.clock.now)
    assert hold.left_alone


class Storm:
    """A visit that is held and one nobody has looked at yet are to be called off from now on."""

    def __init__(self, file: Path) -> None:
        self.clinic = ClinicAtWork(file)
        too_soon(self.clinic)
        self.clinic.settle()
        self.clinic.on_terms(mode="cancel")
        self.clinic.book("Lip filler", "2026-03-25", "Cat Moss")
        self.clinic.book("Microneedling", "2026-04-02", "Cat Moss")
        self.clinic.close()
        self._database = file.read_bytes()
        self.again()
        self.run()
        self.expected = self.state()

    def again(self) -> ClinicAtWork:
        self.clinic.put_back(self._database, NOW + timedelta(minutes=1))
        return self.clinic

    def run(self) -> None:
        with self.clinic.store.transaction() as tx:
            for ref in tx.clients.refs():
                tx.work.touch("judge", ref)
        self.clinic.settle()

    def state(self) -> tuple[object, list[str]]:
        """How every visit stands in the calendar and in the book, and what the audit log says of whom."""
        events = self.clinic.calendar.changes(DESK, None).events
        stand = []
        with self.clinic.store.reading() as tx:
            for event in events:
                visit = tx.appointments.by_source(f"calendar:{DESK}", event.id)
                assert visit is not None
                verdict, written = tx.verdicts.get(visit.ref), tx.outbox.written(visit.ref)
                judged = verdict and verdict.verdict
                stand.append((event.id, event.status, event.mark, visit.status, judged, written))
            told = [entry["target"] for entry in tx.audit.entries() if entry["what"] == "cancelled-by-us"]
            left = [tx.outbox.unreleased(), tx.outbox.due_targets(), dict(tx.outbox.waiting())]
        return (sorted(stand, key=str), left), sorted(told)


@pytest.fixture
def storm(tmp_path: Path, migrated_file: bytes) -> Iterator[Storm]:
    file = tmp_path / "clinic.db"
    file.write_bytes(migrated_file)
    storm = Storm(file)
    yield storm
    storm.clinic.close()


def test_killed_at_any_point_every_visit_is_called_off_once_and_said_so_once(storm: Storm) -> None:
    assert len(storm.state()[1]) == 2
    kill_at = 0
    killed = True
    while killed:
        kill_at += 1
        clinic = storm.again()
        with clinic.store.transaction() as tx:
            for ref in tx.clients.refs():
                tx.work.touch("judge", ref)
        killed = run_until_killed(clinic, kill_at)
        clinic.clock.pass_by(seconds=150)
        storm.run()
        assert storm.state() == storm.expected, f"killed at point {kill_at}"
    assert kill_at > 20, kill_at
