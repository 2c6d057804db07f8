"""What people decide at the desk: findings that may stand, whose booking it is, plans that may go out."""

import re

import pytest

from tests.web.at_the_desk import Receptionist, words
from tests.web.stand import Stand


@pytest.fixture
def desk(stand: Stand) -> Receptionist:
    return Receptionist(stand)


def findings(desk: Receptionist, ref: str) -> list[str]:
    html = desk.browser.get(f"/desk/appointments/{ref}").text
    return re.findall(r'name="finding" value="([^"]+)"', html)


def let_stand(desk: Receptionist, ref: str, finding: str, **changes: str) -> int:
    typed = {"finding": finding, "reason": "clinical-judgement", "by": "Dr Reyes"} | changes
    return desk.send(f"/desk/appointments/{ref}/override", **typed).status_code


def test_a_practitioner_lets_a_hold_stand_and_it_is_never_forgotten(desk: Receptionist) -> None:
    _, ref = desk.botox_then_microneedling()
    for finding in findings(desk, ref):
        assert let_stand(desk, ref, finding, comment="discussed") == 303
    page = desk.page(f"/desk/appointments/{ref}")
    assert "Let stand by a practitioner" in page
    assert "A practitioner has let this stand." in page
    assert "(clinical judgement): discussed" in page
    assert "Dr Reyes" in page
    assert desk.event(ref).mark is None


def test_moving_the_visit_makes_the_override_void(desk: Receptionist) -> None:
    _, ref = desk.botox_then_microneedling()
    let_stand(desk, ref, findings(desk, ref)[0])
    desk.send(f"/desk/appointments/{ref}/move", date="2026-03-13", time="10:00")
    assert desk.outcome(ref) == "blocked"
    assert "Let microneedling-after-botulinum-toxin stand" in desk.page(f"/desk/appointments/{ref}")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"by": ""}, "Give the practitioner's name"),
        ({"reason": ""}, "Choose a reason."),
        ({"reason": "other"}, "Say which reason it is."),
    ],
)
def test_an_override_wants_a_name_and_a_reason(
    desk: Receptionist, changes: dict[str, str], told: str
) -> None:
    _, ref = desk.botox_then_microneedling()
    typed = {"finding": findings(desk, ref)[0], "reason": "clinical-judgement", "by": "Dr Reyes"}
    answer = desk.send(f"/desk/appointments/{ref}/override", **(typed | changes))
    assert answer.status_code == 422
    assert told in words(answer.text)
    assert desk.outcome(ref) == "blocked"


def test_a_finding_that_does_not_stand_cannot_be_let_stand(desk: Receptionist) -> None:
    ref = desk.book(treatment="Botox")
    answer = desk.send(
        f"/desk/appointments/{ref}/override", finding="x", reason="clinical-judgement", by="Dr Reyes"
    )
    assert answer.status_code == 422


def test_a_person_says_whose_booking_it_is_and_the_story_is_judged(desk: Receptionist) -> None:
    known = desk.client_of(desk.book(treatment="Botox", date="2026-03-04"))
    ref = desk.book(email="")
    assert desk.outcome(ref) == "review"
    assert "Anna Berg" in desk.page(f"/desk/reviews/{ref}")
    answer = desk.send(f"/desk/reviews/{ref}", client=known, by="Kim")
    assert answer.headers["Location"] == f"/desk/appointments/{ref}"
    assert desk.client_of(ref) == known
    assert desk.outcome(ref) == "blocked"
    assert f"/desk/reviews/{ref}" not in desk.browser.get("/desk/reviews").text


def test_somebody_new_is_added_from_the_booking(desk: Receptionist) -> None:
    ref = desk.book(email="", treatment="Botox")
    desk.send(f"/desk/reviews/{ref}", client="new", name="Anna Berg", phone="020 7946 0018", by="Kim")
    assert desk.outcome(ref) == "clear"
    assert "Anna Berg" in desk.page("/desk/clients?q=7946 0018")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"by": "Kim"}, "Choose the client, or somebody new."),
        ({"client": "new", "by": "Kim"}, "Give the new client's name."),
        ({"client": "new", "name": "Anna", "phone": "0000000000", "by": "Kim"}, "no telephone number"),
        ({"client": "new", "name": "Anna"}, "Give your name"),
    ],
)
def test_whose_it_is_must_be_said_wholly(desk: Receptionist, typed: dict[str, str], told: str) -> None:
    ref = desk.book(email="", treatment="Botox")
    answer = desk.send(f"/desk/reviews/{ref}", **typed)
    assert answer.status_code == 422
    assert told in words(answer.text)


def a_stopped_plan(desk: Receptionist) -> str:
    """Four visits of one client that a single record would mark at once: too much for a small book."""
    client = ""
    for day in ("10", "11", "12", "13"):
        ref = desk.book(treatment="Lip filler", date=f"2026-03-{day}")
        client = desk.client_of(ref)
    desk.send(
        f"/desk/clients/{client}/treatment",
        treatment="microneedling",
        on="2026-02-28",
        said_by="staff",
        by="Kim",
    )
    found = re.search(r'name="plan" value="([^"]+)"', desk.browser.get("/desk/plans").text)
    assert found is not None
    return found[1]


def test_a_plan_that_touches_too_much_waits_until_a_person_approves_it(desk: Receptionist) -> None:
    plan = a_stopped_plan(desk)
    marked = [event.mark for event in desk.stand.calendar.changes("desk", None).events]
    assert marked == [None] * 4
    assert "4 visits" in desk.page("/desk/plans")
    assert desk.send("/desk/plans", plan=plan, do="approve", by="Kim").status_code == 303
    assert all(event.mark for event in desk.stand.calendar.changes("desk", None).events)
    assert "No plan is waiting." in desk.page("/desk/plans")


def test_a_plan_that_is_refused_writes_nothing(desk: Receptionist) -> None:
    plan = a_stopped_plan(desk)
    assert desk.send("/desk/plans", plan=plan, do="withhold", by="Kim").status_code == 303
    assert not any(event.mark for event in desk.stand.calendar.changes("desk", None).events)
    assert "No plan is waiting." in desk.page("/desk/plans")


def test_a_plan_wants_a_name(desk: Receptionist) -> None:
    plan = a_stopped_plan(desk)
    answer = desk.send("/desk/plans", plan=plan, do="approve", by="")
    assert answer.status_code == 422
    assert "Give your name" in words(answer.text)


def test_a_delivery_nobody_could_read_is_shown_with_its_reason_only(desk: Receptionist) -> None:
    body = desk.stand.booking(data={"id": "b1", "status": "booked", "client": {"name": "Zelda Quist"}})
    assert desk.stand.webhook(body).status_code == 204
    desk.stand.deps.settle()
    page = desk.page("/desk/deliveries")
    assert "website" in page
    assert "data.start" in page
    assert "Zelda" not in page


def test_what_another_system_keeps_is_not_moved_from_here(desk: Receptionist) -> None:
    assert desk.stand.webhook(desk.stand.booking()).status_code == 204
    desk.stand.deps.settle()
    (ref,) = re.findall(r"/desk/appointments/(\w+)", desk.browser.get("/desk/").text)
    page = desk.browser.get(f"/desk/appointments/{ref}").text
    assert "booking system “website”" in page
    assert "/move" not in page
    assert desk.send(f"/desk/appointments/{ref}/move", date="2026-03-20", time="10:00").status_code == 404
