"""Booking at the desk: judged before the page is answered, held where a rule says so, moved with a button."""

import re
from datetime import UTC, datetime

import pytest

from tests.web.at_the_desk import BOOKING, Receptionist, words
from tests.web.stand import Stand


@pytest.fixture
def desk(stand: Stand) -> Receptionist:
    return Receptionist(stand)


def test_microneedling_ten_days_after_botox_is_held_with_its_reason_at_once(desk: Receptionist) -> None:
    _, ref = desk.botox_then_microneedling()
    page = desk.page("/desk/?from=2026-03-14")
    assert "Held" in page
    assert "Microneedling must wait 2 weeks after Botulinum toxin (Botox) on 4 March 2026" in page
    assert "First possible date: Wednesday 18 March 2026" in page
    assert "Move to 18 Mar 10:00" in page
    assert desk.event(ref).mark.prefix == "⛔18 Mar · "
    assert desk.event(ref).title == "Microneedling - Anna Berg"


def test_the_button_moves_it_to_the_first_possible_date_and_the_hold_is_gone(desk: Receptionist) -> None:
    _, ref = desk.botox_then_microneedling()
    html = desk.browser.get("/desk/?from=2026-03-14").text
    form = re.search(rf'action="/desk/appointments/{ref}/move">(.*?)</form>', html, re.DOTALL)
    assert form is not None
    typed = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[1]))
    answer = desk.send(f"/desk/appointments/{ref}/move", **typed)
    assert answer.headers["Location"] == f"/desk/?from=2026-03-18#a-{ref}"
    event = desk.event(ref)
    assert event.start == datetime(2026, 3, 18, 10, tzinfo=UTC)
    assert event.end == datetime(2026, 3, 18, 10, 45, tzinfo=UTC)
    assert event.mark is None
    assert "Held" not in desk.page("/desk/?from=2026-03-18")


def test_a_booking_without_findings_says_no_rule_broken_and_never_more(desk: Receptionist) -> None:
    desk.book(treatment="Botox")
    page = desk.page("/desk/")
    assert "No rule broken" in page
    assert not re.search(r"\b(safe|cleared|approved)\b", page, re.IGNORECASE)


def test_times_are_the_clinics_own_also_in_summer(desk: Receptionist) -> None:
    ref = desk.book(treatment="Botox", date="2026-07-01", time="14:30")
    assert desk.event(ref).start == datetime(2026, 7, 1, 13, 30, tzinfo=UTC)
    assert "14:30–15:15" in desk.page("/desk/?from=2026-07-01")


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("client", "", "Give the client's name."),
        ("treatment", "  ", "Say what is booked"),
        ("date", "14/03/2026", "Give the date as YYYY-MM-DD"),
        ("date", "2026-02-30", "Give the date as YYYY-MM-DD"),
        ("time", "half past", "Give the time as HH:MM"),
        ("minutes", "0", "Give the length in minutes"),
        ("minutes", "٤٥", "Give the length in minutes"),
        ("email", "anna at home", "This is no e-mail address"),
        ("phone", "12", "This is no telephone number"),
        ("calendar", "nobodys", "Choose one of the clinic's calendars."),
        ("client", "x" * 501, "This is too long"),
    ],
)
def test_a_mistake_is_told_beside_its_field_and_nothing_is_booked(
    desk: Receptionist, field: str, typed: str, told: str
) -> None:
    answer = desk.send("/desk/book", **(BOOKING | {field: typed}))
    assert answer.status_code == 422
    assert told in words(answer.text)
    assert desk.stand.calendar.changes("desk", None).events == ()


def test_what_was_typed_stays_after_a_mistake(desk: Receptionist) -> None:
    html = desk.send("/desk/book", **(BOOKING | {"time": "", "client": 'Anna "Ann" <Berg>'})).text
    assert 'value="2026-03-14"' in html
    assert 'value="Anna &#34;Ann&#34; &lt;Berg&gt;"' in html


def test_a_time_the_clocks_skip_is_refused(desk: Receptionist) -> None:
    answer = desk.send("/desk/book", **(BOOKING | {"date": "2026-03-29", "time": "01:30"}))
    assert answer.status_code == 422
    assert "this time does not exist on that day" in words(answer.text)


def test_a_booking_nobody_can_assign_is_shown_for_review(desk: Receptionist) -> None:
    desk.book(email="", treatment="Botox")
    page = desk.page("/desk/reviews")
    assert "Botox - Anna Berg" in page
    assert "It is not known whose booking this is" in page


def test_lunch_is_shown_and_is_no_appointment(desk: Receptionist) -> None:
    desk.book(client="everybody", email="", treatment="Team lunch", date="2026-03-02", time="12:00")
    assert "Team lunch - everybody no appointment" in desk.page("/desk/")


def test_a_page_that_is_out_of_date_moves_nothing(desk: Receptionist) -> None:
    ref = desk.book(treatment="Botox")
    seen = "2026-03-14T10:00:00+00:00"
    desk.send(f"/desk/appointments/{ref}/move", date="2026-03-16", time="10:00", seen=seen)
    late = desk.send(f"/desk/appointments/{ref}/move", date="2026-03-20", time="10:00", seen=seen)
    assert late.status_code == 409
    assert "It was moved meanwhile" in words(late.text)
    assert desk.event(ref).start.day == 16


def test_a_cancelled_appointment_is_struck_out_and_stays_cancelled(desk: Receptionist) -> None:
    ref = desk.book(treatment="Botox")
    answer = desk.send(f"/desk/appointments/{ref}/cancel", seen="2026-03-14T10:00:00+00:00")
    assert answer.status_code == 303
    assert "Cancelled" in desk.page(f"/desk/appointments/{ref}")
    again = desk.send(f"/desk/appointments/{ref}/move", date="2026-03-20", time="10:00")
    assert again.status_code in (404, 409)


def test_cancelling_the_earlier_treatment_lets_the_later_one_go(desk: Receptionist) -> None:
    botox, ref = desk.botox_then_microneedling()
    desk.send(f"/desk/appointments/{botox}/cancel", seen="2026-03-04T10:00:00+00:00")
    assert desk.outcome(ref) == "review"  # the health questions are still to be asked
    assert desk.event(ref).mark is None


def test_a_corrected_title_is_read_anew(desk: Receptionist) -> None:
    ref = desk.book(treatment="Botox?")
    assert desk.outcome(ref) == "review"
    desk.send(f"/desk/appointments/{ref}/move", title="Botox - Anna Berg", date="2026-03-14", time="10:00")
    assert desk.outcome(ref) == "clear"


def test_a_proposed_time_that_is_taken_says_so(desk: Receptionist) -> None:
    desk.botox_then_microneedling()
    desk.book(client="Cleo Marsh", email="cleo@example.com", treatment="Botox", date="2026-03-18")
    assert "Something else is booked at that time." in desk.page("/desk/?from=2026-03-14")


def test_an_appointment_that_is_not_there_is_404(desk: Receptionist) -> None:
    page = desk.page("/desk/appointments/nothing", 404)
    assert "No appointment has this address." in page
    assert desk.send("/desk/appointments/nothing/move", date="2026-03-14", time="10:00").status_code == 404


@pytest.mark.parametrize("day", ["", "soon", "2026-99-01", "9999-12-31", "1900-01-01"])
def test_the_diary_opens_on_any_day_that_is_asked_for(desk: Receptionist, day: str) -> None:
    assert "Diary" in desk.page(f"/desk/?from={day}")
