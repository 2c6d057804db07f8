"""Reading bookings: reschedules, series, pages, and what events in a calendar carry."""

import json
import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from integrations.calcom import CalcomPlatform
from integrations.calcom.client import TAKE
from scheduler_app.domain.platforms import PlatformTerms
from scheduler_app.errors import Invalid, NotFound
from tests.contracts.booking_platform import LATER, NOW, WHEN, clinic_platform
from tests.house import house
from tests.integrations.calcom.conftest import SERVICES
from tests.integrations.calcom.fake_bookings import HOST, KEY, SECRET
from tests.integrations.calcom.fake_server import FakeCalcom

UID = "bFJeNb2uX8ANpT3JL5EfXw"


def read_all(platform: CalcomPlatform, since: datetime | None) -> list[str]:
    found, page = [], None
    while True:
        read = platform.changed(since, NOW, page)
        found += [report.source_id for report in read.reports]
        page = read.page
        if page is None:
            return found


class TestReschedules:
    def test_a_request_without_the_old_uid_still_closes_the_old_booking(
        self, platform: CalcomPlatform, outside: FakeCalcom
    ) -> None:
        old = outside.book(WHEN)
        new = outside.move(old, LATER, pending=True)
        headers, body, _ = outside.sent(new)
        assert "rescheduleUid" not in json.loads(body)["payload"]
        (named,) = platform.concerned(platform.receive(headers, body, NOW))
        (report,) = platform.fetch(named)
        assert (report.status, report.previous_id) == ("pending", old)

    def test_every_reschedule_on_the_way_is_told(self, platform: CalcomPlatform, outside: FakeCalcom) -> None:
        first = outside.book(WHEN)
        second = outside.move(first, LATER)
        third = outside.move(second, LATER + timedelta(days=1))
        reports = {report.source_id: report for report in platform.fetch(first)}
        assert list(reports) == [first, second, third]
        assert [reports[uid].previous_id for uid in (first, second, third)] == [None, first, second]
        assert [reports[uid].status for uid in (first, second, third)] == ["cancelled", "cancelled", "booked"]

    def test_reschedules_that_lead_in_a_circle_or_nowhere_end(
        self, platform: CalcomPlatform, outside: FakeCalcom
    ) -> None:
        first, second = outside.book(WHEN), outside.book(LATER)
        outside.change(first, rescheduledToUid=second)
        outside.change(second, rescheduledToUid=first)
        assert {report.source_id for report in platform.fetch(first)} == {first, second}
        assert len(outside.asked) == 3
        outside.change(second, rescheduledToUid="gone")
        assert {report.source_id for report in platform.fetch(first)} == {first, second}

    def test_a_move_by_the_host_is_staff_s(self, platform: CalcomPlatform, outside: FakeCalcom) -> None:
        new = outside.move(outside.book(WHEN), LATER, by=HOST)
        assert platform.fetch(new)[0].by_staff

    def test_our_own_confirmation_comes_back_as_a_booking_that_stands(
        self, platform: CalcomPlatform, outside: FakeCalcom
    ) -> None:
        uid = outside.book(WHEN, pending=True)
        outside.accept(uid)
        headers, body, _ = outside.sent(uid)
        assert json.loads(body)["triggerEvent"] == "BOOKING_CREATED"
        assert platform.concerned(platform.receive(headers, body, NOW)) == (uid,)
        assert platform.fetch(uid)[0].status == "booked"

    def test_a_rejected_booking_is_over(self, platform: CalcomPlatform, outside: FakeCalcom) -> None:
        uid = outside.book(WHEN, pending=True)
        outside.end(uid, "rejected", "no")
        assert platform.fetch(uid)[0].status == "cancelled"


class TestSeries:
    def test_one_webhook_brings_the_whole_series(self, platform: CalcomPlatform, outside: FakeCalcom) -> None:
        first, second = outside.series(WHEN, LATER)
        assert [report.source_id for report in platform.fetch(first)] == [first, second]

    def test_one_that_cannot_be_read_does_not_hide_the_others(
        self, platform: CalcomPlatform, outside: FakeCalcom, caplog: pytest.LogCaptureFixture
    ) -> None:
        first, second = outside.series(WHEN, LATER)
        outside.change(second, start=None)
        with caplog.at_level(logging.WARNING):
            assert [report.source_id for report in platform.fetch(first)] == [first]
        assert second in caplog.text

    def test_the_uid_of_a_series_is_no_booking(self, platform: CalcomPlatform, outside: FakeCalcom) -> None:
        outside.series(WHEN, LATER)
        with pytest.raises(Invalid):
            platform.fetch("series-1")


class TestFetch:
    @pytest.mark.parametrize("uid", ["", "../me", "a b", "x/y", "u?take=1", "ü"])
    def test_what_is_no_uid_is_never_asked_for(
        self, platform: CalcomPlatform, outside: FakeCalcom, uid: str
    ) -> None:
        with pytest.raises(Invalid):
            platform.fetch(uid)
        assert outside.asked == []

    def test_a_time_that_cannot_be_is_invalid(self, platform: CalcomPlatform, outside: FakeCalcom) -> None:
        uid = outside.book(WHEN)
        outside.change(uid, end=outside.bookings[uid]["start"])
        with pytest.raises(Invalid):
            platform.fetch(uid)

    def test_no_message_holds_a_name_an_address_or_a_uid(
        self, platform: CalcomPlatform, outside: FakeCalcom
    ) -> None:
        uid = outside.book(WHEN)
        outside.answer_next(422)
        with pytest.raises(Invalid) as fault:
            platform.fetch(uid)
        assert all(word not in str(fault.value) for word in (uid, "127.0.0.1", "Ann", KEY))

    def test_two_platforms_keep_their_ids_apart_by_name(self, outside: FakeCalcom) -> None:
        made = clinic_platform("calcom", SERVICES, endpoint=outside.endpoint, name="second")
        second = CalcomPlatform(made, house().clinic, [SECRET], KEY)
        assert second.fetch(outside.book(WHEN))[0].source == "second"


class TestPages:
    def test_a_reading_that_was_killed_goes_on_with_the_same_question(
        self, platform: CalcomPlatform, outside: FakeCalcom
    ) -> None:
        booked = [outside.book(WHEN + timedelta(hours=2 * count)) for count in range(TAKE + 5)]
        first = platform.changed(None, NOW)
        rest = platform.changed(None, NOW + timedelta(days=3), first.page)
        found = [report.source_id for report in (*first.reports, *rest.reports)]
        assert found == booked
        asked = [dict(one.query) for one in outside.asked]
        assert [one.pop("skip") for one in asked] == ["0", str(TAKE)]
        assert asked[0] == asked[1]

    def test_bookings_made_while_we_read_push_none_out(
        self, platform: CalcomPlatform, outside: FakeCalcom
    ) -> None:
        booked = {outside.book(WHEN + timedelta(hours=2 * count)) for count in range(TAKE + 5)}
        first = platform.changed(None, NOW)
        outside.call_off(first.reports[0].source_id)
        outside.book(WHEN - timedelta(days=1))
        rest = platform.changed(None, NOW, first.page)
        assert booked <= {report.source_id for report in (*first.reports, *rest.reports)}

    def test_the_whole_reading_reaches_13_months_back_and_18_ahead(
        self, platform: CalcomPlatform, outside: FakeCalcom
    ) -> None:
        far = [outside.book(NOW + timedelta(days=days)) for days in (-397, 549)]
        outside.book(NOW + timedelta(days=-420))
        assert read_all(platform, None) == far

    def test_a_later_reading_overlaps_the_last_one(
        self, platform: CalcomPlatform, outside: FakeCalcom
    ) -> None:
        uid = outside.book(WHEN)
        assert read_all(platform, NOW + timedelta(minutes=5)) == [uid]
        assert read_all(platform, NOW + timedelta(hours=1)) == []

    def test_totals_that_leave_out_when_it_changed_do_not_keep_us_reading(
        self, platform: CalcomPlatform, outside: FakeCalcom
    ) -> None:
        for count in range(TAKE + 5):
            outside.book(WHEN + timedelta(hours=2 * count))
        assert read_all(platform, NOW + timedelta(hours=1)) == []
        assert len(outside.asked) == 1

    def test_a_bad_booking_is_left_out_and_logged_by_its_uid_only(
        self, platform: CalcomPlatform, outside: FakeCalcom, caplog: pytest.LogCaptureFixture
    ) -> None:
        good, bad, nameless = outside.book(WHEN), outside.book(LATER), outside.book(LATER)
        outside.change(bad, status="unheard-of")
        outside.bookings[nameless]["uid"] = "Ann Lee <ann.lee@example.com>"
        with caplog.at_level(logging.WARNING):
            assert read_all(platform, None) == [good]
        told = platform.changed(None, NOW).left_out
        assert [(each.booking_id, each.code) for each in told] == [(bad, "status-unknown")]
        assert bad in caplog.text
        assert "Ann" not in caplog.text
        assert "example.com" not in caplog.text

    def test_a_server_that_tells_no_pages_is_read_to_its_end(
        self, platform: CalcomPlatform, outside: FakeCalcom
    ) -> None:
        outside.tells_pages = False
        for count in range(TAKE + 5):
            outside.book(WHEN + timedelta(hours=2 * count))
        assert len(read_all(platform, None)) == TAKE + 5


class TestCarried:
    @pytest.mark.parametrize(
        "text",
        [
            f"Need to make a change? https://cal.com/booking/{UID}?changes=true",
            f'<a href="https://app.cal.com/booking/{UID}?changes=true">Click here</a>',
            f"https://clinic.cal.com/booking/{UID}",
            f"https://app.cal.eu/booking/{UID}.",
            f"https://app.cal.com/video/{UID}",
            f"Where: https://cal.com/video/{UID}\n\nhttps://cal.com/booking/{UID}?changes=true",
        ],
    )
    def test_the_link_of_the_booking_names_it(self, platform: CalcomPlatform, text: str) -> None:
        assert platform.carried_in(text) == UID

    @pytest.mark.parametrize(
        "text",
        [
            f"https://evil.example/booking/{UID}",
            f"https://notcal.com/booking/{UID}",
            f"https://cal.com.evil.example/booking/{UID}",
            f"https://cal.com/reschedule/{UID}",
            f"https://cal.com/anna/{UID}",
            f"https://cal.com/booking/{UID} https://cal.com/booking/{UID[::-1]}",
            f"{UID}@Cal.com",
            f"booking {UID}",
            "https://cal.com/booking/short",
            "https://cal.com/booking/" + "x" * 80,
        ],
    )
    def test_other_words_name_none(self, platform: CalcomPlatform, text: str) -> None:
        assert platform.carried_in(text) is None

    def test_a_clinic_s_own_server_has_its_own_links(self) -> None:
        made = clinic_platform("calcom", {}, endpoint="https://api.cal.clinic.example/v2")
        own = CalcomPlatform(made, house().clinic, [SECRET], KEY)
        assert own.carried_in(f"https://cal.clinic.example/booking/{UID}") == UID
        assert own.carried_in(f"https://book.cal.clinic.example/booking/{UID}") == UID
        assert own.carried_in(f"https://clinic.example/booking/{UID}") is None


def test_a_booking_nobody_knows_is_not_found(platform: CalcomPlatform) -> None:
    with pytest.raises(NotFound):
        platform.fetch(UID)


def test_moments_are_told_in_utc(platform: CalcomPlatform, outside: FakeCalcom) -> None:
    uid = outside.book(WHEN)
    outside.change(uid, start="2026-03-20T15:30:00+05:30", end="2026-03-20T16:30:00+05:30")
    assert platform.fetch(uid)[0].start == datetime(2026, 3, 20, 10, 0, tzinfo=UTC)


class TestABookingThatStands:
    def test_of_an_event_type_whose_bookings_wait_was_confirmed_by_somebody(
        self, outside: FakeCalcom
    ) -> None:
        outside.event_types[1]["confirmationPolicy"] = {"disabled": True}
        waited, other = outside.book(WHEN), outside.book(LATER, service="peel")
        platform = that_calls_off(outside)
        assert [platform.fetch(uid)[0].waited for uid in (waited, other)] == [True, False]
        assert sum("event-types" in asked.path for asked in outside.asked) == 1

    def test_is_looked_at_anew_by_every_reading(self, outside: FakeCalcom) -> None:
        outside.book(WHEN)
        platform = that_calls_off(outside)
        assert platform.changed(None, NOW).reports[0].waited
        for kind in outside.event_types:
            kind["confirmationPolicy"] = {"disabled": True}
        assert not platform.changed(None, NOW).reports[0].waited

    def test_is_anybodys_where_the_key_may_not_see_event_types(self, outside: FakeCalcom) -> None:
        uid = outside.book(WHEN)
        outside.event_types = None  # type: ignore[assignment]  # answered 404, as to a key without the right
        assert not that_calls_off(outside).fetch(uid)[0].waited

    def test_is_not_asked_about_where_nothing_is_called_off_by_us(
        self, platform: CalcomPlatform, outside: FakeCalcom
    ) -> None:
        platform.fetch(outside.book(WHEN))
        assert not any("event-types" in asked.path for asked in outside.asked)


def that_calls_off(outside: FakeCalcom) -> CalcomPlatform:
    made = clinic_platform("calcom", SERVICES, endpoint=outside.endpoint)
    made = replace(made, terms=PlatformTerms(rules={"microneedling-after-microneedling": ("cancel",)}))
    return CalcomPlatform(made, house().clinic, [SECRET], KEY)
