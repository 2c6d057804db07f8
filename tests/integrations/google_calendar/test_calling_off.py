"""Calling off at Google, and channels through which it tells of changes."""

import pytest

from scheduler_app.domain.clinic import MarkTerms
from scheduler_app.errors import Invalid
from tests.contracts.calendar_program import CALENDAR
from tests.google_double import GoogleDouble
from tests.integrations.google_calendar.stand import Stand, asked_of


class TestCallingOff:
    @pytest.mark.parametrize("notify", ["none", "externalOnly", "all"])
    def test_whom_google_tells_is_as_configured(self, google_double: GoogleDouble, notify: str) -> None:
        stand = Stand(google_double, terms=MarkTerms(notify=notify))
        event = stand.books()
        asked = asked_of(stand)
        stand.gateway.cancel(CALENDAR, event.id, event.etag)
        assert [(method, query["sendUpdates"]) for method, _, query in asked] == [("delete", notify)]
        stand.client.close()

    def test_what_is_purged_at_once_was_called_off(self, stand: Stand) -> None:
        event = stand.books()
        stand.double.fail(method="events.get", skip=1, status=404, reason="notFound")
        assert stand.gateway.cancel(CALENDAR, event.id, event.etag).cancelled


class TestChannels:
    def test_a_channel_is_opened_and_closed(self, stand: Stand) -> None:
        resource, expires = stand.gateway.watch(
            CALENDAR, "channel-1", "secret", "https://127.0.0.1:9/hooks/google"
        )
        assert (expires - stand.double.clock.now).days in (6, 7)
        assert [channel.id for channel in stand.double.channels] == ["channel-1"]
        assert resource
        stand.gateway.stop(CALENDAR, "channel-1", resource)
        assert stand.double.channels == []
        stand.gateway.stop(CALENDAR, "channel-1", resource)

    def test_an_address_that_google_refuses_says_so(self, stand: Stand) -> None:
        with pytest.raises(Invalid) as refused:
            stand.gateway.watch(CALENDAR, "channel-1", "secret", "http://clinic.example/hooks/google")
        assert (refused.value.code, refused.value.path) == ("address-refused", "SCHEDULER_PUBLIC_URL")
