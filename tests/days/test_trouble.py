"""What goes wrong on an ordinary day, and what the calendar shows in the end."""

from datetime import timedelta

import pytest

from scheduler_app.flow.hearing import hearing, trust_empty
from scheduler_app.flow.record import Speaker, record_treatment
from tests.days.clinic_at_google import OTHER, ROOM_1, ROOM_2, ClinicAtGoogle, local
from tests.google_double import ROOM, GoogleDouble

HELD = "⛔15 Mar · Microneedling - Ann Lee"
PRACTITIONER = Speaker("practitioner", "Dr Vale")


@pytest.fixture
def too_soon(clinic: ClinicAtGoogle) -> str:
    """A microneedling that comes too soon, booked and not looked at yet."""
    clinic.book("Botox", "2026-03-01", at="15:00")
    return clinic.book("Microneedling", "2026-03-12", look=False)


def test_a_colleague_who_edits_while_we_write_loses_nothing(
    clinic: ClinicAtGoogle, too_soon: str, google_double: GoogleDouble
) -> None:
    google_double.meanwhile(
        lambda: clinic.anna.describe(ROOM, too_soon, "Bring the consent form."), method="events.patch"
    )
    clinic.look()
    clinic.pass_by(minutes=2)
    clinic.look()
    shown = clinic.shown(too_soon)
    assert shown["summary"] == HELD
    assert shown["description"].startswith("Bring the consent form.")
    clinic.move(too_soon, "2026-03-15")
    assert clinic.shown(too_soon)["description"] == "Bring the consent form."


def test_a_colleague_who_moves_it_while_we_write_is_judged_by_the_new_day(
    clinic: ClinicAtGoogle, too_soon: str, google_double: GoogleDouble
) -> None:
    day = local("2026-03-15")
    google_double.meanwhile(
        lambda: clinic.anna.move(ROOM, too_soon, day, day + timedelta(hours=1)), method="events.patch"
    )
    clinic.look()
    clinic.pass_by(minutes=2)
    clinic.look()
    assert clinic.title(too_soon) == "Microneedling - Ann Lee"


def test_a_colleague_who_makes_it_another_treatment_before_we_write_finds_no_hold_on_it(
    clinic: ClinicAtGoogle, too_soon: str, google_double: GoogleDouble
) -> None:
    google_double.meanwhile(
        lambda: clinic.anna.retitle(ROOM, too_soon, "Consultation - Ann Lee"), method="events.get"
    )
    marked = google_double.mark()
    clinic.look()
    clinic.pass_by(minutes=2)
    clinic.look()
    assert clinic.title(too_soon) == "Consultation - Ann Lee"
    assert "events.patch" not in {each.method for each in google_double.requests_since(marked)}


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("fault", [{"status": 503}, {"status": 500}, {"drop": True, "times": 2}])
def test_an_answer_that_is_lost_before_or_after_the_commit_ends_in_one_hold(
    clinic: ClinicAtGoogle, too_soon: str, google_double: GoogleDouble, when: str, fault: dict[str, object]
) -> None:
    google_double.fail("events.patch", **({"times": 5} | fault), when=when)  # type: ignore[arg-type]
    clinic.look()
    for _ in range(12):
        clinic.pass_by(minutes=2)
        clinic.settle()
    assert clinic.title(too_soon) == HELD
    clinic.move(too_soon, "2026-03-15")
    assert clinic.title(too_soon) == "Microneedling - Ann Lee"


def test_quota_exceeded_pauses_writing_for_an_hour_while_reading_goes_on(
    clinic: ClinicAtGoogle, too_soon: str, google_double: GoogleDouble
) -> None:
    google_double.fail("events.patch", calendar=ROOM, status=403, reason="quotaExceeded")
    clinic.look()
    assert clinic.title(too_soon) == "Microneedling - Ann Lee"
    marked = google_double.mark()
    clinic.pass_by(minutes=30)
    later = clinic.book("Microneedling", "2026-03-13", name="Bea Ott")
    clinic.sweep()
    assert clinic.appointment(later).status == "booked"
    assert "events.patch" not in {each.method for each in google_double.requests_since(marked)}
    other = clinic.book("Microneedling", "2026-03-14", at="12:00", room=OTHER)
    assert clinic.title(other, OTHER).startswith("⛔")  # another calendar is written as ever
    clinic.pass_by(minutes=40)
    clinic.sweep()
    assert clinic.title(too_soon).startswith("⛔")


def test_quota_exceeded_while_reading_stops_reading_for_minutes_only(
    clinic: ClinicAtGoogle, google_double: GoogleDouble
) -> None:
    clinic.book("Botox", "2026-03-01", at="15:00")
    google_double.fail("events.list", calendar=ROOM, status=403, reason="quotaExceeded")
    event = clinic.book("Microneedling", "2026-03-12")
    clinic.pass_by(minutes=2)
    clinic.settle()
    assert clinic.title(event) == HELD


def test_access_withdrawn_is_shown_and_nothing_is_forgotten(
    clinic: ClinicAtGoogle, too_soon: str, google_double: GoogleDouble
) -> None:
    clinic.look()
    google_double.unshare(ROOM, "bot")
    clinic.look()
    with clinic.store.reading() as tx:
        state = tx.states.get(ROOM_1)
    assert state.fault in ("access-withdrawn", "calendar-missing")
    assert clinic.appointment(too_soon).status == "booked"
    google_double.share(ROOM, "bot", "writer")
    clinic.pass_by(minutes=20)
    clinic.settle()
    with clinic.store.reading() as tx:
        assert tx.states.get(ROOM_1).fault == ""


def test_a_calendar_shared_for_reading_only_says_so_and_the_holds_follow_when_it_may_be_written_in(
    clinic: ClinicAtGoogle, google_double: GoogleDouble
) -> None:
    before = clinic.book("Microneedling", "2026-03-10")
    google_double.share(ROOM, "bot", "reader")
    clinic.book("Botox", "2026-03-01", at="15:00")
    event = clinic.book("Microneedling", "2026-03-12")
    clinic.move(before, "2026-03-11")
    heard, other = hearing(clinic.flow)
    assert (heard.calendar, heard.fault, other.fault) == (ROOM_1, "read-only", "")
    assert clinic.verdict(event).outcome.name == "BLOCKED"  # it is read and judged as ever
    assert not clinic.title(event).startswith("⛔")
    google_double.share(ROOM, "bot", "writer")
    clinic.look()
    assert clinic.title(event) == HELD
    assert clinic.title(before) == HELD
    assert [each.fault for each in hearing(clinic.flow)] == ["", ""]


def test_three_days_offline_and_everything_is_right_after_one_look(
    clinic: ClinicAtGoogle, too_soon: str, google_double: GoogleDouble
) -> None:
    clinic.look()
    clinic.pass_by(days=3)
    moved = clinic.book("Microneedling", "2026-03-20", name="Bea Ott", look=False)
    clinic.book("Botox", "2026-03-10", name="Bea Ott", look=False)
    gone = clinic.book("Filler", "2026-03-21", name="Cy Dent", look=False)
    clinic.anna.delete(ROOM, gone)
    clinic.anna.move(ROOM, too_soon, local("2026-03-15"), local("2026-03-15", "11:00"))
    google_double.expire_sync_tokens(ROOM)
    clinic.look()
    assert clinic.title(too_soon) == "Microneedling - Ann Lee"
    assert clinic.title(moved) == "Microneedling - Bea Ott"  # booked first: the Botox gives way
    with clinic.store.reading() as tx:
        assert tx.appointments.by_source(f"calendar:{ROOM_1}", gone) is None
    assert clinic.sync_all() == {}


def test_a_calendar_that_suddenly_looks_empty_stops_and_forgets_nobody(
    clinic: ClinicAtGoogle, google_double: GoogleDouble
) -> None:
    booked = [clinic.book("Botox", f"2026-03-{day}", name=f"Ann Lee{day}") for day in range(10, 18)]
    for event in booked:
        clinic.anna.delete(ROOM, event)
    google_double.expire_sync_tokens(ROOM)
    clinic.look()
    assert {clinic.appointment(event).status for event in booked} == {"booked"}


def test_a_history_that_vanished_is_not_forgotten_where_hardly_anything_was_booked_ahead(
    clinic: ClinicAtGoogle, google_double: GoogleDouble
) -> None:
    days = (f"2026-02-{day}" for day in range(10, 18))
    past = [clinic.book("Botox", day, name=f"Ann Lee{day}", look=False) for day in days]
    ahead = clinic.book("Botox", "2026-03-20")
    for event in (*past, ahead):
        clinic.anna.delete(ROOM, event)
    google_double.expire_sync_tokens(ROOM)
    clinic.look()
    assert {clinic.appointment(event).status for event in (*past, ahead)} == {"booked"}
    assert trust_empty(clinic.flow, ROOM_1, "Olga Owner") == 9
    assert {clinic.appointment(event).status for event in past} == {"cancelled"}


def test_a_calendar_of_which_hardly_a_visit_is_left_is_not_believed_either(
    clinic: ClinicAtGoogle, google_double: GoogleDouble
) -> None:
    booked = [
        clinic.book("Botox", f"2026-03-{day}", name=f"Ann Lee{day}", look=False) for day in range(10, 22)
    ]
    clinic.look()
    for event in booked[2:]:
        clinic.anna.delete(ROOM, event)
    google_double.expire_sync_tokens(ROOM)
    clinic.look()
    assert {clinic.appointment(event).status for event in booked[2:]} == {
        "cancelled"
    }  # two of twelve are left

    more = [clinic.book("Botox", f"2026-04-{day}", name=f"Ann Lee{day}", look=False) for day in range(10, 22)]
    clinic.look()
    for event in (*booked[:2], *more[1:]):
        clinic.anna.delete(ROOM, event)
    google_double.expire_sync_tokens(ROOM)
    clinic.look()
    assert {clinic.appointment(event).status for event in (*booked[:2], *more)} == {"booked"}
    assert hearing(clinic.flow)[0].fault == "calendar-looks-empty"


def test_a_full_reading_sees_a_series_as_far_back_as_it_calls_off_what_it_did_not_see(
    clinic: ClinicAtGoogle, google_double: GoogleDouble
) -> None:
    first = clinic.clock() - timedelta(days=396) + timedelta(hours=2)
    weekly = ["RRULE:FREQ=WEEKLY;COUNT=60"]
    series = clinic.anna.book(ROOM, "Facial - Ann Lee", first, first + timedelta(hours=1), recurrence=weekly)
    clinic.look()
    clinic.pass_by(hours=6)
    google_double.expire_sync_tokens(ROOM)
    clinic.look()
    with clinic.store.reading() as tx:
        visits = tx.appointments.of_series(f"calendar:{ROOM_1}", series)
    assert [visit.status for visit in visits] == ["booked"] * 60


def test_accutane_recorded_at_the_desk_turns_next_months_booking(clinic: ClinicAtGoogle) -> None:
    event = clinic.book("Microneedling", "2026-04-08")
    client = clinic.appointment(event).client
    assert client is not None
    record_treatment(clinic.flow, client, "isotretinoin", PRACTITIONER, ongoing=True)
    clinic.settle()
    assert clinic.title(event) == "⛔ · Microneedling - Ann Lee"


@pytest.mark.parametrize("first_seen", [(ROOM_1, ROOM_2), (ROOM_2, ROOM_1)])
@pytest.mark.parametrize(
    ("older_on", "newer_on"), [("2026-03-20", "2026-03-25"), ("2026-03-25", "2026-03-20")]
)
def test_of_two_bookings_in_the_same_second_the_later_one_is_held_whichever_is_seen_first(
    clinic: ClinicAtGoogle, first_seen: tuple[str, str], older_on: str, newer_on: str
) -> None:
    def books(what: str, day: str, room: str) -> str:
        clinic.pass_by(seconds=0.3)
        start, guest = local(day), {"email": "ann.lee@example.com", "displayName": "Ann Lee"}
        title = f"{what} - Ann Lee"
        return clinic.anna.book(room, title, start, start + timedelta(hours=1), attendees=[guest])

    older, newer = books("Botox", older_on, ROOM), books("Microneedling", newer_on, OTHER)
    assert clinic.shown(older)["created"] == clinic.shown(newer, OTHER)["created"]
    for calendar in first_seen:
        clinic.look(calendar)
    for _ in range(2):
        assert clinic.title(older) == "Botox - Ann Lee"
        assert clinic.title(newer, OTHER).startswith("⛔")
        clinic.pass_by(minutes=1)
        clinic.anna.patch(OTHER, newer, location="Upstairs")  # changed since, it tells no more when
        clinic.look()
