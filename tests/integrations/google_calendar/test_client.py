"""The client: within budget, patient for a while, and safe for threads."""

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler

import pytest

from scheduler_app.errors import NotFound, Paused, Unavailable
from tests.contracts.calendar_program import CALENDAR, HOLD, HOUR, TEN
from tests.google_double import ROOM, GoogleDouble
from tests.integrations.google_calendar.stand import Stand
from tests.integrations.serving import says, serving


class TestBudget:
    def test_every_request_takes_its_units_first(self, stand: Stand) -> None:
        event = stand.books()
        stand.budget.units.clear()
        marked = stand.gateway.mark(CALENDAR, event.id, HOLD, event.etag)
        assert stand.budget.units == [("clinic", 3)]
        stand.budget.units.clear()
        stand.gateway.changes(CALENDAR, None)
        stand.gateway.busy(CALENDAR, TEN, TEN + HOUR)
        stand.gateway.cancel(CALENDAR, event.id, marked.etag)
        assert sum(units for _, units in stand.budget.units) == 5

    def test_a_try_again_is_paid_for_again(self, stand: Stand) -> None:
        stand.double.fail(status=503, times=2)
        stand.client.page(ROOM)
        assert stand.budget.units == [("clinic", 1)] * 3

    def test_nothing_is_asked_without_budget(self, stand: Stand) -> None:
        def spend(account: str, units: int = 1) -> None:
            raise Unavailable("enough for this minute", 12.5)

        stand.budget.spend = spend  # type: ignore[method-assign]
        mark = stand.double.mark()
        with pytest.raises(Unavailable) as refused:
            stand.gateway.changes(CALENDAR, None)
        assert refused.value.retry_in == 12.5
        assert stand.double.requests_since(mark) == []

    def test_a_poll_in_which_nothing_happened_is_one_request(self, stand: Stand) -> None:
        cursor = stand.gateway.changes(CALENDAR, None).cursor
        assert stand.requests(lambda: stand.gateway.changes(CALENDAR, cursor)) == ["events.list"]

    def test_a_mark_on_what_was_just_read_is_one_request(self, stand: Stand) -> None:
        event = stand.books()
        assert stand.requests(lambda: stand.gateway.mark(CALENDAR, event.id, HOLD, event.etag)) == [
            "events.patch"
        ]


class TestPatience:
    @pytest.mark.parametrize(
        ("status", "reason"), [(503, "backendError"), (403, "rateLimitExceeded"), (429, "rateLimitExceeded")]
    )
    def test_what_passes_is_tried_again_after_a_wait_that_grows(
        self, stand: Stand, status: int, reason: str
    ) -> None:
        stand.double.fail(status=status, reason=reason, times=2)
        stand.client.page(ROOM)
        assert stand.nap.naps == [0.5, 1.0]  # chance is a half

    def test_what_does_not_pass_is_told_after_three_tries(self, stand: Stand) -> None:
        stand.double.fail(status=503, times=None)
        with pytest.raises(Unavailable):
            stand.client.page(ROOM)
        assert len(stand.nap.naps) == 2

    def test_a_connection_that_breaks_off_is_made_again(self, stand: Stand) -> None:
        stand.client.page(ROOM)
        stand.double.fail(drop=True, times=1)
        stand.client.page(ROOM)

    def test_a_long_silence_is_not_waited_for_again(self, quick: Stand) -> None:
        quick.double.fail(hang=True, times=1)
        with pytest.raises(Unavailable):
            quick.client.page(ROOM)
        assert quick.nap.naps == []
        quick.double.release()
        quick.client.page(ROOM)

    @pytest.mark.parametrize(
        ("status", "reason"), [(403, "quotaExceeded"), (404, "notFound"), (400, "invalid")]
    )
    def test_what_will_not_change_is_not_tried_again(self, stand: Stand, status: int, reason: str) -> None:
        stand.double.fail(status=status, reason=reason, times=1)
        with pytest.raises(Exception, match=r".") as refused:
            stand.client.patch(ROOM, "none", {"summary": "x"}, '"1"')
        assert not isinstance(refused.value, Unavailable) or isinstance(refused.value, Paused)
        assert stand.nap.naps == []

    def test_whoever_reads_too_much_goes_on_soon_and_does_not_rest_for_an_hour(self, stand: Stand) -> None:
        stand.double.fail(status=403, reason="quotaExceeded", times=1)
        with pytest.raises(Unavailable) as refused:
            stand.client.page(ROOM)
        assert not isinstance(refused.value, Paused)
        assert refused.value.retry_in == 90
        assert stand.nap.naps == []

    def test_a_channel_is_asked_for_once(self, stand: Stand) -> None:
        stand.double.fail(status=503, times=None)
        with pytest.raises(Unavailable):
            stand.gateway.watch(CALENDAR, "channel", "token", "https://127.0.0.1:9/hooks/google")
        assert len(stand.budget.units) == 1


class TestThreads:
    def test_threads_may_share_it(self, stand: Stand) -> None:
        events = [stand.books(start=TEN + n * HOUR).id for n in range(8)]

        def ask(number: int) -> str:
            return stand.read(events[number % 8]).id

        def closing() -> None:
            barrier.wait(5)
            stand.client.close()

        barrier = threading.Barrier(4)
        with ThreadPoolExecutor(4) as pool:
            assert list(pool.map(ask, range(40))) == [events[n % 8] for n in range(40)]
            for each in [pool.submit(closing) for _ in range(4)]:
                each.result()

    def test_a_thread_keeps_its_connection(self, google_double: GoogleDouble) -> None:
        ports: list[int] = []
        page = says(b"{}", Content_Type="application/json")

        def answer(request: BaseHTTPRequestHandler) -> None:
            ports.append(request.client_address[1])
            page(request)

        with serving(answer) as address:
            client = Stand(google_double, endpoint=f"{address}/calendar/v3/").client
            for _ in range(3):
                client.page(ROOM)
            client.close()
            client.page(ROOM)
            client.close()
        first, second, third, other = ports
        assert first == second == third != other


class TestTheWayThere:
    def test_an_emulator_on_this_machine_is_asked_without_a_proxy(
        self, stand: Stand, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
            monkeypatch.setenv(name, "http://127.0.0.1:9")
        assert stand.client.page(ROOM)

    def test_nobody_sends_us_elsewhere(self, google_double: GoogleDouble) -> None:
        asked: list[str] = []

        def answer(request: BaseHTTPRequestHandler) -> None:
            asked.append(request.path)
            says(b"", 302, Location="/elsewhere")(request)

        with serving(answer) as address:
            client = Stand(google_double, endpoint=f"{address}/calendar/v3/").client
            with pytest.raises(Unavailable):
                client.page(ROOM)
            client.close()
        assert "/elsewhere" not in asked


class TestForWhom:
    def test_requests_for_a_person_are_counted_for_that_person(self, stand: Stand) -> None:
        asked: list[str] = []
        for charged in ("Desk@clinic.example", "desk@clinic.example", "anna@clinic.example", ""):
            client = Stand(stand.double, charged=charged).client
            door = client._door()
            asked.append(door.events.list(calendarId=ROOM, **client._for_whom()).uri)
            client.close()
        assert asked[0] == asked[1] != asked[2] != asked[3]
        assert "quotaUser=" in asked[0]
        assert "desk" not in asked[0].lower().replace(ROOM, "")
        assert "quotaUser" not in asked[3]

    def test_the_double_accepts_it(self, stand: Stand) -> None:
        client = Stand(stand.double, charged="desk@clinic.example").client
        assert client.page(ROOM)
        client.close()

    def test_an_unknown_event_is_not_found(self, stand: Stand) -> None:
        with pytest.raises(NotFound):
            stand.client.event(ROOM, "none")


def test_nothing_is_logged_whatever_is_refused(stand: Stand, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for fault in ({"status": 403, "reason": "quotaExceeded"}, {"status": 503}, {"drop": True}):
        stand.double.fail(method="events.list", times=None, **fault)
        with pytest.raises(Unavailable):
            stand.client.page(ROOM)
        stand.double.reset()
    stand.client.page(ROOM)
    ours = [record for record in caplog.records if not record.name.startswith("werkzeug")]
    assert ours == []
