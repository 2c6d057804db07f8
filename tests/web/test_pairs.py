"""A visit that a calendar and a booking system tell of: what the desk shows, and what a person says."""

import json
import re

import pytest

from tests.web.at_the_desk import Receptionist, words
from tests.web.stand import Stand

EMAIL = "anna@example.com"


@pytest.fixture
def desk(stand: Stand) -> Receptionist:
    """Somebody at the desk."""
    return Receptionist(stand)


def booked_online(desk: Receptionist, start: str = "2026-03-14T10:00:00Z", id: str = "booking-17") -> str:
    """A client books on the website; the ref of the appointment."""
    told = json.loads(desk.stand.booking())
    told["timestamp"] = desk.stand.clock.now.isoformat()
    told["data"] |= {"id": id, "start": start, "end": start.replace(":00:00Z", ":45:00Z")}
    assert desk.stand.webhook(json.dumps(told).encode(), id).status_code == 204
    desk.stand.deps.settle()
    with desk.stand.store.reading() as held:
        found = held.appointments.by_source("website", id)
    assert found is not None
    return found.ref


@pytest.fixture
def pair(desk: Receptionist) -> tuple[str, str]:
    """An event and a booking of one client, five minutes apart."""
    booking = booked_online(desk)
    return desk.book(time="10:05"), booking


def say(desk: Receptionist, event: str, booking: str, word: str, by: str = "Kim") -> int:
    """A person says whether it is one visit."""
    typed = {"other": booking, "do": word, "by": by}
    return desk.send(f"/desk/appointments/{event}/visits", **typed).status_code


def same_as(desk: Receptionist, ref: str) -> str | None:
    """What it is judged as part of."""
    with desk.stand.store.reading() as held:
        found = held.appointments.get(ref)
    assert found is not None
    return found.same_as


def test_a_doubtful_pair_waits_with_what_both_sources_say(desk: Receptionist, pair: tuple[str, str]) -> None:
    page = desk.page("/desk/reviews")
    assert "Told of twice (1)" in page
    assert "may tell of one visit or of two" in page
    assert "Booking system “website” Saturday 14 March 2026, 10:00 to 10:45" in page
    assert "10:05 to 10:50" in page
    assert "It is one visit" in page
    assert "These are two visits" in page


def test_one_visit_it_is_and_nobody_is_asked_again(desk: Receptionist, pair: tuple[str, str]) -> None:
    assert say(desk, *pair, "one") == 303
    assert same_as(desk, pair[0]) == pair[1]
    assert "Told of twice" not in desk.page("/desk/reviews")
    page = desk.page(f"/desk/appointments/{pair[1]}")
    assert "Said that the calendar and the booking platform tell of one visit" in page
    assert "Kim" in page


def test_two_visits_they_are_and_a_person_may_think_again(desk: Receptionist, pair: tuple[str, str]) -> None:
    assert say(desk, *pair, "two") == 303
    assert same_as(desk, pair[0]) is None
    assert {desk.outcome(ref) for ref in pair} >= {"blocked"}
    for ref in pair:
        assert "Somebody said that it is a visit of its own" in desk.page(f"/desk/appointments/{ref}")
    assert say(desk, pair[1], pair[0], "one") == 303  # from the page of the booking
    assert same_as(desk, pair[0]) == pair[1]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"by": ""}, "name"),
        ({"do": "three"}, "Choose whether it is one visit or two."),
        ({"other": ""}, "no appointment"),
    ],
)
def test_what_is_wrong_with_the_answer_is_said(
    desk: Receptionist, pair: tuple[str, str], typed: dict[str, str], told: str
) -> None:
    whole = {"other": pair[1], "do": "one", "by": "Kim"} | typed
    answer = desk.send(f"/desk/appointments/{pair[0]}/visits", **whole)
    assert answer.status_code in (404, 422)
    assert told in words(answer.text).lower() or told in words(answer.text)


def test_two_people_are_never_one_visit(desk: Receptionist, pair: tuple[str, str]) -> None:
    other = desk.book(client="Ben Voss", email="ben@example.com")
    assert say(desk, other, pair[1], "one") == 422
    assert same_as(desk, other) is None


def test_the_diary_shows_the_visit_once(desk: Receptionist, pair: tuple[str, str]) -> None:
    html = desk.browser.get("/desk/?from=2026-03-14").text
    shown = set(re.findall(r'id="a-([^"]+)"', html))
    assert shown == {pair[1]}
    assert "No appointment" not in words(html)


def test_the_client_page_shows_it_once(desk: Receptionist, pair: tuple[str, str]) -> None:
    html = desk.browser.get(f"/desk/clients/{desk.client_of(pair[1])}").text
    assert pair[1] in html
    assert pair[0] not in html


def test_either_half_has_a_page_with_the_one_verdict(desk: Receptionist, pair: tuple[str, str]) -> None:
    event, booking = (desk.page(f"/desk/appointments/{ref}") for ref in pair)
    for page in (event, booking):
        assert "may tell of one visit or of two" in page
        assert "It is judged as one visit with this" in page
    assert "Booking system “website”" in event
    assert "Cancel this appointment" in event  # the event is ours to change, the booking is not
    assert "Cancel this appointment" not in booking


def test_the_mark_on_the_event_is_shown_on_both_pages(desk: Receptionist) -> None:
    desk.book(treatment="Botox", date="2026-03-10")
    booking = booked_online(desk)
    event = desk.book()
    assert same_as(desk, event) == booking
    assert desk.event(event).mark is not None
    for ref in (event, booking):
        page = desk.page(f"/desk/appointments/{ref}")
        assert "Mark in the calendar" in page
        assert "To be settled by" in page
    assert "Give the slot back" in desk.page(f"/desk/appointments/{event}")


def test_an_override_given_on_the_page_of_the_event_lets_the_visit_stand(desk: Receptionist) -> None:
    desk.book(treatment="Botox", date="2026-03-10")
    booking = booked_online(desk)
    event = desk.book()
    assert desk.event(event).mark is not None
    html = desk.browser.get(f"/desk/appointments/{event}").text
    for finding in re.findall(r'name="finding" value="([^"]+)"', html):
        typed = {"finding": finding, "reason": "clinical-judgement", "by": "Dr Reyes"}
        assert desk.send(f"/desk/appointments/{event}/override", **typed).status_code == 303
    assert desk.outcome(booking) == "clear"
    assert desk.event(event).mark is None
