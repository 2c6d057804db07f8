"""Nothing is written in another program's calendar before a person says so, who saw what it would be."""

from dataclasses import replace

import pytest

from scheduler_app.domain.clinic import PlanLimits
from scheduler_app.errors import Invalid, NotFound
from scheduler_app.flow.foresee import foresee
from scheduler_app.flow.start import start_calendar, stop_calendar
from tests.flow.clinic_at_work import DESK, ClinicAtWork

NAMES = ("Ada", "Bea", "Cid", "Dot", "Eva")


@pytest.fixture
def elsewhere(clinic: ClinicAtWork) -> ClinicAtWork:
    """A clinic whose calendar another program keeps."""
    clinic.on_terms(kind="google")
    return clinic


def too_soon(clinic: ClinicAtWork, name: str = "Ann") -> str:
    clinic.book("Botox", "2026-03-05", f"{name} Lee")
    needling = clinic.book("Microneedling", "2026-03-16", f"{name} Lee")
    clinic.settle()
    return needling


def test_a_calendar_another_program_keeps_is_only_observed(elsewhere: ClinicAtWork) -> None:
    needling = too_soon(elsewhere)
    elsewhere.clock.pass_by(days=1)
    elsewhere.sync_all()

    assert elsewhere.outcome(needling) == "blocked"
    assert elsewhere.mark(needling) is None
    with elsewhere.store.reading() as tx:
        assert not tx.outbox.unreleased()
        assert not tx.outbox.due_targets()


def test_the_owner_sees_what_would_be_written_before_anything_is(elsewhere: ClinicAtWork) -> None:
    needling = too_soon(elsewhere)
    unread = elsewhere.book("Xyzzy", "2026-03-20", "Cat Moss")
    elsewhere.settle()
    seen = foresee(elsewhere.flow, DESK)

    assert [each.appointment.source_id for each in seen.held] == [needling]
    assert seen.held[0].wish.mark is not None
    assert seen.held[0].wish.mark.prefix == "⛔19 Mar · "
    assert [visit.source_id for visit in seen.unrecognised] == [unread]
    assert unread in [each.appointment.source_id for each in seen.reviews]
    assert [each.appointment.source_id for each in seen.written] == [needling, unread]
    assert elsewhere.mark(needling) is None


def test_once_started_only_bookings_made_afterwards_are_covered(elsewhere: ClinicAtWork) -> None:
    before = too_soon(elsewhere)
    elsewhere.clock.pass_by(minutes=1)
    start_calendar(elsewhere.flow, DESK, "Kim")
    after = too_soon(elsewhere, "Bea")
    elsewhere.move(before, "2026-03-17")  # still the booking of before
    elsewhere.sync_all()

    assert elsewhere.mark(after) is not None
    assert elsewhere.mark(before) is None


def test_started_for_all_it_marks_what_was_shown_without_asking_again(elsewhere: ClinicAtWork) -> None:
    needlings = [too_soon(elsewhere, name) for name in NAMES]
    shown = len(foresee(elsewhere.flow, DESK).written)
    assert start_calendar(elsewhere.flow, DESK, "Kim", "all", shown) == 5
    elsewhere.settle()

    assert all(elsewhere.mark(needling) is not None for needling in needlings)
    with elsewhere.store.reading() as tx:
        assert [entry["what"] for entry in tx.audit.entries(DESK)] == ["calendar-started"]


def test_more_than_was_shown_stops_and_asks(elsewhere: ClinicAtWork) -> None:
    clinic = elsewhere.flow.clinic
    elsewhere.flow = replace(elsewhere.flow, clinic=replace(clinic, limits=PlanLimits(max_marks=1, floor=1)))
    needlings = [too_soon(elsewhere, name) for name in NAMES]
    start_calendar(elsewhere.flow, DESK, "Kim", "all", foreseen=4)
    elsewhere.settle()

    assert [elsewhere.mark(needling) for needling in needlings] == [None] * 5
    with elsewhere.store.reading() as tx:
        assert len(tx.outbox.waiting()) == 1


def test_stopped_it_observes_again_and_what_stands_is_left_alone(elsewhere: ClinicAtWork) -> None:
    start_calendar(elsewhere.flow, DESK, "Kim")
    elsewhere.clock.pass_by(minutes=1)
    needling = too_soon(elsewhere)
    mark = elsewhere.mark(needling)
    assert mark is not None
    stop_calendar(elsewhere.flow, DESK, "Kim")
    elsewhere.move(needling, "2026-04-20")
    elsewhere.clock.pass_by(hours=3)
    elsewhere.sync_all()

    assert elsewhere.outcome(needling) == "review"  # the screening only
    assert elsewhere.mark(needling) == mark
    with elsewhere.store.reading() as tx:
        assert [e["what"] for e in tx.audit.entries(DESK)] == ["calendar-stopped", "calendar-started"]


def test_what_was_planned_before_a_stop_is_not_written_after_it(elsewhere: ClinicAtWork) -> None:
    start_calendar(elsewhere.flow, DESK, "Kim")
    elsewhere.clock.pass_by(minutes=1)
    elsewhere.book("Botox", "2026-03-05")
    needling = elsewhere.book("Microneedling", "2026-03-16")
    runner = elsewhere.runner()
    while runner.run_next(("sync", "judge", "release")):
        pass
    stop_calendar(elsewhere.flow, DESK, "Kim")
    elsewhere.settle()

    assert elsewhere.mark(needling) is None
    with elsewhere.store.reading() as tx:
        assert not tx.outbox.due_targets()


def test_a_plan_that_waits_is_dropped_when_the_calendar_is_stopped(elsewhere: ClinicAtWork) -> None:
    clinic = elsewhere.flow.clinic
    elsewhere.flow = replace(elsewhere.flow, clinic=replace(clinic, limits=PlanLimits(max_marks=0, floor=0)))
    start_calendar(elsewhere.flow, DESK, "Kim")
    elsewhere.clock.pass_by(minutes=1)
    too_soon(elsewhere)
    with elsewhere.store.reading() as tx:
        assert len(tx.outbox.waiting()) == 1
    stop_calendar(elsewhere.flow, DESK, "Kim")
    elsewhere.sync_all()

    with elsewhere.store.reading() as tx:
        assert not tx.outbox.waiting()


def test_our_own_calendar_needs_no_start_and_obeys_its_mode(clinic: ClinicAtWork) -> None:
    needling = too_soon(clinic)
    assert clinic.mark(needling) is not None
    with pytest.raises(Invalid):
        start_calendar(clinic.flow, DESK, "Kim")
    with pytest.raises(Invalid):
        stop_calendar(clinic.flow, DESK, "Kim")

    clinic.on_terms(mode="observe")
    other = too_soon(clinic, "Bea")
    assert clinic.mark(other) is None
    assert clinic.mark(needling) is not None


def test_a_calendar_that_is_configured_to_be_observed_cannot_be_started(elsewhere: ClinicAtWork) -> None:
    elsewhere.on_terms(mode="observe")
    with pytest.raises(Invalid):
        start_calendar(elsewhere.flow, DESK, "Kim")
    with pytest.raises(NotFound):
        start_calendar(elsewhere.flow, "nowhere", "Kim")
    with pytest.raises(Invalid):
        start_calendar(elsewhere.flow, DESK, "Kim", "some")


def test_an_annotated_calendar_is_explained_and_its_titles_stay(clinic: ClinicAtWork) -> None:
    clinic.on_terms(mode="annotate")
    needling = too_soon(clinic)
    clinic.clock.pass_by(hours=2)
    clinic.settle()

    mark = clinic.mark(needling)
    assert mark is not None
    assert (mark.kind, mark.prefix, mark.free) == ("note", "", False)
    assert "19 March 2026" in mark.text


def test_an_event_that_is_not_ours_to_write_on_is_never_written_on(clinic: ClinicAtWork) -> None:
    clinic.book("Botox", "2026-03-05")
    needling = clinic.book("Microneedling", "2026-03-16")
    runner = clinic.runner()
    while runner.run_next(("sync",)):
        pass
    with clinic.store.transaction() as tx:
        visit = clinic.appointment(needling)
        tx.appointments.put(replace(visit, writable=False), by="calendar:desk", at=clinic.clock.now)
    clinic.settle()

    assert clinic.outcome(needling) == "blocked"
    assert clinic.mark(needling) is None
