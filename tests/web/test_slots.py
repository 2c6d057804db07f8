"""Free times, and which of them the rules permit."""

import json
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler_app.domain.clinic import Location, Opening
from scheduler_app.domain.judging import judge
from scheduler_app.domain.slots import Wish, allowed, free_starts
from scheduler_app.domain.story import Item, Story, Visit
from tests.house import house
from tests.web.at_the_desk import Receptionist
from tests.web.stand import TODAY, Stand, problem_of

ZONE = "Europe/London"
ROOM = Location("main", "Main", ZONE, "GB", (Opening(0, time(9), time(12)), Opening(0, time(14), time(15))))
MONDAY = date(2026, 3, 2)
HOUR = timedelta(hours=1)


def wish(first: date = MONDAY, last: date = MONDAY, length: timedelta = HOUR) -> Wish:
    return Wish(("microneedling",), first, last, length, timedelta(minutes=30))


def at(hour: int, minute: int = 0, day: date = MONDAY) -> float:
    return datetime.combine(day, time(hour, minute), ZoneInfo(ZONE)).timestamp()


def clock_of(starts: list[float]) -> list[str]:
    return [datetime.fromtimestamp(start, ZoneInfo(ZONE)).strftime("%H:%M") for start in starts]


def test_a_visit_must_end_before_the_clinic_closes() -> None:
    starts = free_starts(ROOM, wish(), [], TODAY)
    assert clock_of(starts) == ["09:00", "09:30", "10:00", "10:30", "11:00", "14:00"]


def test_nothing_lies_over_something_that_is_booked() -> None:
    starts = free_starts(ROOM, wish(), [(at(9), at(9, 30)), (at(11, 30), at(14, 30))], TODAY)
    assert clock_of(starts) == ["09:30", "10:00", "10:30"]


def test_a_long_event_is_not_hidden_behind_a_short_one() -> None:
    busy = [(at(8), at(13)), (at(8, 30), at(9))]
    assert clock_of(free_starts(ROOM, wish(), busy, TODAY)) == ["14:00"]


def test_nothing_is_offered_in_the_past_or_on_a_closed_day() -> None:
    now = datetime(2026, 3, 2, 10, 10, tzinfo=UTC)
    assert clock_of(free_starts(ROOM, wish(), [], now)) == ["10:30", "11:00", "14:00"]
    tuesday = MONDAY + timedelta(days=1)
    assert free_starts(ROOM, wish(tuesday, tuesday), [], TODAY) == []


def test_opening_hours_keep_to_the_clock_on_the_wall_when_clocks_change() -> None:
    sunday = Location("main", "Main", ZONE, "GB", (Opening(6, time(0), time(4)),))
    change = date(2026, 3, 29)
    starts = free_starts(sunday, wish(change, change), [], TODAY)
    assert clock_of(starts) == ["00:00", "00:30", "02:00", "02:30", "03:00"]


days = st.integers(date(2026, 1, 1).toordinal(), date(2026, 12, 1).toordinal())
items = st.lists(
    st.builds(
        lambda code, day: Item(code, day, day),
        st.sampled_from(["botulinum_toxin", "dermal_filler", "plasma_pen", "microneedling"]),
        days,
    ),
    max_size=6,
)


@given(items)
def test_a_slot_is_permitted_exactly_on_the_days_the_judge_has_no_gap_finding(known: list[Item]) -> None:
    rulebook = house().rulebook
    story = Story(items=tuple(known))
    first = date(2026, 3, 1)
    today = first.toordinal()
    asked = wish(first, first + timedelta(days=60))
    every_day = [at(10, day=first + timedelta(days=count)) for count in range(61)]
    kept = set(allowed(asked, story, rulebook, today, ZONE).starts(every_day))
    for count, start in enumerate(every_day):
        verdict = judge(Visit("", asked.treatments, today + count), story, rulebook, today)
        assert (start in kept) == (not any(finding.gap for finding in verdict.findings))


@pytest.fixture
def desk(stand: Stand) -> Receptionist:
    return Receptionist(stand)


def slots(desk: Receptionist, **asked: str) -> Any:
    query = {"treatments": "microneedling", "from": "2026-03-02", "to": "2026-03-31"} | asked
    answer = desk.browser.get("/api/v1/slots", query_string=query)
    assert answer.status_code == 200, answer.text
    return json.loads(answer.data)


def test_slots_begin_when_the_clinic_opens_and_say_where(desk: Receptionist) -> None:
    found = slots(desk)
    assert found["slots"][0] == {
        "start": "2026-03-02T09:00:00+00:00",
        "end": "2026-03-02T09:45:00+00:00",
        "location": "main",
        "calendar": "desk",
        "outcome": "clear",
    }
    assert found["earliest"] == "2026-03-02"
    assert found["slots"][-1]["start"] == "2026-03-31T17:15:00+01:00"


def test_a_clients_story_leaves_only_permitted_days_and_flags_what_needs_a_person(
    desk: Receptionist,
) -> None:
    client = desk.client_of(desk.book(treatment="Botox", date="2026-03-03"))
    found = slots(desk, client=client)
    assert found["earliest"] == "2026-03-17"
    assert min(slot["start"] for slot in found["slots"]) == "2026-03-17T09:00:00+00:00"
    assert {slot["outcome"] for slot in found["slots"]} == {"review"}  # health questions not asked yet


def test_what_is_booked_is_not_free(desk: Receptionist) -> None:
    desk.book(treatment="Botox", date="2026-03-02", time="09:00", minutes="60")
    assert slots(desk)["slots"][0]["start"] == "2026-03-02T10:00:00+00:00"


def test_an_absolute_contraindication_leaves_nothing(desk: Receptionist) -> None:
    client = desk.client_of(desk.book(treatment="Botox", date="2026-03-03"))
    desk.send(
        f"/desk/clients/{client}/condition", code="scleroderma", present="yes", said_by="staff", by="Kim"
    )
    assert slots(desk, client=client) == {"slots": [], "earliest": None}


def test_a_client_nobody_knows_may_book_and_is_flagged(desk: Receptionist) -> None:
    found = slots(desk, email="new@example.com")
    assert {slot["outcome"] for slot in found["slots"]} == {"review"}


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        ({"treatments": ""}, "treatments"),
        ({"from": "soon"}, "from"),
        ({"to": "2026-03-01"}, "to"),
        ({"to": "2026-07-01"}, "to"),
        ({"location": "moon"}, "location"),
        ({"minutes": "0"}, "minutes"),
        ({"step": "1"}, "step"),
        ({"client": "a", "email": "b@example.com"}, "client"),
    ],
)
def test_what_cannot_be_used_is_named(desk: Receptionist, asked: dict[str, str], path: str) -> None:
    query = {"treatments": "microneedling", "from": "2026-03-02"} | asked
    problem = problem_of(desk.browser.get("/api/v1/slots", query_string=query))
    assert (problem["status"], problem["errors"][0]["path"]) == (422, path)
