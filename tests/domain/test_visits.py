"""One visit, two sources: which appointments are one visit, whatever the order they are told in."""

import random
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler_app.domain.appointments import Appointment
from scheduler_app.domain.story import NOT_HELD
from scheduler_app.domain.visits import (
    DISAGREE,
    TWICE,
    as_one,
    from_calendar,
    once,
    pair_of,
    same_visits,
    twins_among,
)

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "visits.toml").read_text(encoding="utf-8"))[
    "case"
]
SAID = datetime(2026, 3, 1, 9, tzinfo=UTC)


def appointment(told: Mapping[str, Any], source: str) -> Appointment:
    """As a case writes it."""
    zone = told.get("zone", "Europe/London")
    start = datetime.fromisoformat(told["at"]).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    return Appointment(
        ref=told["id"],
        source=source + told.get("in", "main"),
        source_id=told["id"],
        client=told["for"] or None,
        treatments=tuple(told["what"]),
        start=start,
        end=start + timedelta(minutes=told.get("minutes", 60)),
        zone=zone,
        status=told.get("status", "booked"),
        booked_at=SAID,
        reported_at=SAID,
        replaced_by=told.get("moved_to"),
        carries=f"main {told['names']}" if "names" in told else "",
    )


def decisions(said: list[str]) -> dict[tuple[str, str], bool]:
    """ "C1 is P1", "C1 is not P1"."""
    words = [each.split() for each in said]
    return {pair_of(each[0], each[-1]): "not" not in each for each in words}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["says"])
def test_visits_case(case: dict[str, Any]) -> None:
    told = [appointment(each, "") for each in case["platform"]]
    told += [appointment(each, "calendar:") for each in case["calendar"]]
    decided = decisions(case.get("decided", []))
    expected = {each.split()[0]: each.split()[-1] for each in case["one_visit"]}
    for order in (told, [*reversed(told)]):
        found = same_visits(order, decided=decided)
        assert found.twins == expected
        assert found.doubts == case.get("to_review", {})


def test_there_is_a_case_for_every_doubt_and_enough_of_them() -> None:
    assert {doubt for case in CASES for doubt in case.get("to_review", {}).values()} == {DISAGREE, TWICE}
    assert len({case["says"] for case in CASES}) == len(CASES) >= 25


BOOKING = appointment({"id": "P1", "for": "Ann", "what": ["microneedling"], "at": "2026-03-14 10:00"}, "")
EVENT = replace(BOOKING, ref="C1", source="calendar:main", source_id="C1")


class TestTheVisitThatIsJudged:
    def test_is_the_booking_as_old_as_the_first_who_told_of_it(self) -> None:
        earlier = replace(EVENT, booked_at=SAID - timedelta(days=1), start=EVENT.start + timedelta(hours=1))
        judged = as_one(BOOKING, earlier)
        assert (judged.ref, judged.start) == (BOOKING.ref, BOOKING.start)
        assert judged.booked_at == SAID - timedelta(days=1)
        assert as_one(BOOKING, replace(EVENT, booked_at=None)).booked_at == SAID
        assert as_one(replace(BOOKING, booked_at=None), EVENT).booked_at == SAID

    def test_is_for_every_treatment_that_either_tells_of(self) -> None:
        more = replace(EVENT, treatments=("botulinum_toxin", "microneedling"))
        assert as_one(BOOKING, more).treatments == ("microneedling", "botulinum_toxin")

    def test_keeps_what_the_booking_does_not_answer(self) -> None:
        doubts = ("client-unknown", "treatment-doubtful", "title-cancelled", "medication-mentioned")
        judged = as_one(replace(BOOKING, doubts=("service-unmapped",)), replace(EVENT, doubts=doubts))
        assert judged.doubts == ("service-unmapped", "title-cancelled", "medication-mentioned")

    def test_stands_once_in_a_list(self) -> None:
        other = replace(EVENT, ref="C2", source_id="C2")
        twin = replace(EVENT, same_as="P1", treatments=("dermal_filler",))
        assert [each.ref for each in once([twin, other, BOOKING])] == ["C2", "P1"]
        assert once([twin, BOOKING])[0].treatments == ("microneedling", "dermal_filler")
        assert twins_among([twin, other, BOOKING]) == {"C1": "P1"}

    def test_is_whatever_is_there_where_the_other_half_is_missing(self) -> None:
        lone = replace(EVENT, same_as="P9")
        assert once([lone, BOOKING]) == [lone, BOOKING]
        assert twins_among([lone, BOOKING]) == {}


def test_an_event_follows_a_booking_of_another_story_that_it_names() -> None:
    event = replace(EVENT, carries="main P1")
    assert same_visits([event], [replace(BOOKING, client="Ben")]).doubts == {"C1": DISAGREE}
    assert same_visits([event], [replace(BOOKING, client=None)]).doubts == {}
    assert same_visits([event]).doubts == {}


def test_bookings_that_follow_each_other_in_a_ring_are_no_endless_story() -> None:
    ring = [
        replace(BOOKING, replaced_by="P2", status="cancelled"),
        replace(BOOKING, ref="P2", source_id="P2", replaced_by="P1", status="cancelled"),
    ]
    assert same_visits([*ring, replace(EVENT, carries="main P1")]).twins == {}


STARTS = st.integers(0, 12).map(lambda fives: BOOKING.start + timedelta(minutes=5 * fives))
CODES = st.sampled_from([(), ("microneedling",), ("dermal_filler",), ("microneedling", "dermal_filler")])
CARRIED = st.sampled_from(["", "", "main P0", "main P1", "main P9"])


@st.composite
def books(draw: st.DrawFn) -> list[Appointment]:
    """Bookings and events of a few people within an hour or two."""
    found = []
    for number in range(draw(st.integers(0, 7))):
        event = draw(st.booleans())
        start = draw(STARTS)
        found.append(
            replace(
                EVENT if event else BOOKING,
                ref=f"{'C' if event else 'P'}{number}",
                source_id=f"{'C' if event else 'P'}{number}",
                client=draw(st.sampled_from(["Ann", "Ann", "Ben", None])),
                treatments=draw(CODES),
                start=start,
                end=start + timedelta(minutes=draw(st.sampled_from([15, 60]))),
                status=draw(st.sampled_from(["booked", "booked", "pending", "cancelled", "noshow"])),
                carries=draw(CARRIED) if event else "",
                replaced_by=None if event else draw(st.sampled_from([None, None, "P0", "P1"])),
            )
        )
    return found


@st.composite
def books_and_decisions(draw: st.DrawFn) -> tuple[list[Appointment], dict[tuple[str, str], bool]]:
    book = draw(books())
    refs = [each.ref for each in book]
    said = (
        draw(st.dictionaries(st.tuples(st.sampled_from(refs), st.sampled_from(refs)), st.booleans()))
        if refs
        else {}
    )
    return book, {pair_of(*pair): same for pair, same in said.items()}


@given(books_and_decisions(), st.randoms(use_true_random=False))
def test_the_order_of_telling_never_matters(
    given_book: tuple[list[Appointment], dict[tuple[str, str], bool]], luck: random.Random
) -> None:
    book, decided = given_book
    shuffled = luck.sample(book, len(book))
    assert same_visits(shuffled, decided=decided) == same_visits(book, decided=decided)


@given(books_and_decisions())
def test_a_pair_is_one_live_event_with_one_booking_of_one_person(
    given_book: tuple[list[Appointment], dict[tuple[str, str], bool]],
) -> None:
    book, decided = given_book
    held = {each.ref: each for each in book}
    found = same_visits(book, decided=decided)
    assert len(set(found.twins.values())) == len(found.twins)
    for event, booking in ((held[one], held[other]) for one, other in found.twins.items()):
        assert from_calendar(event)
        assert not from_calendar(booking)
        assert event.status not in NOT_HELD
        assert booking.status not in NOT_HELD - {"noshow"}
        assert event.client in (booking.client, None)
        assert decided.get(pair_of(event.ref, booking.ref)) is not False
    assert found.doubts.keys().isdisjoint(found.twins)


@given(books())
def test_each_visit_is_listed_once_and_no_treatment_is_lost(book: list[Appointment]) -> None:
    twins = same_visits(book).twins
    paired = [replace(each, same_as=twins.get(each.ref)) for each in book]
    listed = {each.ref: each for each in once(paired)}
    assert listed.keys() == {each.ref for each in book} - twins.keys()
    for each in book:
        assert set(each.treatments) <= set(listed[twins.get(each.ref, each.ref)].treatments)
