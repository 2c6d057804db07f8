"""The main job, as people at a clinic would tell it."""

from datetime import timedelta

from scheduler_app.domain.events import EventDraft, Mark, Person
from scheduler_app.flow.record import Speaker, record_treatment
from tests.flow.clinic_at_work import DESK, ClinicAtWork, local, ordinal

PRACTITIONER = Speaker("practitioner", "Dr Reyes")


def test_microneedling_ten_days_after_botox_is_held_and_free_again_once_it_is_moved(
    clinic: ClinicAtWork,
) -> None:
    clinic.book("Botox", "2026-03-05")
    needling = clinic.book("Microneedling", "2026-03-15")
    clinic.settle()

    assert clinic.outcome(needling) == "blocked"
    assert clinic.verdict(needling).verdict.earliest == ordinal("2026-03-19")
    mark = clinic.mark(needling)
    assert mark is not None
    assert (mark.kind, mark.prefix) == ("hold", "⛔19 Mar · ")
    assert "19 March 2026" in mark.text
    assert "Botox" not in mark.text

    clinic.move(needling, "2026-03-19")
    clinic.settle()

    assert clinic.mark(needling) is None
    assert clinic.event(needling).title == "Microneedling - Ann Lee"


def test_the_later_of_two_clashing_bookings_gives_way_and_only_that_one(clinic: ClinicAtWork) -> None:
    needling = clinic.book("Microneedling", "2026-03-20")
    botox = clinic.book("Botox", "2026-03-12")
    clinic.settle()

    assert clinic.outcome(needling) == "clear" or clinic.outcome(needling) == "review"
    assert clinic.mark(needling) is None
    assert clinic.outcome(botox) == "blocked"
    assert clinic.mark(botox) is not None


def test_a_course_of_isotretinoin_turns_a_booking_of_next_month(clinic: ClinicAtWork) -> None:
    needling = clinic.book("Microneedling", "2026-04-14")
    clinic.settle()
    assert clinic.mark(needling) is None

    client = clinic.client_of(needling)
    record_treatment(clinic.flow, client, "isotretinoin", PRACTITIONER, ongoing=True)
    clinic.settle()

    assert clinic.outcome(needling) == "blocked"
    assert clinic.verdict(needling).verdict.earliest is None
    held = clinic.mark(needling)
    assert held is not None
    assert held.prefix == "⛔ · "
    assert "isotretinoin" not in held.text.lower()

    record_treatment(clinic.flow, client, "isotretinoin", PRACTITIONER, ended_on="2025-09-30")
    clinic.settle()

    assert clinic.mark(needling) is None


def test_what_nobody_can_read_is_marked_for_a_person(clinic: ClinicAtWork) -> None:
    strange = clinic.book("Xyzzy", "2026-03-10")
    clinic.settle()

    assert clinic.outcome(strange) == "review"
    mark = clinic.mark(strange)
    assert mark is not None
    assert (mark.kind, mark.prefix) == ("review", "? · ")


def test_a_missing_screening_is_for_the_desk_and_not_on_the_grid(clinic: ClinicAtWork) -> None:
    needling = clinic.book("Microneedling", "2026-03-20")
    clinic.settle()

    assert clinic.outcome(needling) == "review"
    assert clinic.mark(needling) is None


def test_a_hold_that_somebody_takes_off_comes_back(clinic: ClinicAtWork) -> None:
    clinic.book("Botox", "2026-03-05")
    needling = clinic.book("Microneedling", "2026-03-15")
    clinic.settle()

    event = clinic.event(needling)
    clinic.calendar.unmark("desk", needling, event.etag)
    clinic.look()
    clinic.settle()

    assert isinstance(clinic.mark(needling), Mark)


def test_a_booking_called_off_frees_the_other_one(clinic: ClinicAtWork) -> None:
    botox = clinic.book("Botox", "2026-03-05")
    needling = clinic.book("Microneedling", "2026-03-15")
    clinic.settle()
    clinic.cancel(botox)
    clinic.settle()

    assert clinic.appointment(botox).status == "cancelled"
    assert clinic.mark(needling) is None


def test_what_was_called_off_has_no_verdict_any_more(clinic: ClinicAtWork) -> None:
    botox = clinic.book("Botox", "2026-03-05")
    clinic.settle()
    clinic.cancel(botox)
    clinic.settle()

    with clinic.store.reading() as tx:
        assert tx.verdicts.get(clinic.appointment(botox).ref) is None


def test_a_booking_that_turns_out_to_be_somebody_elses_frees_the_other_client(clinic: ClinicAtWork) -> None:
    botox = clinic.book("Botox", "2026-03-05")
    needling = clinic.book("Microneedling", "2026-03-15")
    clinic.settle()
    assert clinic.mark(needling) is not None

    start = local("2026-03-05")
    guest = (Person("bo@example.com", "Bo Derry"),)
    draft = EventDraft(
        "Botox - Bo Derry", start, start + timedelta(hours=1), "Europe/London", attendees=guest
    )
    clinic.calendar.edit(DESK, botox, draft)
    clinic.look()
    clinic.settle()

    assert clinic.client_of(botox) != clinic.client_of(needling)
    assert clinic.mark(needling) is None
