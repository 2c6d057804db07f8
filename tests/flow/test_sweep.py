"""What was left undone is found again."""

from datetime import timedelta

from scheduler_app.flow.sweep import begin, until_night
from tests.flow.clinic_at_work import ClinicAtWork, local, ordinal


def test_a_calendar_that_was_never_read_is_read_at_start_up(clinic: ClinicAtWork) -> None:
    clinic.book("Botox", "2026-03-05")
    needling = clinic.book("Microneedling", "2026-03-15")
    with clinic.store.writing() as connection:  # every signal was lost
        connection.exec_driver_sql("DELETE FROM work")
    begin(clinic.flow)
    clinic.settle()

    assert clinic.mark(needling) is not None


def test_signals_lost_at_any_time_are_made_up_for_within_a_round(clinic: ClinicAtWork) -> None:
    begin(clinic.flow)
    clinic.settle()
    clinic.book("Botox", "2026-03-05")
    needling = clinic.book("Microneedling", "2026-03-15")
    with clinic.store.writing() as connection:
        connection.exec_driver_sql("DELETE FROM work WHERE kind <> 'sweep'")
    for _ in range(3):
        clinic.clock.pass_by(seconds=301)
        clinic.settle()

    assert clinic.mark(needling) is not None


def test_every_night_everybody_is_judged_for_the_new_day(clinic: ClinicAtWork) -> None:
    begin(clinic.flow)
    needling = clinic.book("Microneedling", "2026-03-15")
    clinic.settle()
    clinic.clock.now = local("2026-03-03", "00:06")
    clinic.settle()

    assert clinic.verdict(needling).day == ordinal("2026-03-03")


def test_a_past_visit_nobody_confirmed_is_presumed_to_have_taken_place(clinic: ClinicAtWork) -> None:
    begin(clinic.flow)
    clinic.book("Botox", "2026-03-03")
    needling = clinic.book("Microneedling", "2026-03-16")
    clinic.settle()
    clinic.clock.now = local("2026-03-04", "00:06")
    clinic.settle()

    (finding, *_) = clinic.verdict(needling).verdict.findings
    assert finding.other is not None
    assert finding.other.presumed


def test_night_comes_shortly_after_the_clinics_midnight_also_when_clocks_change(clinic: ClinicAtWork) -> None:
    for day in ("2026-03-28", "2026-03-29", "2026-10-24", "2026-10-25"):
        now = local(day, "22:00")
        night = now + timedelta(seconds=until_night(clinic.flow, now))
        assert local(str(local(day).date() + timedelta(days=1)), "00:05") == night


def test_nothing_is_done_while_nothing_happens(clinic: ClinicAtWork) -> None:
    begin(clinic.flow)
    clinic.book("Microneedling", "2026-03-15")
    clinic.settle()
    clinic.clock.pass_by(seconds=60)

    assert clinic.settle() == 0
