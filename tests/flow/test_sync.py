"""A clinic calendar is read, and nobody in it is forgotten."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from scheduler_app.domain.events import CalendarEvent, EventDraft, Mark, Person
from scheduler_app.errors import Conflict, Expired, Unsafe
from scheduler_app.flow.sync import sync_calendar
from tests.flow.calendars import Through, failing, once
from tests.flow.clinic_at_work import DESK, NOW, ClinicAtWork, local


@pytest.fixture
def through(open_clinic: Callable[..., ClinicAtWork]) -> tuple[ClinicAtWork, Through]:
    """A clinic, and what stands between it and its calendar."""
    between: list[Through] = []

    def stand(gateway: object) -> Through:
        between.append(Through(gateway))  # type: ignore[arg-type]
        return between[0]

    return open_clinic(through=stand), between[0]


def visits(clinic: ClinicAtWork, count: int) -> list[str]:
    return [
        clinic.book("Consultation", "2026-03-20", f"{name} Poe")
        for name in ("Al", "Bo", "Cy", "Di", "Ed", "Flo")[:count]
    ]


def statuses(clinic: ClinicAtWork, events: list[str]) -> set[str]:
    return {clinic.appointment(event).status for event in events}


def test_a_calendar_that_suddenly_looks_empty_forgets_nobody_until_a_person_says_so(
    through: tuple[ClinicAtWork, Through],
) -> None:
    clinic, calendar = through
    events = visits(clinic, 5)
    clinic.settle()
    calendar.empty = True
    clinic.clock.pass_by(hours=1)
    with clinic.store.transaction() as tx:
        tx.cursors.put(DESK, None, clinic.clock.now)

    for _ in range(2):
        with pytest.raises(Unsafe):
            sync_calendar(clinic.flow, DESK)
    assert statuses(clinic, events) == {"booked"}
    with clinic.store.reading() as tx:
        assert [entry["what"] for entry in tx.audit.entries(DESK)] == ["calendar-looks-empty"]

    assert sync_calendar(clinic.flow, DESK, trust_empty=True) == 5
    assert statuses(clinic, events) == {"cancelled"}


def test_the_flow_goes_on_asking_a_calendar_that_looks_empty(through: tuple[ClinicAtWork, Through]) -> None:
    clinic, calendar = through
    events = visits(clinic, 5)
    clinic.settle()
    with clinic.store.transaction() as tx:
        tx.cursors.put(DESK, None, clinic.clock.now)
    calendar.empty = True
    clinic.look()
    clinic.settle()
    calendar.empty = False
    clinic.clock.pass_by(hours=1)
    clinic.settle()

    assert statuses(clinic, events) == {"booked"}
    with clinic.store.reading() as tx:
        assert tx.cursors.get(DESK) is not None


def test_a_few_visits_may_all_be_called_off(through: tuple[ClinicAtWork, Through]) -> None:
    clinic, calendar = through
    events = visits(clinic, 4)
    clinic.settle()
    with clinic.store.transaction() as tx:
        tx.cursors.put(DESK, None, clinic.clock.now)
    calendar.empty = True
    clinic.look()
    clinic.settle()

    assert statuses(clinic, events) == {"cancelled"}


def test_a_cursor_that_is_too_old_leads_to_a_full_reading_in_which_the_vanished_are_called_off(
    through: tuple[ClinicAtWork, Through],
) -> None:
    clinic, calendar = through
    events = visits(clinic, 3)
    clinic.settle()
    clinic.calendar.cancel(DESK, events[0])
    clinic.calendar.prune(DESK, clinic.clock.now + timedelta(days=1))
    calendar.before["changes"] = once(lambda: failing(Expired("too old"))())
    clinic.look()
    clinic.settle()

    assert clinic.appointment(events[0]).status == "cancelled"
    assert statuses(clinic, events[1:]) == {"booked"}


def test_a_second_reader_of_the_same_calendar_changes_nothing(through: tuple[ClinicAtWork, Through]) -> None:
    clinic, calendar = through
    (event,) = visits(clinic, 1)
    calendar.before["changes"] = once(lambda: sync_calendar(clinic.flow, DESK))

    with pytest.raises(Conflict):
        sync_calendar(clinic.flow, DESK)
    assert clinic.appointment(event).status == "booked"


def test_our_own_mark_is_no_news(clinic: ClinicAtWork) -> None:
    clinic.book("Botox", "2026-03-05")
    needling = clinic.book("Microneedling", "2026-03-15")
    clinic.settle()
    ref = clinic.appointment(needling).ref
    with clinic.store.reading() as tx:
        before = tx.appointments.history(ref)
    clinic.look()
    clinic.settle()

    assert clinic.mark(needling) is not None
    with clinic.store.reading() as tx:
        assert tx.appointments.history(ref) == before


def test_a_look_at_a_calendar_in_which_nothing_happened_writes_nothing(
    through: tuple[ClinicAtWork, Through],
) -> None:
    clinic, _ = through
    visits(clinic, 1)
    clinic.settle()
    assert sync_calendar(clinic.flow, DESK) == 0


def test_a_mark_nobody_remembers_is_found_and_taken_off_again(clinic: ClinicAtWork) -> None:
    needling = clinic.book("Microneedling", "2026-03-20")
    event = clinic.event(needling)
    clinic.calendar.mark(DESK, needling, Mark("hold", "⛔ · ", "left behind"), event.etag)
    clinic.look()
    clinic.settle()

    assert clinic.mark(needling) is None


def test_an_event_that_becomes_a_meeting_is_an_appointment_no_longer(clinic: ClinicAtWork) -> None:
    clinic.book("Botox", "2026-03-05")
    needling = clinic.book("Microneedling", "2026-03-15")
    clinic.settle()
    assert clinic.mark(needling) is not None

    start = local("2026-03-15")
    meeting = EventDraft("Team meeting", start, start + timedelta(hours=1), "Europe/London")
    clinic.calendar.edit(DESK, needling, meeting)
    clinic.look()
    clinic.settle()

    assert clinic.appointment(needling).status == "cancelled"
    assert clinic.mark(needling) is None


def test_whoever_shares_an_address_under_another_name_is_left_to_a_person(clinic: ClinicAtWork) -> None:
    clinic.book("Botox", "2026-03-05", "Ann Lee", "lee@example.com")
    needling = clinic.book("Microneedling", "2026-03-15", "Bob Lee", "lee@example.com")
    clinic.settle()

    assert clinic.appointment(needling).client is None
    assert clinic.appointment(needling).doubts == ("identity-doubtful",)
    assert clinic.outcome(needling) == "review"


def booked_with_guests(clinic: ClinicAtWork, title: str, *guests: Person, note: str = "") -> CalendarEvent:
    """A receptionist invites them; the calendar is read and everything judged."""
    start = local("2026-03-20")
    draft = EventDraft(title, start, start + timedelta(hours=1), "Europe/London", note, guests)
    event = clinic.calendar.book(DESK, draft)
    clinic.look()
    clinic.settle()
    return event


def test_the_one_guest_who_bears_the_titles_name_is_the_client(clinic: ClinicAtWork) -> None:
    guests = Person("dr@elsewhere.example", "Dr Reyes"), Person("ann@example.com", "Ann Lee")
    event = booked_with_guests(clinic, "Botox - Ann Lee", *guests)

    with clinic.store.reading() as tx:
        found = tx.clients.find("ann@example.com")
    assert [client.ref for client in found] == [clinic.client_of(event.id)]
    assert clinic.appointment(event.id).booked_at == NOW


@pytest.mark.parametrize("display", ["Dr Reyes", "Mary's daughter"])
def test_a_guest_of_another_name_lends_the_client_no_address(clinic: ClinicAtWork, display: str) -> None:
    event = booked_with_guests(clinic, "Botox - Ann Lee", Person("dr@elsewhere.example", display))

    with clinic.store.reading() as tx:
        assert tx.clients.find("dr@elsewhere.example") == []
    assert clinic.appointment(event.id).doubts == ("client-unknown",)
    assert clinic.outcome(event.id) == "review"


def test_a_name_that_only_the_guest_bears_goes_with_the_guests_own_address(clinic: ClinicAtWork) -> None:
    ann, note = Person("ann@example.com", "Ann Lee"), "Referred by dr@elsewhere.example"
    event = booked_with_guests(clinic, "Botox", ann, note=note)

    with clinic.store.reading() as tx:
        assert tx.clients.find("dr@elsewhere.example") == []
        assert [client.ref for client in tx.clients.find("ann@example.com")] == [clinic.client_of(event.id)]


@pytest.mark.parametrize("display", ["", "al@example.com"])
def test_the_only_guest_is_whom_the_title_names_where_nobody_says_what_they_are_called(
    clinic: ClinicAtWork, display: str
) -> None:
    event = booked_with_guests(clinic, "Botox - Ann Lee", Person("al@example.com", display))

    with clinic.store.reading() as tx:
        found = tx.clients.find("al@example.com")
    assert [client.ref for client in found] == [clinic.client_of(event.id)]


def test_an_event_whose_guest_is_taken_off_stays_its_clients_and_one_of_another_name_does_not(
    clinic: ClinicAtWork,
) -> None:
    event = clinic.book("Botox", "2026-03-20", "Ann Lee")
    clinic.settle()
    client = clinic.client_of(event)
    start = local("2026-03-20")
    for title, expected in (("Botox - Ann Lee", client), ("Botox - Bob Ray", None)):
        draft = EventDraft(title, start, start + timedelta(hours=1), "Europe/London")
        clinic.calendar.edit(DESK, event, draft)
        clinic.look()
        clinic.settle()
        assert clinic.appointment(event).client == expected
