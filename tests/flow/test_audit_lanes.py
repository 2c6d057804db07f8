"""The picture of a client's story: what is shaded, and what is not."""

from datetime import date

from scheduler_app.domain.audits import Lane
from scheduler_app.domain.events import CalendarEvent
from scheduler_app.domain.outcome import Outcome
from tests.flow.audited_books import audited, event

ANNA = "Anna Smith <anna@x.example>"


def lanes(*book: CalendarEvent) -> dict[str, Lane]:
    """The only client's lanes, by treatment."""
    (client,) = audited(*book).clients
    return {lane.treatment: lane for lane in client.lanes}


def day(month: int, number: int) -> int:
    """A day of 2026."""
    return date(2026, month, number).toordinal()


def test_days_that_were_forbidden_are_shaded_and_the_visits_marked() -> None:
    found = lanes(
        event("b", "Botox - Anna Smith", "2026-01-05", ANNA),
        event("m", "Microneedling - Anna Smith", "2026-01-12", ANNA),
        event("c", "Consultation - Anna Smith", "2026-01-12", ANNA),
    )
    assert set(found) == {"botulinum_toxin", "microneedling"}
    assert found["botulinum_toxin"].visits == ((day(1, 5), Outcome.CLEAR),)
    assert found["microneedling"].visits == ((day(1, 12), Outcome.BLOCKED),)
    # The needling forbids Botox for three weeks, from its own day on.
    assert found["botulinum_toxin"].blocked == ((day(1, 12), day(2, 2)),)


def test_a_visit_is_not_forbidden_by_itself() -> None:
    found = lanes(
        event("m", "Microneedling - Anna Smith", "2026-01-05", ANNA),
        event("f", "Facial - Anna Smith", "2026-01-06", ANNA),
    )
    assert found["microneedling"].blocked == ((day(1, 6), day(1, 12)),)
    assert found["microneedling"].caution == ((day(1, 6), day(2, 2)),)
    assert found["beauty_treatment"].blocked == ((day(1, 5), day(1, 12)),)


def test_a_blocked_booking_ahead_forbids_nothing() -> None:
    found = lanes(
        event("b", "Botox - Anna Smith", "2026-03-02", ANNA, created="2026-01-01"),
        event("m", "Microneedling - Anna Smith", "2026-03-09", ANNA, created="2026-01-02"),
    )
    assert found["botulinum_toxin"].blocked == ()
    assert found["microneedling"].blocked == ((day(3, 2), day(3, 16)),)


def test_days_that_come_too_soon_before_a_visit_are_shaded_where_that_was_the_clash() -> None:
    found = lanes(
        event("b", "Botox - Anna Smith", "2026-03-10", ANNA, created="2026-01-02"),
        event("m", "Microneedling - Anna Smith", "2026-03-15", ANNA, created="2026-01-01"),
    )
    assert found["botulinum_toxin"].blocked == ((day(3, 2), day(4, 5)),)


def test_doubts_alone_need_no_picture() -> None:
    (client,) = audited(event("b", "Botox? - Anna Smith", "2026-03-10", ANNA)).clients
    assert client.lanes == ()
