"""A booking and its copy are one visit wherever visits are counted, moved, erased, started or given times."""

from dataclasses import replace
from datetime import timedelta

import pytest

from scheduler_app.domain.appointments import Clues
from scheduler_app.domain.events import EventDraft, Person
from scheduler_app.domain.platforms import Asked
from scheduler_app.errors import Invalid
from scheduler_app.flow.decide import confirm_client
from scheduler_app.flow.erase import erase
from scheduler_app.flow.flow import FETCH, INGEST, JUDGE, SYNC
from scheduler_app.flow.platforms.preventing import answer
from scheduler_app.flow.release import release
from scheduler_app.flow.slots import free_times
from scheduler_app.flow.start import start_calendar
from tests.flow.clinic_at_work import DESK, LONDON, local
from tests.flow.platforms.clinic_online import MAIL, ONLINE, ClinicOnline
from tests.flow.platforms.two_sources import PRACTITIONER, Copying


@pytest.fixture
def two(online: ClinicOnline) -> Copying:
    """Both sources."""
    return Copying(online)


def held(two: Copying, title: str = "Microneedling") -> tuple[str, str]:
    """A microneedling four days after Botox, and its copy."""
    two.online.book_online("Botox", "2026-03-16")
    booking = two.online.book_online("Micro", "2026-03-20")
    return two.copy(title, "2026-03-20", booking), booking


def test_times_offered_for_the_copy_are_those_that_the_booking_may_have(two: Copying) -> None:
    event, _ = held(two, "???")
    two.online.settle()
    flow, now = two.online.flow, two.online.clock.now
    offered = free_times(flow, two.online.calendar, two.event(event), now)
    assert offered
    assert min(offered) >= local("2026-03-30", "00:00").astimezone(LONDON)


def test_a_visit_is_not_in_the_way_of_its_own_copy(two: Copying) -> None:
    booking = two.online.book_online("Micro", "2026-03-20")
    event = two.copy("Microneedling", "2026-03-20", booking)
    two.online.settle()
    offered = free_times(two.online.flow, two.online.calendar, two.event(event), two.online.clock.now)
    assert offered[0].date().isoformat() == "2026-03-20"


def test_a_plan_that_marks_the_event_and_calls_the_booking_off_touches_one_visit(two: Copying) -> None:
    two.online.allow(cancel=True)
    held(two)
    run_next = two.online.runner().run_next
    while run_next((INGEST, FETCH, SYNC, JUDGE)):
        pass
    with two.online.store.reading() as tx:
        plans = list(tx.outbox.unreleased())
        targets = {action.target for plan in plans for action in tx.outbox.in_plan(plan)}
    assert len(targets) == 2
    assert [release(two.online.flow, plan).marks for plan in plans] == [1]


def test_the_visit_that_lies_ahead_of_whoever_is_to_be_erased_is_counted_once(two: Copying) -> None:
    booking = two.online.book_online("Talk", "2026-03-20")
    two.copy("Consultation", "2026-03-20", booking)
    two.online.settle()
    with pytest.raises(Invalid, match=r"^1 visit"):
        erase(two.online.flow, two.booking(booking).client or "", "kim")


def test_a_booking_that_is_being_moved_is_not_refused_because_of_its_copy(two: Copying) -> None:
    booking = two.online.book_online("Micro", "2026-03-20")
    two.copy("Microneedling", "2026-03-20", booking)
    two.online.settle()
    start = local("2026-03-23")
    clues = Clues("Ann Lee", MAIL["Ann Lee"])
    asked = Asked(("microneedling",), start, start + timedelta(hours=1), "Europe/London", clues, (), booking)
    assert answer(two.online.flow, ONLINE, asked).refusal is None
    assert answer(two.online.flow, ONLINE, replace(asked, booking_id=None)).refusal is not None


def test_a_calendar_that_is_started_marks_the_copies_in_it(two: Copying) -> None:
    two.online.on_terms(kind="google")
    event, _ = held(two)
    two.online.settle()
    assert two.online.mark(event) is None
    assert start_calendar(two.online.flow, DESK, "kim", "all") == 1
    two.online.settle()
    assert two.online.mark(event) is not None


def test_a_person_who_says_whose_the_booking_is_says_it_of_the_copy_too(two: Copying) -> None:
    booking = two.online.book_online("Talk", "2026-03-20")
    event = two.copy("Consultation", "2026-03-20", booking)
    two.online.book_online("Talk", "2026-03-18", name="Bo Ray")
    two.online.settle()
    bo = two.booking("booking-2").client or ""
    confirm_client(two.online.flow, two.booking(booking).ref, bo, PRACTITIONER)
    two.online.settle()
    assert two.event(event).client == two.booking(booking).client == bo
    assert two.one_visit(event, booking)
    two.online.sync_all()
    assert two.event(event).client == bo


def test_a_copy_whose_words_mislead_stays_with_its_booking_however_often_it_is_read(two: Copying) -> None:
    """Its guest is Ann's address under another name, which alone would be a question."""
    booking = two.online.book_online("Talk", "2026-03-20")
    start = local("2026-03-20")
    draft = EventDraft(
        "Consultation - Zed Fox",
        start,
        start + timedelta(hours=1),
        "Europe/London",
        description=f"memory:{booking}",
        attendees=(Person(MAIL["Ann Lee"], "Zed Fox"),),
    )
    two.online.settle()
    event = two.online.calendar.book(DESK, draft).id
    two.online.look()
    two.online.settle()
    before = two.event(event)
    assert before.client == two.booking(booking).client
    with two.online.store.reading() as tx:
        history = tx.appointments.history(before.ref)
    assert not any(change.field == "client" and change.by == "scheduler" for change in history)


def test_a_copy_that_names_nobody_goes_with_its_booking_to_another_client(two: Copying) -> None:
    booking = two.online.book_online("Talk", "2026-03-20")
    event = two.copy("Consultation", "2026-03-20", booking, known=False)
    two.online.settle()
    two.online.change_online(booking, clues=Clues("Bo Ray", MAIL["Bo Ray"]))
    two.online.settle()
    two.online.move(event, "2026-03-20", at="10:30")
    two.online.move(event, "2026-03-20")
    two.online.settle()
    assert two.event(event).client == two.booking(booking).client
    assert two.one_visit(event, booking)
