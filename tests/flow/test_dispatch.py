"""What is due outside is done once, and only over what was read."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from scheduler_app.errors import Denied, Paused, Unavailable
from tests.flow.calendars import Through, failing, once
from tests.flow.clinic_at_work import DESK, ClinicAtWork, local


@pytest.fixture
def through(open_clinic: Callable[..., ClinicAtWork]) -> tuple[ClinicAtWork, Through]:
    """A clinic, and what stands between it and its calendar."""
    between: list[Through] = []

    def stand(gateway: object) -> Through:
        between.append(Through(gateway))  # type: ignore[arg-type]
        return between[0]

    return open_clinic(through=stand), between[0]


def clash(clinic: ClinicAtWork) -> str:
    clinic.book("Botox", "2026-03-05")
    return clinic.book("Microneedling", "2026-03-15")


def test_a_visit_moved_between_judging_and_marking_is_judged_again_and_not_marked(
    through: tuple[ClinicAtWork, Through],
) -> None:
    clinic, calendar = through
    needling = clash(clinic)
    start = local("2026-04-15")
    calendar.before["event"] = once(
        lambda: clinic.calendar.move(DESK, needling, start, start + timedelta(hours=1))
    )
    clinic.settle()
    assert "mark" not in calendar.calls
    clinic.clock.pass_by(seconds=10)
    clinic.settle()

    assert clinic.mark(needling) is None
    assert clinic.outcome(needling) == "review"  # only the screening is missing


def test_an_event_edited_in_the_moment_of_marking_is_marked_on_the_second_try(
    through: tuple[ClinicAtWork, Through],
) -> None:
    clinic, calendar = through
    needling = clash(clinic)

    def edit() -> None:
        event = clinic.event(needling)
        clinic.calendar.move(DESK, needling, event.start, event.end + timedelta(minutes=5))

    calendar.before["mark"] = once(edit)
    clinic.settle()
    assert clinic.mark(needling) is None
    clinic.clock.pass_by(seconds=10)
    clinic.settle()

    assert clinic.mark(needling) is not None


def test_a_calendar_that_is_away_is_tried_again(through: tuple[ClinicAtWork, Through]) -> None:
    clinic, calendar = through
    needling = clash(clinic)
    calendar.before["mark"] = once(lambda: failing(Unavailable("not now", retry_in=30.0))())
    clinic.settle()
    assert clinic.mark(needling) is None
    clinic.clock.pass_by(seconds=31)
    clinic.settle()

    assert clinic.mark(needling) is not None


def test_a_calendar_that_refuses_is_told_and_not_asked_for_ever(
    through: tuple[ClinicAtWork, Through],
) -> None:
    clinic, calendar = through
    needling = clash(clinic)
    calendar.before["mark"] = failing(Denied("this calendar is read-only"))
    clinic.settle()

    assert calendar.calls.count("mark") == 1
    with clinic.store.reading() as tx:
        assert not tx.outbox.due_targets()
        assert tx.outbox.open_for(clinic.appointment(needling).ref) is None

    del calendar.before["mark"]
    clinic.clock.pass_by(days=1)
    clinic.sync_all()
    assert clinic.mark(needling) is not None


def test_an_event_deleted_before_it_could_be_marked_ends_the_action(
    through: tuple[ClinicAtWork, Through],
) -> None:
    clinic, calendar = through
    needling = clash(clinic)
    calendar.before["event"] = once(lambda: clinic.calendar.cancel(DESK, needling))
    clinic.settle()

    assert clinic.appointment(needling).status == "cancelled"
    with clinic.store.reading() as tx:
        assert not tx.outbox.due_targets()
        assert tx.outbox.written(clinic.appointment(needling).ref) is None


def test_a_mark_already_there_is_not_written_twice(through: tuple[ClinicAtWork, Through]) -> None:
    clinic, calendar = through
    needling = clash(clinic)
    clinic.settle()
    clinic.look()
    clinic.settle()
    ref = clinic.appointment(needling).ref
    with clinic.store.transaction() as tx:  # as if we had died before writing down that it stands there
        tx.outbox.drop_written(ref)
    clinic.sync_all()

    assert calendar.calls.count("mark") == 1
    assert clinic.mark(needling) is not None


def test_a_hold_that_goes_and_comes_back_is_written_again(clinic: ClinicAtWork) -> None:
    needling = clash(clinic)
    clinic.settle()
    for _ in range(2):
        clinic.move(needling, "2026-04-15")
        clinic.settle()
        assert clinic.mark(needling) is None
        clinic.move(needling, "2026-03-15")
        clinic.settle()
        assert clinic.mark(needling) is not None


def test_a_held_visit_that_has_begun_is_annotated_only(clinic: ClinicAtWork) -> None:
    needling = clash(clinic)
    clinic.settle()
    clinic.clock.now = local("2026-03-15", "10:30")
    clinic.sync_all()

    mark = clinic.mark(needling)
    assert mark is not None
    assert (mark.kind, mark.prefix) == ("note", "")
    assert "held" in mark.text


def test_a_hold_that_is_lifted_while_it_is_being_written_is_taken_off_again(
    through: tuple[ClinicAtWork, Through],
) -> None:
    clinic, calendar = through
    botox = clinic.book("Botox", "2026-03-05")
    needling = clinic.book("Microneedling", "2026-03-15")

    def lifted() -> None:
        clinic.cancel(botox)
        second = clinic.runner()
        while second.run_next(("sync", "judge", "release")):
            pass

    calendar.before["mark"] = once(lifted)
    clinic.settle()
    clinic.clock.pass_by(seconds=30)
    clinic.settle()

    assert calendar.calls.count("mark") == 1
    assert clinic.mark(needling) is None


def test_a_calendar_that_asks_for_a_pause_is_written_in_again_only_after_it_and_read_meanwhile(
    through: tuple[ClinicAtWork, Through],
) -> None:
    clinic, calendar = through
    first = clash(clinic)
    calendar.before["mark"] = once(lambda: failing(Paused("too much", retry_in=3600.0))())
    clinic.settle()
    second = clinic.book("Xyzzy", "2026-03-20", "Ben Hall")
    clinic.clock.pass_by(minutes=50)
    clinic.settle()
    assert (clinic.mark(first), clinic.mark(second)) == (None, None)
    assert calendar.calls.count("mark") == 1
    assert clinic.outcome(second) == "review"

    clinic.clock.pass_by(minutes=30)
    clinic.settle()
    assert clinic.mark(first) is not None
    assert clinic.mark(second) is not None


def test_why_a_calendar_refuses_is_said_once_in_the_audit_log(through: tuple[ClinicAtWork, Through]) -> None:
    clinic, calendar = through
    needling = clash(clinic)
    calendar.before["mark"] = failing(Denied("this calendar is read-only"))
    clinic.settle()
    clinic.clock.pass_by(days=1)
    clinic.sync_all()

    (entry,) = clinic.audited(needling, "mark-refused")
    assert entry["why"] == "this calendar is read-only"


def test_nobody_else_writes_on_an_event_while_somebody_does(through: tuple[ClinicAtWork, Through]) -> None:
    clinic, calendar = through
    needling = clash(clinic)
    tried: list[bool] = []

    def meanwhile() -> None:
        with clinic.store.transaction() as tx:
            tx.work.touch("dispatch", clinic.appointment(needling).ref)
        tried.append(clinic.runner().run_next(("dispatch",)))

    calendar.before["mark"] = once(meanwhile)
    clinic.settle()

    assert tried == [False]
    assert calendar.calls.count("mark") == 1
    assert clinic.mark(needling) is not None
