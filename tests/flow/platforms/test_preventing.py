"""A platform asks before it books: gaps and absolute contraindications are refused, nothing else is."""

from dataclasses import replace

import pytest

from scheduler_app.domain.appointments import Clues
from scheduler_app.domain.platforms import Asked
from scheduler_app.flow.platforms.preventing import Answered, answer, when_down
from scheduler_app.flow.record import Speaker, record_condition, record_treatment
from tests.flow.clinic_at_work import local
from tests.flow.platforms.clinic_online import MAIL, ONLINE, ClinicOnline

PRACTITIONER = Speaker("practitioner", "Dr Grey")


def asked(
    clinic: ClinicOnline,
    service: str,
    day: str,
    name: str = "Ann Lee",
    *,
    booking: str | None = None,
    email: str | None = None,
) -> Answered:
    start = local(day)
    question = Asked(
        (service,),
        start,
        local(day, "11:00"),
        "Europe/London",
        Clues(name, email or MAIL.get(name)),
        booking_id=booking,
    )
    return answer(clinic.flow, ONLINE, question)


def test_a_gap_that_would_be_broken_is_refused_with_the_first_possible_date(online: ClinicOnline) -> None:
    online.book_online("Botox", "2026-03-20")
    online.settle()
    refusal = asked(online, "microneedling", "2026-03-27").refusal
    assert refusal is not None
    assert "3 April 2026" in refusal
    assert online.flow.clinic.email in refusal
    assert "otox" not in refusal


def test_the_first_possible_date_itself_is_let_through(online: ClinicOnline) -> None:
    online.book_online("Botox", "2026-03-20")
    online.settle()
    assert asked(online, "microneedling", "2026-04-02").refusal is not None
    assert asked(online, "microneedling", "2026-04-03").refusal is None


def test_what_it_would_spoil_ahead_is_refused_too(online: ClinicOnline) -> None:
    online.book_online("Micro", "2026-03-27")
    online.settle()
    assert asked(online, "botulinum_toxin", "2026-03-20").refusal is not None


def test_a_date_the_free_slots_leave_out_is_refused_too(online: ClinicOnline) -> None:
    """Between the absolute minimum and the minimum: no slot is offered there."""
    online.book_online("Micro", "2026-03-10")
    online.settle()
    assert asked(online, "microneedling", "2026-03-24").refusal is not None
    assert asked(online, "microneedling", "2026-04-07").refusal is None


def test_an_absolute_contraindication_is_refused_without_saying_which(online: ClinicOnline) -> None:
    booking = online.book_online("Talk", "2026-03-20")
    online.settle()
    record_condition(online.flow, online.client_of(booking, ONLINE), "scleroderma", PRACTITIONER)
    refusal = asked(online, "microneedling", "2026-05-20").refusal
    assert refusal is not None
    assert "cleroderma" not in refusal


@pytest.mark.parametrize("condition", ["diabetes", "eczema"])
def test_what_a_person_must_decide_stays_bookable(online: ClinicOnline, condition: str) -> None:
    booking = online.book_online("Talk", "2026-03-20")
    online.settle()
    record_condition(online.flow, online.client_of(booking, ONLINE), condition, PRACTITIONER)
    answered = asked(online, "microneedling", "2026-05-20")
    assert (answered.refusal, answered.outcome.word) == (None, "review")


def test_somebody_nobody_knows_stays_bookable_and_is_a_review(online: ClinicOnline) -> None:
    answered = asked(online, "microneedling", "2026-03-20", "New Person", email="new@example.com")
    assert (answered.refusal, answered.outcome.word) == (None, "review")


def test_a_shared_address_never_answers_from_somebody_elses_story(online: ClinicOnline) -> None:
    online.book_online("Botox", "2026-03-20")
    online.settle()
    answered = asked(online, "microneedling", "2026-03-27", "Carl Moss", email=MAIL["Ann Lee"])
    assert (answered.refusal, answered.outcome.word) == (None, "review")


def test_treatments_of_one_visit_that_forbid_each_other_are_refused(online: ClinicOnline) -> None:
    start = local("2026-05-20")
    question = Asked(
        ("microneedling", "botulinum_toxin"), start, local("2026-05-20", "11:00"), "Europe/London", Clues()
    )
    refusal = answer(online.flow, ONLINE, question).refusal
    assert refusal is not None
    assert "cannot offer a date" in refusal


def test_a_visit_that_is_moved_is_not_in_its_own_way(online: ClinicOnline) -> None:
    booking = online.book_online("Micro", "2026-03-20")
    online.settle()
    assert asked(online, "microneedling", "2026-03-23").refusal is not None
    assert asked(online, "microneedling", "2026-03-23", booking=booking).refusal is None


def test_nothing_is_refused_where_preventing_is_switched_off(online: ClinicOnline) -> None:
    online.book_online("Botox", "2026-03-20")
    online.settle()
    online.allow(prevent=False)
    assert asked(online, "microneedling", "2026-03-27").refusal is None
    online.allow(rules={"microneedling-after-botulinum-toxin": ("prevent",)})
    assert asked(online, "microneedling", "2026-03-27").refusal is not None


def test_a_medication_on_record_counts(online: ClinicOnline) -> None:
    booking = online.book_online("Talk", "2026-03-20")
    online.settle()
    client = online.client_of(booking, ONLINE)
    record_treatment(online.flow, client, "isotretinoin", PRACTITIONER, ended_on="2026-01-10")
    refusal = asked(online, "microneedling", "2026-05-20").refusal
    assert refusal is not None
    assert "10 July 2026" in refusal


def test_a_clients_own_language_is_spoken(online: ClinicOnline) -> None:
    booking = online.book_online("Botox", "2026-03-20")
    online.settle()
    with online.store.transaction() as tx:
        known = tx.clients.get(online.client_of(booking, ONLINE))
        assert known is not None
        tx.clients.change(replace(known, language="es"))
    refusal = asked(online, "microneedling", "2026-03-27").refusal
    assert refusal is not None
    assert "3 de abril de 2026" in refusal


def test_nothing_is_stored(online: ClinicOnline) -> None:
    online.book_online("Botox", "2026-03-20")
    online.settle()
    asked(online, "microneedling", "2026-03-27", "New Person", email="new@example.com")
    with online.store.reading() as tx:
        assert tx.appointments.count_upcoming(online.clock.now) == 1
        assert len(list(tx.clients.refs())) == 1
        assert list(tx.deliveries.sources_pending()) == []


def test_where_nobody_can_look_the_clinic_has_said_what_is_told(online: ClinicOnline) -> None:
    assert online.flow.clinic.phone in (when_down(online.flow, ONLINE) or "")
    online.allow(when_down="accept")
    assert when_down(online.flow, ONLINE) is None
