"""A receptionist's day: she books in Google Calendar, and the calendar answers."""

from tests.days.clinic_at_google import DESK_URL, OTHER, ROOM_2, ClinicAtGoogle, without_ours
from tests.google_double import ROOM


def test_booked_too_soon_it_is_held_and_moved_it_is_restored(clinic: ClinicAtGoogle) -> None:
    clinic.book("Botox", "2026-03-01", at="15:00")
    event = clinic.book("Microneedling", "2026-03-12", description="Latex allergy.\nRoom with window.")
    held = clinic.shown(event)
    assert held["summary"] == "⛔15 Mar · Microneedling - Ann Lee"
    assert held["description"].startswith("Latex allergy.\nRoom with window.")
    assert held["attendees"][0]["email"] == "ann.lee@example.com"
    assert held.get("transparency", "opaque") == "opaque"
    assert held["status"] == "confirmed"

    clinic.move(event, "2026-03-15")
    restored = clinic.shown(event)
    assert restored["summary"] == "Microneedling - Ann Lee"
    assert restored["description"] == "Latex allergy.\nRoom with window."
    assert "colorId" not in restored
    assert not restored.get("extendedProperties", {}).get("private")


def test_what_a_guest_may_read_names_a_date_and_no_treatment(clinic: ClinicAtGoogle) -> None:
    clinic.book("Botox", "2026-03-01", at="15:00")
    event = clinic.book("Microneedling", "2026-03-12")
    told = clinic.shown(event)["description"].lower()
    assert "15 march 2026" in told
    assert f"{DESK_URL}/appointments/{clinic.appointment(event).ref}" in told
    for word in ("botox", "botulinum", "needling", "rule", "after-", "ann"):
        assert word not in told.replace(DESK_URL, "")


def test_botox_typed_in_after_the_microneedling_is_the_one_that_is_held(clinic: ClinicAtGoogle) -> None:
    needling = clinic.book("Microneedling", "2026-03-20")
    botox = clinic.book("Botox", "2026-03-25")
    assert clinic.title(needling) == "Microneedling - Ann Lee"
    assert clinic.title(botox) == "⛔10 Apr · Botox - Ann Lee"


def test_a_weekly_series_is_held_instance_by_instance_and_the_master_is_left_alone(
    clinic: ClinicAtGoogle,
) -> None:
    clinic.book("Botox", "2026-03-02", at="16:00")
    series = clinic.book("Microneedling", "2026-03-09", recurrence=["RRULE:FREQ=WEEKLY;INTERVAL=5;COUNT=3"])
    master = clinic.shown(series)
    assert master["summary"] == "Microneedling - Ann Lee"
    assert clinic.title(f"{series}_20260309T100000Z") == "⛔16 Mar · Microneedling - Ann Lee"
    later = clinic.verdict(f"{series}_20260413T090000Z")
    assert [finding.rule for finding in later.findings] == ["screening-missing"]
    ours = [event for event in clinic.double.events(ROOM) if event["summary"].startswith("⛔")]
    assert len(ours) == 1


def test_a_deleted_event_gives_its_neighbour_back(clinic: ClinicAtGoogle) -> None:
    botox = clinic.book("Botox", "2026-03-05")
    needling = clinic.book("Microneedling", "2026-03-12")
    assert clinic.title(needling).startswith("⛔19 Mar · ")
    clinic.delete(botox)
    assert clinic.title(needling) == "Microneedling - Ann Lee"
    assert clinic.appointment(botox).status == "cancelled"


def test_a_person_who_writes_on_a_held_event_keeps_every_word(clinic: ClinicAtGoogle) -> None:
    clinic.book("Botox", "2026-03-01", at="15:00")
    event = clinic.book("Microneedling", "2026-03-12", description="Latex allergy.")
    clinic.anna.save_in_editor(ROOM, event)  # Google's editor makes HTML of it
    clinic.anna.recolour(ROOM, event, "9")
    clinic.look()
    clinic.move(event, "2026-03-15")
    after = clinic.shown(event)
    assert after["summary"] == "Microneedling - Ann Lee"
    assert after["description"] == "Latex allergy."
    assert after["colorId"] == "9"


def test_rooms_of_one_clinic_know_of_each_other(clinic: ClinicAtGoogle) -> None:
    clinic.book("Botox", "2026-03-05", room=OTHER)
    needling = clinic.book("Microneedling", "2026-03-12")
    assert clinic.title(needling) == "⛔19 Mar · Microneedling - Ann Lee"


def test_what_is_no_booking_is_left_alone(clinic: ClinicAtGoogle) -> None:
    lunch = clinic.book("Lunch", "2026-03-12", attendees=[])
    before = clinic.shown(lunch)
    clinic.sync_all()
    assert clinic.shown(lunch) == before


def test_a_name_alone_is_for_the_desk_and_never_merged(clinic: ClinicAtGoogle) -> None:
    clinic.book("Botox", "2026-03-05")
    bare = clinic.book("Microneedling", "2026-03-12", attendees=[])
    assert clinic.title(bare) == "Microneedling - Ann Lee"
    assert clinic.appointment(bare).client is None
    assert clinic.verdict(bare).outcome.name == "REVIEW"


def test_a_title_nobody_can_read_is_asked_about_in_the_grid(clinic: ClinicAtGoogle) -> None:
    event = clinic.book("Zorbing", "2026-03-12")
    assert clinic.title(event) == "? · Zorbing - Ann Lee"
    clinic.anna.retitle(ROOM, event, "? · Botox - Ann Lee")
    clinic.look()
    assert clinic.title(event) == "Botox - Ann Lee"


def test_nothing_is_left_to_do_after_a_day(clinic: ClinicAtGoogle) -> None:
    clinic.book("Botox", "2026-03-05")
    clinic.book("Microneedling", "2026-03-12")
    clinic.book("Filler", "2026-03-13", name="Bea Ott", room=OTHER)
    clinic.look()
    before = {
        event["id"]: without_ours(event) for room in (ROOM, OTHER) for event in clinic.double.events(room)
    }
    marked = clinic.double.mark()
    assert clinic.sync_all() == {}
    assert {each.method for each in clinic.double.requests_since(marked)} <= {
        "calendar.events.list",
        "events.list",
    }
    after = {
        event["id"]: without_ours(event) for room in (ROOM, OTHER) for event in clinic.double.events(room)
    }
    assert after == before


def test_room_2_is_read_by_its_own_name(clinic: ClinicAtGoogle) -> None:
    event = clinic.book("Botox", "2026-03-05", room=OTHER)
    assert clinic.appointment(event, ROOM_2).calendar == ROOM_2
