"""Asking a platform's API: faults by name, bounded in time and size, and nothing told about anybody."""

import gzip
import json
import logging
import socket
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler

import pytest

from integrations.api_client import LARGEST, ApiClient, Refused
from scheduler_app.errors import (
    Conflict,
    Disconnected,
    Invalid,
    NotFound,
    SchedulerError,
    Unavailable,
    Unsure,
)
from tests.integrations.serving import Answering, says, serving

KEY = "k3y-of-the-tests"


def client(address: str, **more: float) -> ApiClient:
    return ApiClient(address + "/v1", lambda: {"Authorization": f"Bearer {KEY}"}, "the platform", **more)


def noting(asked: list[dict[str, str]], body: bytes = b"{}") -> Answering:
    """Answers, and writes down what it was asked."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        length = int(request.headers.get("Content-Length", 0))
        told = {name.lower(): value for name, value in request.headers.items()}
        asked.append(
            told | {"": f"{request.command} {request.path}", "body": request.rfile.read(length).decode()}
        )
        says(body)(request)

    return answer


def faulty(answer: Answering, method: str = "GET") -> SchedulerError:
    """What asking such a server comes to."""
    with serving(answer, methods=(method,)) as address, pytest.raises(SchedulerError) as fault:
        client(address, answer_within=0.3, patience=0.6).ask(method, "/clients/ann@example.com")
    told = str(fault.value)
    assert "ann" not in told
    assert KEY not in told
    assert "localhost" not in told
    assert fault.value.__cause__ is None
    return fault.value


def test_what_is_asked_is_signed_and_what_is_sent_is_json() -> None:
    asked: list[dict[str, str]] = []
    with serving(noting(asked, b'{"id": 7}'), methods=("POST",)) as address:
        answer = client(address).ask(
            "POST", "/things", {"a": "x y", "none": None, "n": 3}, {"reason": "é"}, {"X-Version": "2"}
        )
    assert answer.body == {"id": 7}
    (sent,) = asked
    assert sent[""] == "POST /v1/things?a=x+y&n=3"
    assert (sent["authorization"], sent["x-version"]) == (f"Bearer {KEY}", "2")
    assert json.loads(sent["body"]) == {"reason": "é"}
    assert sent["content-type"] == "application/json"


def test_an_answer_without_a_body_has_none() -> None:
    with serving(says(b"", 204)) as address:
        assert client(address).get("/").body is None


def test_a_packed_answer_is_unpacked() -> None:
    with serving(says(gzip.compress(b"[1]"), Content_Encoding="gzip")) as address:
        assert client(address).get("/").body == [1]


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, Disconnected),
        (403, Disconnected),
        (404, NotFound),
        (410, NotFound),
        (409, Conflict),
        (412, Conflict),
        (408, Unavailable),
        (429, Unavailable),
        (500, Unavailable),
        (503, Unavailable),
        (400, Refused),
        (422, Refused),
        (302, Refused),
    ],
)
def test_each_status_has_its_fault(status: int, kind: type[SchedulerError]) -> None:
    assert isinstance(faulty(says(b'{"message": "Ann Lee"}', status)), kind)


def test_what_the_platform_said_of_a_fault_is_for_the_adapter_alone() -> None:
    fault = faulty(says(b'{"message": "Ann Lee is away"}', 422))
    assert isinstance(fault, Refused)
    assert (fault.status, b"Ann Lee" in fault.content) == (422, True)


@pytest.mark.parametrize(("said", "wait"), [("7", 7.0), ("86400", 3600.0), ("soon", None), ("-1", None)])
def test_the_time_it_asks_for_is_waited_within_reason(said: str, wait: float | None) -> None:
    fault = faulty(says(b"", 429, Retry_After=said))
    assert isinstance(fault, Unavailable)
    assert fault.retry_in == wait


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
@pytest.mark.parametrize("answer", [says(b"", 500), None])
def test_a_lost_answer_to_a_write_is_unsure(method: str, answer: Answering | None) -> None:
    assert isinstance(faulty(answer or _broken_off, method), Unsure)


def test_a_lost_answer_to_a_question_is_only_unavailable() -> None:
    assert not isinstance(faulty(_broken_off), Unsure)


def test_silence_and_dripping_end_in_time() -> None:
    for answer in (_silent, _dripping):
        assert isinstance(faulty(answer), Unavailable)


def test_nobody_there_is_unavailable_and_never_unsure() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(Unavailable) as fault:
        client(f"http://127.0.0.1:{port}").ask("POST", "/x")
    assert not isinstance(fault.value, Unsure)


@pytest.mark.parametrize("body", [b"<html>", b"\xff", b"[" * 100_000])
def test_an_answer_that_is_no_json_is_refused(body: bytes) -> None:
    assert isinstance(faulty(says(body)), Invalid)


def test_an_answer_past_all_size_is_refused_packed_or_not() -> None:
    bomb = gzip.compress(b" " * (LARGEST + 2))
    with serving(says(bomb, Content_Encoding="gzip")) as address, pytest.raises(Invalid, match="too large"):
        client(address).get("/")


def test_a_redirect_is_not_followed_with_the_key_in_hand() -> None:
    asked: list[dict[str, str]] = []
    with serving(noting(asked)) as elsewhere:
        fault = faulty(says(b"", 302, Location=elsewhere))
    assert isinstance(fault, Refused)
    assert asked == []


def test_nothing_is_logged_about_anybody(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        faulty(_broken_off)
    assert "ann" not in caplog.text


def _broken_off(request: BaseHTTPRequestHandler) -> None:
    request.close_connection = True


def _silent(request: BaseHTTPRequestHandler) -> None:
    request.connection.settimeout(5)
    request.rfile.read(1)  # until whoever asked turns away


def _dripping(request: BaseHTTPRequestHandler) -> None:
    request.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
    wait: Callable[[int], bytes] = request.rfile.read1
    request.connection.settimeout(0.05)
    for _ in range(200):
        try:
            request.wfile.write(b" ")
            request.wfile.flush()
            wait(1)
        except TimeoutError:
            continue
        except OSError:
            return
