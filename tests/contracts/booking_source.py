"""What every sender's adapter must do with its webhooks, whoever the sender is.

An adapter inherits BookingSourceContract and supplies `source`, and how its platform would sign and say
things: `sent` (headers and body of one booking), `tampered` ones, and what its platform calls an event
that is none of our business.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from scheduler_app.domain.story import STATUSES
from scheduler_app.errors import Denied, Invalid
from scheduler_app.ports import BookingSource

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
Sent = tuple[Mapping[str, str], bytes]


class BookingSourceContract:
    """Sentences every source makes true."""

    def sent(self, *, cancelled: bool = False) -> Sent:
        """A signed webhook about a booking of one visit on 20 March 2026 at 10:00 in London."""
        raise NotImplementedError

    def sent_about_something_else(self) -> Sent:
        """A signed webhook that tells of no appointment."""
        raise NotImplementedError

    def sent_signed(self, body: bytes) -> Sent:
        """Any body, properly signed."""
        raise NotImplementedError

    def test_what_was_signed_is_kept_byte_by_byte(self, source: BookingSource) -> None:
        headers, body = self.sent()
        delivery = source.receive(headers, body, NOW)
        assert (delivery.source, delivery.body, delivery.received_at) == (source.name, body, NOW)

    def test_the_same_webhook_sent_again_has_the_same_key(self, source: BookingSource) -> None:
        headers, body = self.sent()
        first = source.receive(headers, body, NOW)
        assert source.receive(headers, body, NOW).key == first.key
        assert first.key

    def test_a_body_changed_in_one_byte_is_denied(self, source: BookingSource) -> None:
        headers, body = self.sent()
        for place in (0, len(body) // 2, len(body) - 1):
            changed = body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :]
            with pytest.raises(Denied):
                source.receive(headers, changed, NOW)

    def test_without_its_headers_it_is_denied(self, source: BookingSource) -> None:
        _, body = self.sent()
        with pytest.raises(Denied):
            source.receive({}, body, NOW)

    def test_header_names_may_come_in_any_case(self, source: BookingSource) -> None:
        headers, body = self.sent()
        shouted = {name.upper(): value for name, value in headers.items()}
        assert source.receive(shouted, body, NOW).body == body

    @pytest.mark.parametrize("body", [b"", b"not json", b"[]", b'"text"', b"\xff\xfe{}", b'{"a":' * 5000])
    def test_a_body_that_is_no_object_is_invalid(self, source: BookingSource, body: bytes) -> None:
        headers, body = self.sent_signed(body)
        with pytest.raises(Invalid):
            source.receive(headers, body, NOW)

    def test_a_booking_is_told_in_our_words(self, source: BookingSource) -> None:
        headers, body = self.sent()
        (report,) = source.reports(source.receive(headers, body, NOW))
        assert report.source == source.name
        assert report.source_id
        assert report.start == datetime(2026, 3, 20, 10, tzinfo=UTC)
        assert report.end > report.start
        assert report.zone == "Europe/London"
        assert report.status in STATUSES
        assert report.treatments
        assert report.reported_at.tzinfo is not None

    def test_a_called_off_booking_is_the_same_one_and_over(self, source: BookingSource) -> None:
        (booked,) = source.reports(source.receive(*self.sent(), NOW))
        (over,) = source.reports(source.receive(*self.sent(cancelled=True), NOW))
        assert over.source_id == booked.source_id
        assert over.status == "cancelled"

    def test_translating_twice_says_the_same(self, source: BookingSource) -> None:
        delivery = source.receive(*self.sent(), NOW)
        assert source.reports(delivery) == source.reports(replace(delivery))

    def test_what_is_none_of_our_business_says_nothing(self, source: BookingSource) -> None:
        assert source.reports(source.receive(*self.sent_about_something_else(), NOW)) == ()
