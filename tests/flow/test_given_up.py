"""Work that fails again and again is told of, once, and tried again when a person says so."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from scheduler_app.errors import SchedulerError, Unavailable
from scheduler_app.flow.digest import digest
from scheduler_app.flow.flow import FETCH, JUDGE, PUBLISH, SYNC
from scheduler_app.flow.given_up import (
    GIVEN_UP,
    TRIED_AGAIN,
    GivenUp,
    given_up,
    note_given_up,
    try_again,
    work_name,
)
from scheduler_app.flow.hearing import try_again as try_calendar_again
from scheduler_app.flow.sweep import tidy
from scheduler_app.texts.digest import digest_text
from tests.flow.clinic_at_work import DESK, SITE, ClinicAtWork
from tests.parked import give_up


def standing(clinic: ClinicAtWork) -> list[GivenUp]:
    with clinic.store.reading() as tx:
        return [*given_up(tx)]


def written(clinic: ClinicAtWork, name: str) -> list[str]:
    """What the audit log says of it, oldest first."""
    with clinic.store.reading() as tx:
        return [entry["what"] for entry in reversed(tx.audit.entries(name))]


def breaks(fault: Exception) -> Callable[[str], bool]:
    def publish(_client: str) -> bool:
        raise fault

    return publish


def days_go_by(clinic: ClinicAtWork) -> None:
    for _ in range(20):
        clinic.settle()
        clinic.clock.pass_by(hours=2)


def test_a_defect_is_given_up_and_told_of_once_without_a_name(
    clinic: ClinicAtWork, caplog: pytest.LogCaptureFixture
) -> None:
    clinic.flow = replace(clinic.flow, publish=breaks(KeyError("Ann Lee")))
    client = clinic.appointment(booked(clinic)).client
    days_go_by(clinic)
    for _ in range(2):
        note_given_up(clinic.flow)

    (told,) = standing(clinic)
    assert (told.kind, told.about, told.ref, told.attempts) == (PUBLISH, "client", client, 12)
    assert told.error.startswith("KeyError at test_given_up.py:")
    assert told.since == clinic.clock.now
    assert written(clinic, told.name) == [GIVEN_UP]
    assert str(client) not in told.name
    assert f"{told.name} was given up after 12 tries" in caplog.text
    assert "Ann" not in caplog.text
    said = digest_text(digest(clinic.flow))
    assert "Work that failed again and again: 1. The desk's page “Not done” lists it." in said


@pytest.mark.parametrize("fault", [Unavailable("it did not answer"), Unavailable("wait", retry_in=60.0)])
def test_what_can_pass_is_tried_for_ever(clinic: ClinicAtWork, fault: SchedulerError) -> None:
    clinic.flow = replace(clinic.flow, publish=breaks(fault))
    booked(clinic)
    days_go_by(clinic)
    assert standing(clinic) == []


def test_what_was_given_up_is_done_when_a_person_has_it_tried_again(clinic: ClinicAtWork) -> None:
    clinic.flow = replace(clinic.flow, publish=breaks(KeyError("x")))
    booked(clinic)
    days_go_by(clinic)
    note_given_up(clinic.flow)
    (told,) = standing(clinic)
    done: list[str] = []

    def publish(client: str) -> bool:
        done.append(client)
        return True

    clinic.flow = replace(clinic.flow, publish=publish)

    assert try_again(clinic.flow, told.name, "Kim")
    clinic.settle()

    assert done == [told.ref]
    assert standing(clinic) == []
    with clinic.store.reading() as tx:
        newest = tx.audit.entries(told.name)[0]
    assert (newest["what"], newest["who"], newest["kind"]) == (TRIED_AGAIN, "Kim", PUBLISH)


def test_to_try_again_twice_is_to_try_again_once(clinic: ClinicAtWork) -> None:
    give_up(clinic.store, clinic.clock, JUDGE, "c1")
    name = work_name(JUDGE, "c1")
    assert try_again(clinic.flow, name, "Kim")
    assert not try_again(clinic.flow, name, "Lou")
    assert written(clinic, name) == [TRIED_AGAIN]


def test_what_nobody_gave_up_is_not_tried_again(clinic: ClinicAtWork) -> None:
    with clinic.store.transaction() as tx:
        tx.work.touch(JUDGE, "c1", delay=60.0)
    assert not try_again(clinic.flow, work_name(JUDGE, "c1"), "Kim")
    assert written(clinic, work_name(JUDGE, "c1")) == []
    assert clinic.settle() == 0


def test_what_is_given_up_again_stands_since_then(clinic: ClinicAtWork) -> None:
    name = work_name(JUDGE, "c1")
    give_up(clinic.store, clinic.clock, JUDGE, "c1")
    assert standing(clinic)[0].since is None
    tidy(clinic.flow)
    first = standing(clinic)[0].since
    try_again(clinic.flow, name, "Kim")
    give_up(clinic.store, clinic.clock, JUDGE, "c1")
    tidy(clinic.flow)

    again = standing(clinic)[0].since
    assert first is not None
    assert again is not None
    assert again - first > timedelta(hours=20)
    assert written(clinic, name) == [GIVEN_UP, TRIED_AGAIN, GIVEN_UP]


def test_a_calendar_tried_again_on_its_own_page_is_not_given_up_any_more(clinic: ClinicAtWork) -> None:
    give_up(clinic.store, clinic.clock, SYNC, DESK)
    note_given_up(clinic.flow)
    try_calendar_again(clinic.flow, DESK, "Kim")
    assert standing(clinic) == []
    assert written(clinic, work_name(SYNC, DESK)) == [GIVEN_UP, TRIED_AGAIN]


def test_a_calendar_that_was_never_given_up_leaves_no_word_of_it(clinic: ClinicAtWork) -> None:
    try_calendar_again(clinic.flow, DESK, "Kim")
    assert written(clinic, work_name(SYNC, DESK)) == []


def test_only_the_work_that_was_named_is_tried_again(clinic: ClinicAtWork) -> None:
    for key in ("c1", "c2"):
        give_up(clinic.store, clinic.clock, JUDGE, key)
    try_again(clinic.flow, work_name(JUDGE, "c2"), "Kim")
    assert [each.ref for each in standing(clinic)] == ["c1"]


def test_the_longest_standing_comes_first_and_the_newest_last(clinic: ClinicAtWork) -> None:
    for key in ("c2", "c1", "c3"):
        give_up(clinic.store, clinic.clock, JUDGE, key)
        if key != "c3":
            note_given_up(clinic.flow)
    assert [each.ref for each in standing(clinic)] == ["c2", "c1", "c3"]


@pytest.mark.parametrize(
    ("kind", "key", "concerns"),
    [
        ("ingest", SITE, ("source", SITE)),
        ("fetch", "online b-17", ("platform", "online")),
        ("reconcile", "online", ("platform", "online")),
        ("sync", DESK, ("calendar", DESK)),
        ("watch", DESK, ("calendar", DESK)),
        ("judge", "c1", ("client", "c1")),
        ("judge", "?a1", ("appointment", "a1")),
        ("release", "sync:1", ("plan", "sync:1")),
        ("dispatch", "a1", ("appointment", "a1")),
        ("publish", "c1", ("client", "c1")),
        ("mail", "c1", ("client", "c1")),
        ("post", "mail:1", ("letters", "mail:1")),
        ("send", "c1", ("client", "c1")),
        ("send", "link:c1:l1", ("client", "c1")),
        ("sweep", "held:a1", ("appointment", "a1")),
        ("sweep", "round", ("house", "")),
    ],
)
def test_it_is_said_whom_it_concerns(
    clinic: ClinicAtWork, kind: str, key: str, concerns: tuple[str, str]
) -> None:
    give_up(clinic.store, clinic.clock, kind, key)
    (told,) = standing(clinic)
    assert (told.about, told.ref) == concerns


def test_a_booking_we_hold_is_named_by_its_visit(clinic: ClinicAtWork) -> None:
    visit = clinic.appointment(booked(clinic))
    give_up(clinic.store, clinic.clock, FETCH, f"{visit.source} {visit.source_id}")
    (told,) = standing(clinic)
    assert (told.about, told.ref) == ("appointment", visit.ref)


@pytest.mark.parametrize(
    ("kept", "shown"),
    [
        ("KeyError at judge.py:7", "KeyError at judge.py:7"),
        ("KeyError at an unknown line", "KeyError at an unknown line"),
        ("Invalid: Ann Lee's field is wrong", "Invalid"),
        ("NotFound: two\nlines", "NotFound"),
        ("ann lee was not found", "unknown"),
        ("", ""),
    ],
)
def test_of_an_error_its_type_is_shown_and_never_its_words(
    clinic: ClinicAtWork, kept: str, shown: str
) -> None:
    give_up(clinic.store, clinic.clock, JUDGE, "c1", kept)
    assert standing(clinic)[0].error == shown


def booked(clinic: ClinicAtWork) -> str:
    event = clinic.book("Botox", "2026-04-05")
    clinic.settle()
    return event
