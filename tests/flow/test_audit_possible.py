"""What a guess would find, and what it would not: bare names, namesakes, entries in two calendars."""

from datetime import date, timedelta

from tests.flow.audited_books import CLASH, audited, clashing, event, pair, possible, told


def test_a_first_name_may_be_the_only_client_it_fits() -> None:
    assert possible(pair("Anna", "Anna Smith", guests=("", "anna@x.example")))


def test_a_first_name_that_fits_two_clients_tells_nothing() -> None:
    other = event("c", "Consultation - Anna Jones", "2025-06-01", "jones@x.example")
    found = audited(other, *clashing("Anna", "Anna Smith", guests=("", "anna@x.example")))
    assert not found.possible


def test_a_bare_name_on_more_bookings_than_one_person_makes_is_not_compared() -> None:
    start = date(2025, 1, 1)
    found = audited(
        *(
            event(f"{number:03}", "Botox - Anna", (start + timedelta(days=number)).isoformat())
            for number in range(50)
        ),
        event("m", "Microneedling - Anna", "2025-02-01"),
        event("k", "Microneedling - Anna Smith", "2025-02-01", "anna@x.example"),
    )
    assert {(rule, outcome) for _, outcome, rule, _ in told(found.possible)} == {
        ("client-too-common", "review")
    }
    assert found.counts.possible == 51


def test_what_is_certain_is_not_told_again_as_possible() -> None:
    found = audited(
        *clashing("Anna Smith", "Anna Smith", guests=("anna@x.example", "anna@x.example")),
        event("f", "Facial - Anna Smith", "2026-01-15"),
    )
    assert told(found.clients) == CLASH
    assert told(found.possible) == [("f", "blocked", "beauty-treatment-after-microneedling", "m")]


def test_what_gives_way_for_certain_blocks_nobody_who_may_be_the_same() -> None:
    anna = "anna@x.example"
    found = audited(
        event("b", "Botox - Anna Smith", "2026-03-10", anna, created="2026-01-01"),
        event("m", "Microneedling - Anna Smith", "2026-03-15", anna, created="2026-01-02"),
        event("f", "Facial - Anna Smith", "2026-03-18", created="2026-01-03"),
    )
    assert told(found.clients) == CLASH
    assert not found.possible


def test_a_possible_finding_says_from_when_it_would_be_none_either_way() -> None:
    found = audited(
        event("b", "Botox - Anna Smith", "2026-01-05", "anna@x.example"),
        event("n", "Microneedling - Anna Smith", "2026-01-20", "smith@y.example"),
        event("m", "Microneedling - Anna Smith", "2026-01-12"),
    )
    earliest = {visit.event.uid: visit.earliest for visit in found.possible[0].visits}
    assert earliest["m"] == date(2026, 1, 19).toordinal()
    # Seven days after the bare one blocks, four weeks ask for care.
    assert earliest["n"] == date(2026, 2, 9).toordinal()


def test_a_visit_that_was_entered_in_two_calendars_is_one() -> None:
    anna = "Anna Smith <anna@x.example>"
    room = event("room", "Microneedling - Anna Smith", "2026-01-12", anna)
    lind = event("lind", "MN Anna Smith", "2026-01-12", anna)
    bare = event("bare", "SkinPen - Anna Smith", "2026-01-12")
    found = audited(room, more=[[lind], [bare]])
    assert not found.clients
    assert not found.possible
    assert (found.counts.events, found.counts.clients) == (3, 1)
    botox = event("b", "Botox - Anna Smith", "2026-01-05", anna)
    assert told(audited(room, botox, more=[[lind]]).clients) == told(
        audited(lind, more=[[botox, room]]).clients
    )


def test_two_entries_in_one_calendar_are_two_visits() -> None:
    anna = "Anna Smith <anna@x.example>"
    found = audited(
        event("m1", "Microneedling - Anna Smith", "2026-01-12", anna),
        event("m2", "Microneedling - Anna Smith", "2026-01-12", anna),
    )
    assert found.counts.blocked == 1


def test_two_visits_at_one_time_for_different_treatments_are_two() -> None:
    anna = "Anna Smith <anna@x.example>"
    found = audited(
        event("m", "Microneedling - Anna Smith", "2026-01-12", anna),
        event("n", "Botox - Anna Smith", "2026-01-12", anna),
    )
    assert found.counts.blocked == 1
