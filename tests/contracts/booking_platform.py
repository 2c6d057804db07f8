"""What every booking platform's adapter must do, whoever the platform is.

An adapter inherits BookingPlatformContract and supplies two fixtures: `platform`, and `outside`, what
people see and do there: a fake server that speaks the platform's own HTTP (class Outside says what it
offers). The clinic is in London; its service "micro" is mapped to microneedling, "peel" to nothing.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import ClassVar, Protocol

import pytest

from scheduler_app.domain.appointments import Report
from scheduler_app.domain.platforms import (
    CANCEL,
    CAPABILITIES,
    HOLD,
    PREVENT,
    UNMAPPED,
    Act,
    ClinicPlatform,
    PlatformTerms,
)
from scheduler_app.domain.story import STATUSES
from scheduler_app.errors import Conflict, Denied, Disconnected, Invalid, NotFound, Unavailable
from scheduler_app.ports import BookingPlatform, PreventingPlatform

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
WHEN = datetime(2026, 3, 20, 10, 0, tzinfo=UTC)
HOOK = "https://care.clinic.example/hooks/online"
LATER = datetime(2026, 3, 27, 11, 0, tzinfo=UTC)
ANN, EMAIL = "Ann Lee", "ann.lee@example.com"
MESSAGE = "Please choose a date from 3 April 2026; call us if you have questions."

Sent = tuple[Mapping[str, str], bytes, str]  # headers, body, the secret at the end of the address


def clinic_platform(kind: str, services: Mapping[str, tuple[str, ...]], **more: object) -> ClinicPlatform:
    """The platform as clinic.toml would have it, under the name "online" at the location "main"."""
    made = ClinicPlatform("online", kind, "main", services=services, terms=PlatformTerms())
    return replace(made, **more)  # type: ignore[arg-type]


def read_on(platform: BookingPlatform, since: datetime | None, page: str | None = None) -> dict[str, Report]:
    """What a reading tells at NOW, page by page to its end, by the ids of the bookings."""
    found: dict[str, Report] = {}
    for _ in range(1000):
        one = platform.changed(since, NOW, page)
        found |= {report.source_id: report for report in one.reports}
        if one.page is None:
            return found
        page = one.page
    raise AssertionError("the reading does not end")


class Outside(Protocol):
    """What people see and do at the platform. Times are aware; ids are those of reports."""

    def book(
        self,
        start: datetime,
        *,
        service: str = "micro",
        by_staff: bool = False,
        pending: bool = False,
        name: str = ANN,
        email: str = EMAIL,
    ) -> str:
        """A visit of one hour is booked; its id. pending: it waits for confirmation."""
        ...

    def move(self, booking_id: str, start: datetime) -> str:
        """It is rescheduled; the id it has now."""
        ...

    def call_off(self, booking_id: str) -> None:
        """Somebody there calls it off."""
        ...

    def is_over(self, booking_id: str) -> bool:
        """Whether it was called off or declined."""
        ...

    def is_waiting(self, booking_id: str) -> bool:
        """Whether it waits for confirmation."""
        ...

    def told(self, booking_id: str) -> str:
        """What the client was told about its end; "" where the platform tells nothing."""
        ...

    def sent(self, booking_id: str) -> Sent:
        """The webhook about what happened last to it, as the platform sends it at NOW."""
        ...

    def sent_about_something_else(self) -> Sent | None:
        """A webhook that tells of no booking; None where the platform sends none."""
        ...

    def sent_signed(self, body: bytes) -> Sent:
        """Any body, properly signed."""
        ...

    def answer_next(self, status: int, retry_after: int | None = None) -> None:
        """The next request is answered so, and nothing is done."""
        ...

    def lose_next_answer(self) -> None:
        """The next request is done, and the connection broken off instead of an answer."""
        ...

    def close_door(self) -> None:
        """The key opens nothing any more."""
        ...


class BookingPlatformContract:
    """Sentences every platform makes true."""

    moves_keep_id: ClassVar[bool] = True  # a moved booking has the id it had
    tells: ClassVar[bool] = True  # the client reads our message
    changes_have_names: ClassVar[bool] = True  # the same webhook twice can be told from two webhooks

    # webhooks

    def test_what_was_sent_is_kept_byte_by_byte(self, platform: BookingPlatform, outside: Outside) -> None:
        headers, body, secret = outside.sent(outside.book(WHEN))
        delivery = platform.receive(headers, body, NOW, secret)
        assert (delivery.source, delivery.body, delivery.received_at) == (platform.name, body, NOW)

    def test_it_names_the_booking_to_look_at(self, platform: BookingPlatform, outside: Outside) -> None:
        booking = outside.book(WHEN)
        assert booking in platform.concerned(platform.receive(*_now(outside.sent(booking))))

    def test_the_same_webhook_has_the_same_key_where_it_can_be_told(
        self, platform: BookingPlatform, outside: Outside
    ) -> None:
        headers, body, secret = outside.sent(outside.book(WHEN))
        keys = [
            platform.receive(headers, body, NOW + timedelta(seconds=later), secret).key for later in (0, 1)
        ]
        assert all(keys)
        assert (keys[0] == keys[1]) is self.changes_have_names

    def test_a_body_changed_in_one_byte_is_denied(self, platform: BookingPlatform, outside: Outside) -> None:
        headers, body, secret = outside.sent(outside.book(WHEN))
        if (
            platform.secret_in_path
        ):  # nothing is signed: nothing of the body is believed but the ids to ask for
            assert platform.receive(headers, body + b" ", NOW, secret).body == body + b" "
            return
        for place in (0, len(body) // 2, len(body) - 1):
            changed = body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :]
            with pytest.raises(Denied):
                platform.receive(headers, changed, NOW, secret)

    def test_without_signature_or_secret_it_is_denied(
        self, platform: BookingPlatform, outside: Outside
    ) -> None:
        _, body, _ = outside.sent(outside.book(WHEN))
        for secret in ("", "wrong", "wr\u00f6ng"):
            with pytest.raises(Denied):
                platform.receive({}, body, NOW, secret)

    def test_header_names_may_come_in_any_case(self, platform: BookingPlatform, outside: Outside) -> None:
        headers, body, secret = outside.sent(outside.book(WHEN))
        shouted = {name.upper(): value for name, value in headers.items()}
        assert platform.receive(shouted, body, NOW, secret).body == body

    @pytest.mark.parametrize("body", [b"", b"\xff\xfe{}", b'{"a":' * 5000, b"[]", b"\x00"])
    def test_a_body_that_says_nothing_is_invalid(
        self, platform: BookingPlatform, outside: Outside, body: bytes
    ) -> None:
        with pytest.raises(Invalid):
            platform.receive(*_now(outside.sent_signed(body)))

    def test_what_is_none_of_our_business_names_no_booking(
        self, platform: BookingPlatform, outside: Outside
    ) -> None:
        sent = outside.sent_about_something_else()
        if sent is not None:
            assert platform.concerned(platform.receive(*_now(sent))) == ()

    # how a booking stands

    def test_a_booking_is_told_in_our_words(self, platform: BookingPlatform, outside: Outside) -> None:
        booking = outside.book(WHEN)
        (report,) = platform.fetch(booking)
        assert (report.source, report.source_id) == (platform.name, booking)
        assert (report.start, report.end) == (WHEN, WHEN + timedelta(hours=1))
        assert (report.zone, report.location) == ("Europe/London", "main")
        assert (report.status, report.treatments, report.doubts) == ("booked", ("microneedling",), ())
        assert report.clues.name == ANN
        assert report.clues.email == EMAIL
        assert report.status in STATUSES
        assert report.reported_at.tzinfo is not None
        assert report.calendar is None

    def test_a_service_nobody_mapped_is_doubted(self, platform: BookingPlatform, outside: Outside) -> None:
        (report,) = platform.fetch(outside.book(WHEN, service="peel"))
        assert UNMAPPED in report.doubts
        assert report.treatments

    def test_whoever_booked_it_is_told(self, platform: BookingPlatform, outside: Outside) -> None:
        assert not platform.fetch(outside.book(WHEN))[0].by_staff
        assert platform.fetch(outside.book(LATER, by_staff=True))[0].by_staff

    def test_a_booking_that_was_called_off_is_over(self, platform: BookingPlatform, outside: Outside) -> None:
        booking = outside.book(WHEN)
        outside.call_off(booking)
        (report,) = platform.fetch(booking)
        assert (report.source_id, report.status) == (booking, "cancelled")

    def test_a_moved_booking_leads_to_what_it_was_moved_to(
        self, platform: BookingPlatform, outside: Outside
    ) -> None:
        before = outside.book(WHEN)
        after = outside.move(before, LATER)
        assert (before == after) is self.moves_keep_id
        reports = {report.source_id: report for report in platform.fetch(before)}
        moved = reports[after]
        assert (moved.start, moved.status) == (LATER, "booked")
        if not self.moves_keep_id:
            assert moved.previous_id == before
            assert reports[before].status == "cancelled"
            assert after in {report.source_id for report in platform.fetch(after)}

    def test_a_booking_nobody_knows_is_not_found(self, platform: BookingPlatform, outside: Outside) -> None:
        booking = outside.book(WHEN)
        with pytest.raises(NotFound):
            platform.fetch(booking[:-1] + ("7" if booking[-1] != "7" else "8"))

    # reading everything

    def test_the_first_reading_brings_the_history(self, platform: BookingPlatform, outside: Outside) -> None:
        past = outside.book(NOW - timedelta(days=200))
        ahead = outside.book(WHEN)
        over = outside.book(LATER)
        outside.call_off(over)
        found = self.read_all(platform, None)
        assert {past, ahead, over} <= found.keys()
        assert found[over] == "cancelled"

    def test_many_bookings_come_in_pages_and_none_is_left_out(
        self, platform: BookingPlatform, outside: Outside
    ) -> None:
        booked = {outside.book(WHEN + timedelta(hours=2 * count)) for count in range(130)}
        assert booked <= self.read_all(platform, None).keys()

    def test_a_later_reading_finds_what_changed_since(
        self, platform: BookingPlatform, outside: Outside
    ) -> None:
        booking = outside.book(WHEN)
        outside.call_off(booking)
        assert self.read_all(platform, NOW - timedelta(days=1))[booking] == "cancelled"

    def read_all(self, platform: BookingPlatform, since: datetime | None) -> dict[str, str]:
        """Status by id."""
        found: dict[str, str] = {}
        page: str | None = None
        while True:
            read = platform.changed(since, NOW, page)
            found |= {report.source_id: report.status for report in read.reports}
            page = read.page
            if page is None:
                return found

    # acting

    def test_it_says_what_it_can_do(self, platform: BookingPlatform) -> None:
        assert CANCEL in platform.capabilities
        assert platform.capabilities <= set(CAPABILITIES)
        assert (PREVENT in platform.capabilities) is isinstance(platform, PreventingPlatform)

    def test_called_off_once_or_twice_it_is_over(self, platform: BookingPlatform, outside: Outside) -> None:
        booking = outside.book(WHEN)
        act = self.act(platform, booking)
        platform.cancel(act)
        platform.cancel(act)
        assert outside.is_over(booking)
        if self.tells:
            assert MESSAGE in outside.told(booking)

    def test_calling_off_what_somebody_called_off_is_success(
        self, platform: BookingPlatform, outside: Outside
    ) -> None:
        booking = outside.book(WHEN)
        act = self.act(platform, booking)
        outside.call_off(booking)
        platform.cancel(act)

    def test_a_booking_that_waits_is_confirmed_once_or_twice(
        self, platform: BookingPlatform, outside: Outside
    ) -> None:
        if HOLD not in platform.capabilities:
            return self.refuses_to_hold(platform, outside)
        booking = outside.book(WHEN, pending=True)
        assert platform.fetch(booking)[0].status == "pending"
        act = self.act(platform, booking)
        platform.confirm(act)
        platform.confirm(act)
        assert platform.fetch(booking)[0].status == "booked"

    def test_a_booking_that_waits_is_declined_once_or_twice(
        self, platform: BookingPlatform, outside: Outside
    ) -> None:
        if HOLD not in platform.capabilities:
            return self.refuses_to_hold(platform, outside)
        booking = outside.book(WHEN, pending=True)
        act = self.act(platform, booking)
        platform.decline(act)
        platform.decline(act)
        assert outside.is_over(booking)
        assert platform.fetch(booking)[0].status == "cancelled"

    def test_confirming_what_was_called_off_is_a_conflict(
        self, platform: BookingPlatform, outside: Outside
    ) -> None:
        if HOLD not in platform.capabilities:
            return self.refuses_to_hold(platform, outside)
        booking = outside.book(WHEN, pending=True)
        act = self.act(platform, booking)
        outside.call_off(booking)
        with pytest.raises(Conflict):
            platform.confirm(act)
        assert outside.is_over(booking)

    def test_an_act_whose_answer_was_lost_may_be_asked_again(
        self, platform: BookingPlatform, outside: Outside
    ) -> None:
        booking = outside.book(WHEN)
        act = self.act(platform, booking)
        outside.lose_next_answer()
        with pytest.raises(Unavailable):
            platform.cancel(act)
        platform.cancel(act)
        assert outside.is_over(booking)

    def refuses_to_hold(self, platform: BookingPlatform, outside: Outside) -> None:
        """What a platform cannot do it says plainly, and does nothing."""
        booking = outside.book(WHEN)
        act = self.act(platform, booking)
        for verb in (platform.confirm, platform.decline):
            with pytest.raises(Invalid) as fault:
                verb(act)
            assert fault.value.code == "platform-cannot"
        assert not outside.is_over(booking)

    def act(self, platform: BookingPlatform, booking: str) -> Act:
        """What would be decided about the booking as it stands."""
        report = next(each for each in platform.fetch(booking) if each.source_id == booking)
        return Act(booking, "k" * 40, report.version, MESSAGE)

    # faults

    @pytest.mark.parametrize("status", [429, 500, 503])
    def test_a_platform_that_cannot_answer_is_asked_again(
        self, platform: BookingPlatform, outside: Outside, status: int
    ) -> None:
        booking = outside.book(WHEN)
        outside.answer_next(status, retry_after=7)
        with pytest.raises(Unavailable) as fault:
            platform.fetch(booking)
        assert fault.value.retry_in == 7
        assert platform.fetch(booking)

    def test_an_answer_that_breaks_off_is_asked_for_again(
        self, platform: BookingPlatform, outside: Outside
    ) -> None:
        booking = outside.book(WHEN)
        outside.lose_next_answer()
        with pytest.raises(Unavailable):
            platform.fetch(booking)
        assert platform.fetch(booking)

    def test_a_key_that_opens_nothing_is_told_apart(
        self, platform: BookingPlatform, outside: Outside
    ) -> None:
        booking = outside.book(WHEN)
        outside.close_door()
        with pytest.raises(Disconnected):
            platform.fetch(booking)
        assert any(step.ok is False for step in platform.steps(HOOK, NOW))

    # what is there

    def test_its_services_are_listed(self, platform: BookingPlatform, outside: Outside) -> None:
        outside.book(WHEN)
        outside.book(LATER, service="peel")
        services = platform.services()
        assert len(services) >= 2
        assert len({service.id for service in services}) == len(services)
        assert all(service.id and service.name for service in services)

    def test_the_credentials_can_be_tried(self, platform: BookingPlatform, outside: Outside) -> None:
        outside.book(WHEN)
        steps = list(platform.steps(HOOK, NOW))
        assert steps
        assert any(step.ok for step in steps)
        assert all(step.name and step.words for step in steps)

    def test_words_that_name_no_booking_carry_none(self, platform: BookingPlatform) -> None:
        for text in ("", "Microneedling - Ann Lee", "https://example.com/booking/", "room 12345"):
            assert platform.carried_in(text) is None


def _now(sent: Sent) -> tuple[Mapping[str, str], bytes, datetime, str]:
    headers, body, secret = sent
    return headers, body, NOW, secret
