"""The desk shows what was and would be written in calendars, who is to settle it, and lets people decide."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from scheduler_app.domain.clinic import ClinicCalendar
from scheduler_app.domain.events import EventDraft, Person
from scheduler_app.flow.unreadable import EVENT, UNREADABLE, tell
from tests.web.at_the_desk import Receptionist, words
from tests.web.settling import settling
from tests.web.stand import Stand, standing


@pytest.fixture
def desk(stand: Stand) -> Receptionist:
    return Receptionist(stand)


@pytest.fixture
def observed(tmp_path: Path, empty_database: Path) -> Iterator[Receptionist]:
    """A clinic whose calendar another program keeps; nobody has started it."""
    with standing(tmp_path, empty_database) as stand:
        flow = stand.deps.flow
        kept = flow.clinic.calendars["desk"]
        elsewhere = replace(flow.clinic, calendars={"desk": replace(kept, kind="google")})
        flow = replace(flow, clinic=elsewhere)
        stand.deps = replace(stand.deps, flow=flow, settle=settling(flow))
        yield Receptionist(stand)


def typed_in_google(desk: Receptionist) -> str:
    """Botox and microneedling too soon after it, in the program itself; the needling's ref."""
    refs = []
    for title, day in (("Botox - Anna Berg", 4), ("Microneedling - Anna Berg", 14), ("Xyzzy - Bo Li", 15)):
        start = datetime(2026, 3, day, 10, tzinfo=UTC)
        draft = EventDraft(
            title, start, start.replace(hour=11), "Europe/London", attendees=(Person("anna@example.com", ""),)
        )
        event = desk.stand.calendar.book("desk", draft)
        with desk.stand.store.transaction() as tx:
            tx.work.touch("sync", "desk")
        desk.stand.deps.settle()
        with desk.stand.store.reading() as tx:
            found = tx.appointments.by_source("calendar:desk", event.id)
        assert found is not None
        refs.append(found.ref)
    return refs[1]


def test_an_observed_calendar_shows_what_would_be_written_and_is_started_by_a_person(
    observed: Receptionist,
) -> None:
    ref = typed_in_google(observed)
    page = observed.page("/desk/calendars/desk")
    assert "Only observed: nothing is written here." in page
    assert "Would be held: 1" in page
    assert "Its title would begin: ⛔ 18 Mar · " in page
    assert "Titles nobody could read: 1" in page
    assert "hold: the title says so, and the slot is given back in time, once it is started" in page
    assert observed.event(ref).mark is None

    answer = observed.send("/desk/calendars/desk", do="all", by="Kim", shown="2")
    assert answer.status_code == 303
    assert "All bookings ahead are covered (hold)." in observed.page("/desk/calendars/desk")
    assert observed.event(ref).mark.kind == "hold"

    assert observed.send("/desk/calendars/desk", do="stop", by="Kim").status_code == 303
    assert "Only observed" in observed.page("/desk/calendars")
    assert observed.event(ref).mark.kind == "hold"


def test_starting_for_new_bookings_writes_nothing_on_those_that_are_there(observed: Receptionist) -> None:
    ref = typed_in_google(observed)
    observed.stand.clock.now += timedelta(minutes=1)
    assert observed.send("/desk/calendars/desk", do="new", by="Kim", shown="2").status_code == 303

    assert "Bookings made since the start are covered" in observed.page("/desk/calendars/desk")
    assert observed.event(ref).mark is None
    assert "only observed, or was started for later bookings" in observed.page(f"/desk/appointments/{ref}")


@pytest.mark.parametrize(
    ("typed", "told"), [({"do": "all"}, "name"), ({"by": "Kim", "do": "more"}, "Choose what to do.")]
)
def test_a_start_wants_a_name_and_a_choice(observed: Receptionist, typed: dict[str, str], told: str) -> None:
    answer = observed.send("/desk/calendars/desk", **typed)
    assert answer.status_code == 422
    assert told in words(answer.text)


def test_our_own_calendar_needs_no_start(desk: Receptionist) -> None:
    assert "Kept here; all bookings are covered (hold)." in desk.page("/desk/calendars")
    assert "needs no start" in desk.page("/desk/calendars/desk")
    assert desk.send("/desk/calendars/desk", do="all", by="Kim").status_code == 422
    desk.page("/desk/calendars/nowhere", 404)
    assert desk.send("/desk/calendars/nowhere", do="all", by="Kim").status_code == 404


def test_a_disconnected_calendar_says_why_and_what_to_do(observed: Receptionist) -> None:
    with observed.stand.store.transaction() as tx:
        state = tx.states.get("desk")
        moment = observed.stand.clock.now
        tx.states.put(replace(state, fault="access-withdrawn", fault_since=moment, read_at=moment))
    page = observed.page("/desk/calendars")
    assert "Disconnected since" in page
    assert "Share the calendar with the service again." in page


def test_the_slot_of_a_held_visit_is_given_back_with_one_button(desk: Receptionist) -> None:
    _, ref = desk.botox_then_microneedling()
    page = desk.page(f"/desk/appointments/{ref}")
    assert "Give the slot back" in page
    assert "To be settled by the desk, until 13 Mar 10:00" in page

    assert desk.send(f"/desk/appointments/{ref}/release", do="release", by="").status_code == 422
    assert desk.send(f"/desk/appointments/{ref}/release", do="release", by="Kim").status_code == 303
    assert desk.event(ref).mark.free
    page = desk.page(f"/desk/appointments/{ref}")
    assert "slot given back" in page
    assert "Give the slot back" not in page
    again = desk.send(f"/desk/appointments/{ref}/release", do="release", by="Kim")
    assert again.status_code == 422
    assert "holds no slot now" in words(again.text)


def test_what_is_near_and_still_held_stands_on_top(desk: Receptionist) -> None:
    _, ref = desk.botox_then_microneedling()
    assert "To settle now" not in desk.page("/desk/reviews")
    desk.stand.clock.now = datetime(2026, 3, 13, 12, tzinfo=UTC)
    page = desk.page("/desk/reviews")
    assert page.index("To settle now") < page.index("Bookings that rules cannot decide")
    assert ref in desk.browser.get("/desk/reviews").text
    assert "scheduler_holds_escalated 1" in desk.browser.get("/metrics").text


def test_a_mark_taken_off_by_hand_twice_is_told_to_the_practitioner(desk: Receptionist) -> None:
    _, ref = desk.botox_then_microneedling()
    for _ in range(2):
        event = desk.event(ref)
        desk.stand.calendar.unmark("desk", event.id, event.etag)
        with desk.stand.store.transaction() as tx:
            tx.work.touch("sync", "desk")
        desk.stand.deps.settle()
    page = desk.page("/desk/reviews")
    assert "Taken off by hand" in page
    assert "only a practitioner’s override lets it stand" in page
    assert "it is left alone" in desk.page(f"/desk/appointments/{ref}")
    assert "Taken off by hand" in desk.page("/desk/digest")


def test_an_event_that_is_not_ours_to_write_on_is_told(desk: Receptionist) -> None:
    _, ref = desk.botox_then_microneedling()
    with desk.stand.store.transaction() as tx:
        found = tx.appointments.get(ref)
        assert found is not None
        tx.appointments.put(replace(found, writable=False), by="calendar:desk", at=desk.stand.clock.now)
    assert "we may not write on it" in desk.page(f"/desk/appointments/{ref}")


def test_the_digest_is_a_page_too(desk: Receptionist) -> None:
    desk.botox_then_microneedling()
    page = desk.page("/desk/digest")
    assert "Microneedling - Anna Berg: the desk until" in page


def test_a_calendar_nobody_named_goes_by_its_id(observed: Receptionist) -> None:
    deps = observed.stand.deps
    bare = ClinicCalendar("desk", "main", kind="google")
    flow = replace(deps.flow, clinic=replace(deps.clinic, calendars={"desk": bare}))
    observed.browser = observed.stand.client(replace(deps, flow=flow))
    assert "desk" in observed.page("/desk/calendars")


def test_events_that_nobody_can_read_are_listed(observed: Receptionist) -> None:
    assert "Events that cannot be read" not in observed.page("/desk/calendars/desk")
    stand = observed.stand
    with stand.store.transaction() as tx:
        tell(tx, EVENT, "desk", [("e1", UNREADABLE, "open it, and save it again")], stand.clock.now)
    page = observed.page("/desk/calendars/desk")
    assert "Events that cannot be read: 1" in page
    assert "e1: open it, and save it again" in page


def test_a_calendar_that_looks_empty_is_believed_when_a_person_says_so(observed: Receptionist) -> None:
    stand = observed.stand
    booked = []
    for day in range(10, 18):
        start = datetime(2026, 3, day, 10, tzinfo=UTC)
        person = Person(f"a{day}@example.com", "Anna Berg")
        draft = EventDraft("Botox - Anna Berg", start, start.replace(hour=11), "UTC", attendees=(person,))
        booked.append(stand.calendar.book("desk", draft).id)
    with stand.store.transaction() as tx:
        tx.work.touch("sync", "desk")
    stand.deps.settle()
    for event in booked:
        stand.calendar.cancel("desk", event)
    stand.calendar.prune(
        "desk", stand.clock.now + timedelta(days=1)
    )  # their cursor expires: all is read anew
    with stand.store.transaction() as tx:
        tx.work.touch("sync", "desk")
    stand.deps.settle()
    assert "It is right to be empty" in observed.page("/desk/calendars/desk")
    with stand.store.reading() as tx:
        held = tx.appointments.by_source("calendar:desk", booked[0])
    assert held is not None
    assert held.status == "booked"

    assert observed.send("/desk/calendars/desk", do="look", by="Kim").status_code == 303
    assert "It is right to be empty" in observed.page("/desk/calendars/desk")
    assert observed.send("/desk/calendars/desk", do="empty", by="Kim").status_code == 303
    assert "It is right to be empty" not in observed.page("/desk/calendars/desk")
    with stand.store.reading() as tx:
        gone = tx.appointments.by_source("calendar:desk", booked[0])
    assert gone is not None
    assert gone.status == "cancelled"
