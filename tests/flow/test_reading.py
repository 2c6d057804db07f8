"""Looking at calendars that other programs keep: how often, and what is remembered when they are closed."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from scheduler_app.domain.connections import CalendarState
from scheduler_app.domain.events import EventDraft, Person
from scheduler_app.errors import Disconnected, NotFound, Unavailable
from scheduler_app.flow.flow import SYNC
from scheduler_app.flow.hearing import hearing, try_again
from scheduler_app.flow.sweep import begin
from tests.flow.calendars import failing
from tests.flow.clinic_at_work import DESK, ClinicAtWork
from tests.flow.watched import WatchedCalendar, channels, hear, watched

ADDRESS = "https://care.clinic.example/hooks/google"
WITHDRAWN = Disconnected("access-withdrawn", "share the calendar again")


@pytest.fixture
def elsewhere(open_clinic: Callable[..., ClinicAtWork]) -> ClinicAtWork:
    """A clinic whose calendar another program keeps; nobody can reach us from outside."""
    clinic = open_clinic()
    gateway = WatchedCalendar(clinic.calendar, clinic.clock)
    clinic.flow = replace(clinic.flow, gateways={DESK: gateway})
    begin(clinic.flow)
    clinic.settle()
    return clinic


@pytest.fixture
def told(elsewhere: ClinicAtWork) -> ClinicAtWork:
    """The same with a channel through which its program was heard."""
    elsewhere.flow = replace(elsewhere.flow, push_address=ADDRESS)
    begin(elsewhere.flow)
    elsewhere.settle()
    hear(elsewhere)
    elsewhere.settle()
    return elsewhere


def state(clinic: ClinicAtWork) -> CalendarState:
    with clinic.store.reading() as tx:
        return tx.states.get(DESK)


def looks(clinic: ClinicAtWork, seconds: float, every: float = 10.0) -> int:
    """How often the calendar is read in that time, sweeps and all."""
    before = watched(clinic).calls.count("changes")
    for _ in range(int(seconds / every)):
        clinic.clock.pass_by(seconds=every)
        clinic.settle()
    return watched(clinic).calls.count("changes") - before


def test_without_a_channel_it_is_read_about_every_90_seconds(elsewhere: ClinicAtWork) -> None:
    assert 30 <= looks(elsewhere, 3600) <= 54
    assert hearing(elsewhere.flow)[0].how == "polling"


def test_with_a_channel_it_is_read_about_every_half_hour_and_sweeps_do_not_pull_it_forward(
    told: ClinicAtWork,
) -> None:
    assert hearing(told.flow)[0].how == "push"
    assert 4 <= looks(told, 4 * 3600, every=60) <= 11


def test_a_row_that_was_lost_is_made_up_for(elsewhere: ClinicAtWork) -> None:
    with elsewhere.store.writing() as connection:
        connection.exec_driver_sql("DELETE FROM work WHERE kind = 'sync'")
    assert looks(elsewhere, 600) >= 1


def test_changes_nobody_told_of_cost_the_channel_our_trust_until_it_speaks_again(told: ClinicAtWork) -> None:
    told.clock.pass_by(minutes=10)
    told.calendar.book(DESK, botox_for_eve(told))  # and no notice comes
    assert looks(told, 2 * 3600, every=60) > 30
    (heard,) = hearing(told.flow)
    assert (heard.how, heard.channels) == ("polling", 1)

    hear(told)
    told.settle()
    assert hearing(told.flow)[0].how == "push"
    assert looks(told, 2 * 3600, every=60) <= 6


def test_changes_a_notice_told_of_cost_nothing(told: ClinicAtWork) -> None:
    for _ in range(3):
        told.clock.pass_by(minutes=50)
        told.calendar.book(DESK, botox_for_eve(told))
        hear(told)
        told.settle()
        assert hearing(told.flow)[0].how == "push"


def test_instances_of_a_series_that_come_into_reach_are_nothing_a_notice_should_have_told_of(
    told: ClinicAtWork,
) -> None:
    told.clock.pass_by(minutes=10)
    with told.store.transaction() as tx:
        tx.series.put(DESK, "weekly", told.clock.now)
    told.calendar.book(DESK, botox_for_eve(told))  # stands for them: something new and no notice
    told.look()
    told.settle()
    assert hearing(told.flow)[0].how == "push"


def test_a_look_that_worked_is_remembered_and_not_more_often_than_is_of_use(elsewhere: ClinicAtWork) -> None:
    first = state(elsewhere).read_at
    elsewhere.clock.pass_by(seconds=5)
    elsewhere.look()
    elsewhere.settle()
    assert state(elsewhere).read_at == first
    elsewhere.clock.pass_by(seconds=15)
    elsewhere.look()
    elsewhere.settle()
    assert state(elsewhere).read_at == elsewhere.clock.now


@pytest.mark.parametrize(
    ("fault", "code"),
    [(WITHDRAWN, "access-withdrawn"), (NotFound("no such calendar"), "calendar-missing")],
)
def test_a_calendar_closed_to_us_is_shown_so_and_nothing_is_forgotten(
    elsewhere: ClinicAtWork, fault: Disconnected | NotFound, code: str
) -> None:
    needling = elsewhere.book("Microneedling", "2026-03-15")
    elsewhere.settle()
    before = elsewhere.appointment(needling)
    watched(elsewhere).before["changes"] = failing(fault)
    closed_at = elsewhere.clock.now
    assert 14 <= looks(elsewhere, 4 * 3600, every=60) <= 30  # every quarter of an hour, after the first

    (heard,) = hearing(elsewhere.flow)
    assert (heard.fault, heard.trouble) == (code, code)
    assert heard.fault_since is not None
    assert heard.fault_since - closed_at <= timedelta(minutes=3)
    assert elsewhere.appointment(needling) == before
    with elsewhere.store.reading() as tx:
        assert tx.work.parked() == []


def test_a_person_who_says_try_again_need_not_wait_and_success_ends_it(elsewhere: ClinicAtWork) -> None:
    watched(elsewhere).before["changes"] = failing(WITHDRAWN)
    looks(elsewhere, 180)
    assert state(elsewhere).fault
    assert looks(elsewhere, 30) == 0
    del watched(elsewhere).before["changes"]
    try_again(elsewhere.flow, DESK, "dora")
    elsewhere.settle()

    assert state(elsewhere).fault == ""
    assert state(elsewhere).fault_since is None
    assert state(elsewhere).read_at == elsewhere.clock.now
    with elsewhere.store.reading() as tx:
        (entry,) = tx.audit.entries(DESK)
    assert (entry["who"], entry["what"]) == ("dora", "calendar-tried-again")


def test_nobody_tries_a_calendar_again_that_is_not_read_here(elsewhere: ClinicAtWork) -> None:
    with pytest.raises(NotFound):
        try_again(elsewhere.flow, "nowhere", "dora")


def test_what_a_person_decided_about_it_outlives_looks_and_faults(elsewhere: ClinicAtWork) -> None:
    with elsewhere.store.transaction() as tx:
        tx.states.put(replace(tx.states.get(DESK), started_at=elsewhere.clock.now, started_by="dora"))
    started = state(elsewhere)
    watched(elsewhere).before["changes"] = failing(WITHDRAWN)
    looks(elsewhere, 180)
    del watched(elsewhere).before["changes"]
    looks(elsewhere, 1200, every=60)
    after = state(elsewhere)
    assert (after.started_at, after.started_by) == (started.started_at, "dora")


def test_a_calendar_that_suddenly_looks_empty_is_shown_so_and_read_slowly(elsewhere: ClinicAtWork) -> None:
    for day in range(10, 16):
        elsewhere.book("Microneedling", f"2026-03-{day}", f"Client {day}")
    elsewhere.settle()
    with elsewhere.store.transaction() as tx:
        tx.cursors.put(DESK, None, elsewhere.clock.now)
    with elsewhere.store.writing() as connection:
        connection.exec_driver_sql("DELETE FROM calendar_events")
    tally = Counter[str]()
    elsewhere.look()
    elsewhere.settle(tally)
    assert tally["unsafe"] == 1
    assert hearing(elsewhere.flow)[0].fault == "calendar-looks-empty"
    assert looks(elsewhere, 600) == 0


def test_an_outage_is_not_a_disconnection(elsewhere: ClinicAtWork) -> None:
    watched(elsewhere).before["changes"] = failing(Unavailable("503", retry_in=30.0))
    assert looks(elsewhere, 600) >= 4
    assert state(elsewhere).fault == ""


def test_a_calendar_closed_to_us_is_not_watched_until_it_is_open_again(told: ClinicAtWork) -> None:
    watched(told).before["changes"] = failing(WITHDRAWN)
    with told.store.transaction() as tx:
        tx.work.touch(SYNC, DESK)
    told.settle()
    told.clock.pass_by(days=5)
    before = len(channels(told))
    looks(told, 600, every=60)
    assert len(channels(told)) == before
    del watched(told).before["changes"]
    looks(told, 1800, every=60)
    assert len(channels(told)) == before + 1


def botox_for_eve(clinic: ClinicAtWork) -> EventDraft:
    start = clinic.clock.now + timedelta(days=9)
    guests = (Person("eve@example.com", "Eve Ash"),)
    return EventDraft("Botox - Eve Ash", start, start + timedelta(hours=1), "Europe/London", attendees=guests)
