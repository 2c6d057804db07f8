"""POST /hooks/<source>: what is answered, and what was kept when it was."""

import io

import pytest

from scheduler_app.domain.deliveries import Delivery
from tests.web.stand import Stand, problem_of


def kept(stand: Stand) -> list[Delivery]:
    with stand.store.reading() as held:
        return list(held.deliveries.pending("website", 100))


def test_a_signed_webhook_is_answered_2xx_and_lies_on_disk_as_it_came(stand: Stand) -> None:
    body = stand.booking()
    answer = stand.webhook(body)
    assert (answer.status_code, answer.data) == (204, b"")
    assert [(delivery.key, delivery.body) for delivery in kept(stand)] == [("msg_1", body)]
    assert stand.nudged == ["nudged"]


def test_a_second_copy_is_answered_2xx_and_kept_once(stand: Stand) -> None:
    for _ in range(3):
        assert stand.webhook(stand.booking()).status_code == 204
    assert len(kept(stand)) == 1
    assert stand.nudged == ["nudged"]


def test_a_wrong_signature_is_401_and_nothing_is_kept(stand: Stand) -> None:
    answer = stand.webhook(stand.booking(), signed=b"something else")
    assert problem_of(answer)["status"] == 401
    assert answer.headers["WWW-Authenticate"]
    assert kept(stand) == []


def test_no_signature_at_all_is_401(stand: Stand) -> None:
    answer = stand.client().post("/hooks/website", data=b"{}", content_type="application/json")
    assert problem_of(answer)["status"] == 401


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[1]", b"null", b'{"no": "type"}'])
def test_a_signed_body_that_cannot_be_read_is_400(stand: Stand, body: bytes) -> None:
    told = problem_of(stand.webhook(body))
    assert told["status"] == 400
    assert told["code"]
    assert kept(stand) == []


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "", "text/json"])
def test_another_content_type_is_415(stand: Stand, kind: str) -> None:
    assert problem_of(stand.webhook(stand.booking(), content_type=kind))["status"] == 415


def test_a_content_type_with_a_charset_is_json_too(stand: Stand) -> None:
    answer = stand.webhook(stand.booking(), content_type="application/json; charset=utf-8")
    assert answer.status_code == 204


def test_a_body_over_256_kib_is_413_whether_or_not_it_says_its_length(stand: Stand) -> None:
    large = stand.booking(padding="x" * (256 * 1024))
    assert problem_of(stand.webhook(large))["status"] == 413
    unsaid = stand.client().post(
        "/hooks/website",
        input_stream=io.BytesIO(large),
        headers={"Transfer-Encoding": "chunked"},
        content_type="application/json",
        environ_overrides={"wsgi.input_terminated": True},
    )
    assert problem_of(unsaid)["status"] == 413
    assert kept(stand) == []


def test_a_body_without_a_length_is_read_where_the_server_ends_it(stand: Stand) -> None:
    from tests.web.stand import signature

    body = stand.booking()
    answer = stand.client().post(
        "/hooks/website",
        input_stream=io.BytesIO(body),
        headers=signature(body, "msg_9", stand.clock.now),
        content_type="application/json",
        environ_overrides={"wsgi.input_terminated": True},
    )
    assert answer.status_code == 204


def test_an_unknown_sender_is_404(stand: Stand) -> None:
    assert problem_of(stand.webhook(stand.booking(), path="/hooks/nobody"))["status"] == 404


def test_another_method_is_405_and_says_which_would_do(stand: Stand) -> None:
    answer = stand.client().get("/hooks/website")
    assert problem_of(answer)["status"] == 405
    assert "POST" in answer.headers["Allow"]


def test_when_it_cannot_be_kept_the_sender_is_told_to_come_back(stand: Stand) -> None:
    stand.inbox.close()
    answer = stand.webhook(stand.booking())
    assert problem_of(answer)["status"] == 503
    assert int(answer.headers["Retry-After"]) >= 1
    assert stand.nudged == []


def test_a_wake_up_that_fails_takes_nothing_back(stand: Stand, caplog: pytest.LogCaptureFixture) -> None:
    from dataclasses import replace

    def fail() -> None:
        raise RuntimeError("Anna Berg")

    client = stand.client(replace(stand.deps, nudge=fail))
    assert stand.webhook(stand.booking(), client=client).status_code == 204
    assert len(kept(stand)) == 1
    assert "Anna" not in caplog.text


def test_webhooks_come_from_anywhere_under_any_host_name(stand: Stand) -> None:
    body = stand.booking()
    from tests.web.stand import signature

    answer = stand.client(peer="203.0.113.9").post(
        "/hooks/website",
        data=body,
        headers=signature(body, "msg_2", stand.clock.now) | {"Host": "hooks.clinic.example"},
        content_type="application/json",
    )
    assert answer.status_code == 204


def test_each_is_counted_without_names(stand: Stand) -> None:
    client = stand.client()
    stand.webhook(stand.booking(), client=client)
    stand.webhook(stand.booking(), client=client)
    stand.webhook(stand.booking(), "msg_2", client=client, signed=b"")
    stand.webhook(b"{", "msg_3", client=client)
    stand.webhook(b"{}", "msg_4", client=client, content_type="text/plain")
    stand.webhook(b"{}", "msg_5", client=client, path="/hooks/anna-berg")
    told = client.get("/metrics").text
    for outcome in ("accepted", "duplicate", "denied", "unreadable", "refused"):
        assert f'scheduler_deliveries_total{{source="website",outcome="{outcome}"}} 1\n' in told
    assert 'scheduler_deliveries_total{source="unknown",outcome="refused"} 1\n' in told
    assert "anna" not in told.lower()
