"""Bookings that do not come alone: series, and several clients in one booking."""

from datetime import timedelta

import pytest

from integrations.calcom import CalcomPlatform
from scheduler_app.errors import Invalid
from tests.contracts.booking_platform import LATER, MESSAGE, WHEN
from tests.integrations.calcom.fake_bookings import attendee
from tests.integrations.calcom.fake_server import FakeCalcom
from tests.integrations.calcom.test_acting import act_on, posts


class TestSeries:
    def test_confirming_one_never_confirms_others_that_nobody_judged(
        self, platform: CalcomPlatform, outside: FakeCalcom
    ) -> None:
        first, second = outside.series(WHEN, LATER)
        with pytest.raises(Invalid, match="series"):
            platform.confirm(act_on(platform, first))
        assert outside.is_waiting(first)
        assert outside.is_waiting(second)

    def test_declining_one_leaves_the_others_waiting(
        self, platform: CalcomPlatform, outside: FakeCalcom
    ) -> None:
        first, second, third = outside.series(WHEN, LATER, LATER + timedelta(days=7))
        platform.decline(act_on(platform, second))
        assert outside.told(second) == MESSAGE
        assert [outside.is_over(uid) for uid in (first, second, third)] == [False, True, False]

    def test_the_last_one_that_waits_is_confirmed(
        self, platform: CalcomPlatform, outside: FakeCalcom
    ) -> None:
        first, second = outside.series(WHEN, LATER)
        platform.decline(act_on(platform, first))
        platform.confirm(act_on(platform, second))
        assert outside.bookings[second]["status"] == "accepted"

    def test_a_series_nobody_shows_may_have_others_that_wait(
        self, platform: CalcomPlatform, outside: FakeCalcom
    ) -> None:
        (uid,) = outside.series(WHEN)
        act = act_on(platform, uid)
        outside.hidden.add("series-1")
        with pytest.raises(Invalid, match="series"):
            platform.confirm(act)

    def test_calling_one_off_leaves_the_later_ones(
        self, platform: CalcomPlatform, outside: FakeCalcom
    ) -> None:
        first, second = outside.series(WHEN, LATER, pending=False)
        platform.cancel(act_on(platform, first))
        assert [outside.is_over(first), outside.is_over(second)] == [True, False]


class TestSeats:
    @pytest.mark.parametrize("verb", ["decline", "cancel"])
    def test_a_booking_of_several_clients_is_never_called_off_whole(
        self, platform: CalcomPlatform, outside: FakeCalcom, verb: str
    ) -> None:
        seats = [attendee(name, f"{name}@example.com", seatUid=f"seat-{name}") for name in ("ann", "bea")]
        uid = outside.book(WHEN, pending=verb == "decline", attendees=seats)
        with pytest.raises(Invalid, match="every client"):
            getattr(platform, verb)(act_on(platform, uid))
        assert posts(outside) == []

    def test_nor_one_whose_clients_are_hidden(self, platform: CalcomPlatform, outside: FakeCalcom) -> None:
        uid = outside.book(WHEN, attendees=[])
        with pytest.raises(Invalid):
            platform.cancel(act_on(platform, uid))

    def test_one_client_alone_in_it_is_called_off(
        self, platform: CalcomPlatform, outside: FakeCalcom
    ) -> None:
        uid = outside.book(WHEN, attendees=[attendee("Ann", "ann@example.com", seatUid="seat-1")])
        platform.cancel(act_on(platform, uid))
        assert outside.is_over(uid)

    def test_guests_of_one_client_are_no_further_clients(
        self, platform: CalcomPlatform, outside: FakeCalcom
    ) -> None:
        guests = [attendee("Ann Lee", "ann.lee@example.com"), attendee("", "bea@example.com")]
        uid = outside.book(WHEN, attendees=guests)
        platform.cancel(act_on(platform, uid))
        assert outside.is_over(uid)
