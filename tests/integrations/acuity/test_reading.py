"""Reading everything in windows of days, and one appointment by its id."""

import logging
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.acuity import AcuityPlatform
from integrations.acuity.client import LONGEST_DAYS, Window, span
from scheduler_app.errors import Invalid, NotFound, Unavailable
from tests.contracts.booking_platform import LATER, NOW, WHEN, read_on
from tests.integrations.acuity.fake_server import Acuity
from tests.integrations.acuity.outside import AtAcuity, opened

DAY = timedelta(days=1)


def lists(acuity: Acuity) -> list[dict[str, str]]:
    return [query for _, path, query in acuity.asked if path == "/api/v1/appointments"]


# one appointment


def test_it_was_so_when_the_answer_was_given(platform: AcuityPlatform, outside: AtAcuity) -> None:
    booking = outside.book(WHEN)
    assert platform.fetch(booking)[0].reported_at == NOW
    outside.acuity.now = LATER
    assert platform.fetch(booking)[0].reported_at == LATER


@pytest.mark.parametrize("date", ["", "yesterday", "Mon, 99 Mar 2026 09:00:00 GMT"])
def test_an_answer_that_does_not_say_when_is_refused(
    platform: AcuityPlatform, outside: AtAcuity, date: str
) -> None:
    booking = outside.book(WHEN)
    outside.acuity.told_date = date
    with pytest.raises(Invalid, match="Date"):
        platform.fetch(booking)


@pytest.mark.parametrize("booking", ["", "../me", "54321/cancel", "54321?x=1", "५४३२१", "9" * 30])
def test_what_cannot_be_an_id_is_never_asked_for(
    platform: AcuityPlatform, outside: AtAcuity, booking: str
) -> None:
    outside.book(WHEN)
    with pytest.raises(NotFound):
        platform.fetch(booking)
    assert outside.acuity.asked == []


def test_another_appointment_than_asked_for_is_refused(platform: AcuityPlatform, outside: AtAcuity) -> None:
    booking = outside.book(WHEN)
    outside.acuity.rows[booking]["id"] = 999
    with pytest.raises(Invalid):
        platform.fetch(booking)


@pytest.mark.parametrize("reply", [[], "no", None, 7])
def test_an_answer_of_another_shape_is_refused(
    platform: AcuityPlatform, outside: AtAcuity, reply: object
) -> None:
    booking = outside.book(WHEN)
    outside.acuity.replies[f"/api/v1/appointments/{booking}"] = (200, reply)
    outside.acuity.replies["/api/v1/appointments"] = (200, {"error": "x"})
    with pytest.raises(Invalid):
        platform.fetch(booking)
    with pytest.raises(Invalid):
        platform.changed(None, NOW)


# everything


def test_the_first_reading_goes_from_13_months_back_to_18_months_ahead(
    platform: AcuityPlatform, outside: AtAcuity
) -> None:
    inside = {outside.book(NOW - timedelta(days=396)), outside.book(NOW + timedelta(days=549))}
    beyond = {outside.book(NOW - timedelta(days=500)), outside.book(NOW + timedelta(days=700))}
    found = read_on(platform, None).keys()
    assert inside <= found
    assert not beyond & found


def test_a_later_reading_is_of_all_that_was_ahead_then(platform: AcuityPlatform, outside: AtAcuity) -> None:
    long_ago = outside.book(NOW - timedelta(days=30))
    meanwhile = outside.book(NOW - timedelta(days=3))
    ahead = outside.book(WHEN)
    found = read_on(platform, NOW - timedelta(days=5))
    assert {meanwhile, ahead} == found.keys()
    assert long_ago not in found


def test_called_off_ones_are_asked_for_too(platform: AcuityPlatform, outside: AtAcuity) -> None:
    missed = outside.book(NOW - timedelta(days=20))
    outside.acuity.call_off(missed, missed=True)
    assert read_on(platform, None)[missed].status == "noshow"
    assert all(query["showall"] == "true" for query in lists(outside.acuity))


@pytest.mark.parametrize("whole_last_day", [True, False])
def test_no_day_falls_between_two_windows(
    platform: AcuityPlatform, outside: AtAcuity, whole_last_day: bool
) -> None:
    outside.acuity.whole_last_day = whole_last_day
    booked = {outside.book(NOW + timedelta(days=day, hours=5)) for day in range(-100, 200)}
    booked |= {
        outside.book(datetime(2026, 5, day, hour, 30, tzinfo=UTC)) for day in (1, 2) for hour in (0, 22)
    }
    assert booked == read_on(platform, None).keys()


def test_a_window_that_came_full_is_read_again_in_halves(platform: AcuityPlatform, outside: AtAcuity) -> None:
    outside.acuity.largest = 100  # as if it never gave more, whatever is asked for
    booked = {outside.book(WHEN + timedelta(minutes=90 * count)) for count in range(400)}
    assert booked == read_on(platform, None).keys()


def test_one_day_with_more_than_a_hundred_comes_whole(
    platform: AcuityPlatform, outside: AtAcuity, caplog: pytest.LogCaptureFixture
) -> None:
    booked = {outside.book(WHEN + timedelta(minutes=count)) for count in range(250)}
    assert booked == read_on(platform, None).keys()
    assert not caplog.records


def test_a_day_that_cannot_be_read_whole_is_said_aloud(
    platform: AcuityPlatform, outside: AtAcuity, caplog: pytest.LogCaptureFixture
) -> None:
    for count in range(2001):
        outside.book(WHEN + timedelta(seconds=count))
    read_on(platform, WHEN, f"{(WHEN - 2 * DAY).date()}/1")
    assert "more appointments than can be read" in caplog.text


def test_little_in_a_window_makes_the_next_one_longer(platform: AcuityPlatform, acuity: Acuity) -> None:
    read_on(platform, None)
    assert len(lists(acuity)) < 22


def test_a_reading_that_died_goes_on_where_it_was(endpoint: str, outside: AtAcuity) -> None:
    early, late = outside.book(NOW - timedelta(days=398)), outside.book(WHEN)
    first = opened(endpoint).changed(None, NOW)
    assert [report.source_id for report in first.reports] == [early]
    outside.acuity.asked.clear()
    assert read_on(opened(endpoint), None, first.page).keys() == {late}
    assert lists(outside.acuity)[0]["minDate"] == str(Window.read(first.page).first)  # type: ignore[union-attr]


def test_a_page_that_could_not_be_read_is_asked_for_again(
    platform: AcuityPlatform, outside: AtAcuity
) -> None:
    booking = outside.book(WHEN)
    page = platform.changed(None, NOW).page
    outside.answer_next(429, retry_after=30)
    with pytest.raises(Unavailable) as fault:
        platform.changed(None, NOW, page)
    assert fault.value.retry_in == 30
    assert booking in read_on(platform, None, page)


@pytest.mark.parametrize("page", ["", "x", "2026-99-99/8", "2026-03-02/0", "2026-03-02/99", "2026-03-02"])
def test_a_place_nobody_can_read_begins_anew(platform: AcuityPlatform, outside: AtAcuity, page: str) -> None:
    booking = outside.book(NOW - timedelta(days=390))
    assert booking in read_on(platform, None, page)


def test_one_appointment_nobody_can_tell_is_left_out_and_named_by_its_id_only(
    platform: AcuityPlatform, outside: AtAcuity, caplog: pytest.LogCaptureFixture
) -> None:
    sound, broken, wild = (outside.book(WHEN + count * DAY, name="Ann Private") for count in range(3))
    outside.acuity.rows[broken]["duration"] = "an hour"
    outside.acuity.rows[wild]["id"] = {"name": "Ann Private"}
    assert read_on(platform, NOW).keys() == {sound}
    pages = [platform.changed(NOW, NOW, f"{day}/8") for day in ("2026-03-01", "2026-03-17")]
    told = {(each.booking_id, each.code) for page in pages for each in page.left_out}
    assert told == {(broken, "field-unreadable")}
    assert broken in caplog.text
    assert "Private" not in caplog.text
    assert {record.levelno for record in caplog.records} == {logging.WARNING}


def test_what_is_no_appointment_in_a_list_is_left_out(platform: AcuityPlatform, acuity: Acuity) -> None:
    acuity.replies["/api/v1/appointments"] = (200, [None, 7, [], "x", {}])
    assert read_on(platform, NOW) == {}


def test_answers_to_questions_stay_there_unless_some_are_mapped(endpoint: str, outside: AtAcuity) -> None:
    outside.book(WHEN)
    read_on(opened(endpoint), NOW)
    assert all(query["excludeForms"] == "true" for query in lists(outside.acuity))
    outside.acuity.asked.clear()
    booked = read_on(opened(endpoint, fields={"What is your goal for this appointment?": "name"}), NOW)
    assert all("excludeForms" not in query for query in lists(outside.acuity))
    assert [report.clues.name for report in booked.values()] == ["Ninja"]


# windows


@given(st.dates(date(1901, 1, 1), date(2198, 1, 1)), st.integers(1, LONGEST_DAYS))
def test_a_window_is_read_as_it_was_written(first: date, days: int) -> None:
    assert Window.read(Window(first, days).token) == Window(first, days)


@given(st.integers(-3000, 3000))
def test_no_reading_goes_back_beyond_the_first_one(days: int) -> None:
    since = NOW + days * DAY
    first, last = span(since, NOW)
    assert span(None, NOW)[0] <= first <= NOW.date()
    assert last == span(None, NOW)[1]


def test_a_reading_begins_a_day_early_since_acuity_may_live_in_another_zone() -> None:
    assert span(NOW, NOW)[0] == NOW.date() - DAY
