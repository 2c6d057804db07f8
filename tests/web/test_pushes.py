"""POST /hooks/google: what is answered to notices, and what comes of them."""

import io
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest
from werkzeug.test import TestResponse

from scheduler_app.domain.connections import Channel
from scheduler_app.flow.flow import SYNC
from scheduler_app.store import open_store
from tests.web.stand import TODAY, Stand, problem_of

ID = "0123456789abcdef" * 2
TOKEN = "a-secret-of-32-bytes_in-base64url"
LIVE = Channel(ID, "desk", sha256(TOKEN.encode()).digest(), TODAY, "r1", TODAY + timedelta(days=7))


def keep(stand: Stand, **changes: object) -> None:
    with stand.store.transaction() as held:
        held.channels.put(replace(LIVE, **changes))  # type: ignore[arg-type]


def headers(**changes: str) -> Mapping[str, str]:
    """As Google sends them."""
    told = {
        "X-Goog-Channel-ID": ID,
        "X-Goog-Channel-Token": TOKEN,
        "X-Goog-Channel-Expiration": "Sun, 08 Mar 2026 09:00:00 GMT",
        "X-Goog-Resource-ID": "r1",
        "X-Goog-Resource-URI": "https://www.googleapis.com/calendar/v3/calendars/x/events?alt=json",
        "X-Goog-Resource-State": "exists",
        "X-Goog-Message-Number": "10",
    }
    told |= {f"X-Goog-{name.replace('_', '-')}": value for name, value in changes.items()}
    return {name: value for name, value in told.items() if value != "none"}


def notice(stand: Stand, **changes: str) -> TestResponse:
    return stand.client(peer="203.0.113.9").post("/hooks/google", headers=headers(**changes))


def wanted(stand: Stand) -> bool:
    with stand.store.reading() as held:
        return held.work.wanted(SYNC, "desk")


def channel(stand: Stand) -> Channel:
    with stand.store.reading() as held:
        kept = held.channels.get(ID)
    assert kept is not None
    return kept


def outcomes(stand: Stand, *notices: Mapping[str, str]) -> str:
    client = stand.client()
    for each in notices:
        assert client.post("/hooks/google", headers=each).status_code == 204
    return client.get("/metrics").text


def test_a_notice_is_answered_at_once_and_has_its_calendar_read(stand: Stand) -> None:
    keep(stand)
    answer = notice(stand)
    assert (answer.status_code, answer.data) == (204, b"")
    assert wanted(stand)
    assert channel(stand).heard_at == stand.clock.now
    assert stand.nudged == ["nudged"]


def test_the_first_message_counts_too_since_something_may_have_changed_before_it(stand: Stand) -> None:
    keep(stand)
    assert notice(stand, Resource_State="sync", Message_Number="1").status_code == 204
    assert wanted(stand)


def test_a_notice_may_come_before_the_answer_to_our_asking_and_its_resource_is_kept(stand: Stand) -> None:
    keep(stand, resource="", expires_at=None)
    assert notice(stand, Resource_State="sync", Resource_ID="r9").status_code == 204
    assert wanted(stand)
    assert channel(stand).resource == "r9"  # so that it can be stopped should the answer be lost


def test_the_resource_the_program_answered_with_is_not_replaced(stand: Stand) -> None:
    keep(stand)
    notice(stand, Resource_ID="another")
    assert channel(stand).resource == "r1"


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ({}, {"Channel_ID": "f" * 32}),
        ({}, {"Channel_Token": "wrong"}),
        ({}, {"Channel_Token": ""}),
        ({}, {"Channel_Token": "none"}),
        ({}, {"Channel_Token": "wrong", "Resource_State": "sync"}),
        ({}, {"Channel_ID": "none"}),
        ({}, {"Channel_ID": "../../etc"}),
        ({}, {"Channel_ID": "x" * 5000}),
        ({}, {"Channel_Token": "x" * 5000}),
        ({}, {"Channel_ID": "é" * 32, "Channel_Token": "ü"}),
        ({"stopped_at": TODAY}, {}),
        ({"expires_at": TODAY}, {}),
        ({"calendar": "gone"}, {}),
    ],
)
def test_what_we_do_not_know_is_answered_like_any_other_and_dropped(
    stand: Stand, kept: dict[str, object], said: dict[str, str]
) -> None:
    keep(stand, **kept)
    assert notice(stand, **said).status_code == 204
    assert not wanted(stand)
    assert channel(stand).heard_at is None
    assert stand.nudged == []


def test_that_we_heard_something_is_noted_once_a_minute(stand: Stand) -> None:
    keep(stand)
    notice(stand)
    first = stand.clock.now
    stand.clock.now += timedelta(seconds=59)
    notice(stand)
    assert channel(stand).heard_at == first
    stand.clock.now += timedelta(seconds=1)
    notice(stand)
    assert channel(stand).heard_at == stand.clock.now


def test_many_notices_before_the_reading_are_one_reading(stand: Stand) -> None:
    keep(stand)
    for number in range(5):
        notice(stand, Message_Number=str(number))
    with stand.store.transaction() as held:
        claim = held.work.claim((SYNC,), 10)
        assert claim is not None
        assert held.work.settle(claim)
        assert held.work.claim((SYNC,), 10) is None


def test_a_notice_during_a_reading_makes_it_read_once_more(stand: Stand) -> None:
    keep(stand)
    notice(stand)
    with stand.store.transaction() as held:
        claim = held.work.claim((SYNC,), 10)
    assert claim is not None
    for _ in range(3):
        notice(stand)
    with stand.store.transaction() as held:
        assert held.work.settle(claim, again_in=1800)
        again = held.work.claim((SYNC,), 10)
        assert again is not None
        assert held.work.settle(again, again_in=1800)
        assert held.work.claim((SYNC,), 10) is None


@pytest.mark.parametrize("size", [0, 3, 300 * 1024])
@pytest.mark.parametrize("kind", ["", "application/json", "text/plain; charset=utf-8", "?"])
def test_whatever_body_comes_with_it_is_not_read(stand: Stand, size: int, kind: str) -> None:
    keep(stand)
    answer = stand.client().post("/hooks/google", headers=headers(), data=b"x" * size, content_type=kind)
    assert answer.status_code == 204
    assert wanted(stand)


def test_a_body_without_a_length_does_no_harm(stand: Stand) -> None:
    keep(stand)
    answer = stand.client().post(
        "/hooks/google",
        headers={**headers(), "Transfer-Encoding": "chunked"},
        input_stream=io.BytesIO(b"x" * 300_000),
        environ_overrides={"wsgi.input_terminated": True},
    )
    assert answer.status_code == 204


def test_while_the_database_is_away_the_sender_is_told_to_come_back(stand: Stand) -> None:
    keep(stand)
    impatient = open_store(str(stand.store.engine.url), stand.clock, busy_ms=20)
    deps = replace(stand.deps, flow=replace(stand.deps.flow, store=impatient))
    with stand.store.transaction():
        answer = stand.client(deps).post("/hooks/google", headers=headers())
    impatient.close()
    assert problem_of(answer)["status"] == 503
    assert int(answer.headers["Retry-After"]) >= 1
    assert stand.nudged == []


def test_a_stranger_does_not_wait_for_those_who_write(stand: Stand) -> None:
    with stand.store.transaction():
        assert notice(stand, Channel_ID="f" * 32).status_code == 204


def test_only_post_is_taken(stand: Stand) -> None:
    answer = stand.client().get("/hooks/google")
    assert problem_of(answer)["status"] == 405


def test_each_is_counted_without_names(stand: Stand) -> None:
    keep(stand)
    told = outcomes(stand, headers(), headers(), headers(Channel_Token="wrong"))
    assert 'scheduler_notices_total{outcome="heard"} 2\n' in told
    assert 'scheduler_notices_total{outcome="dropped"} 1\n' in told
    assert TOKEN not in told
    assert ID not in told


def test_no_token_and_no_id_is_in_the_log(stand: Stand, caplog: pytest.LogCaptureFixture) -> None:
    keep(stand)
    caplog.set_level(0)
    notice(stand)
    notice(stand, Channel_Token="wrong-but-secret")
    assert TOKEN not in caplog.text
    assert "wrong-but-secret" not in caplog.text
