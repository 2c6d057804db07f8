"""What strangers and broken senders put through the doors: refused in words, counted, and nothing kept."""

import io
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from integrations.registry import PLATFORMS
from scheduler_app.ports import PreventingPlatform
from tests.senders import FORM, JSON, SENDERS, Headers, Sender
from tests.web.broken import BROKEN_FORM, BROKEN_JSON, FORGERIES, NAMED_AT_CHECK
from tests.web.doors import Doors, open_doors
from tests.web.stand import problem_of

LIMIT = 256 * 1024
PREVENTING = [each for each in SENDERS if each.question]
QUESTION: dict[str, Any] = {"id": "c1", "treatments": ["microneedling"], "start": "2026-03-14T10:00"}


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> Iterator[Doors]:
    with open_doors(tmp_path_factory.mktemp("doors"), empty_database) as opened:
        yield opened


def every(senders: list[Sender] | tuple[Sender, ...] = SENDERS) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("sender", senders, ids=lambda sender: sender.kind)


def refused(sender: Sender, outcome: str) -> str:
    return f'scheduler_deliveries_total{{source="{sender.kind}",outcome="{outcome}"}}'


def asked(sender: Sender, outcome: str) -> str:
    return f'scheduler_validations_total{{source="{sender.kind}",outcome="{outcome}"}}'


def test_everybody_who_may_send_is_tried_here() -> None:
    assert {each.kind for each in SENDERS} == {"website", *PLATFORMS}


@every()
def test_what_each_sends_is_taken(doors: Doors, sender: Sender) -> None:
    body = sender.body(1)
    signed = sender.signed(body, "msg_sound", doors.stand.clock.now)
    assert doors.send(sender, body, signed).status_code == 204


@pytest.mark.parametrize("forgery", FORGERIES)
@every([each for each in SENDERS if not each.secret])
def test_without_its_signature_it_is_401(doors: Doors, sender: Sender, forgery: str) -> None:
    body = sender.body(2)
    signed = sender.signed(body, "msg_2", doors.stand.clock.now)
    with doors.refusing(refused(sender, "denied")):
        answer = doors.send(
            sender, body, signed | {[*signed][-1]: FORGERIES[forgery]([*signed.values()][-1])}
        )
    assert problem_of(answer)["status"] == 401


@every([each for each in SENDERS if not each.secret])
def test_the_signature_of_another_body_or_no_header_at_all_is_401(doors: Doors, sender: Sender) -> None:
    other = sender.signed(sender.body(3), "msg_3", doors.stand.clock.now)
    for headers in (other, {}):
        with doors.refusing(refused(sender, "denied")):
            answer = doors.send(sender, sender.body(4), headers)
        assert problem_of(answer)["status"] == 401


@pytest.mark.parametrize("seconds", [-1, 1])
@every([each for each in SENDERS if each.timed])
def test_what_was_signed_too_long_from_now_is_401(doors: Doors, sender: Sender, seconds: int) -> None:
    body, now = sender.body(5), doors.stand.clock.now
    away = timedelta(seconds=seconds * (sender.timed + 1))
    with doors.refusing(refused(sender, "denied")):
        answer = doors.send(sender, body, sender.signed(body, "msg_5", now + away))
    assert problem_of(answer)["status"] == 401


@every([each for each in SENDERS if each.secret])
@pytest.mark.parametrize("shown", ["x", "", "\xe9", "%ff", "a" * 4000])
def test_without_the_secret_in_the_address_it_is_refused(doors: Doors, sender: Sender, shown: str) -> None:
    path = f"/hooks/{sender.kind}/{shown}".rstrip("/")
    answer = doors.send(sender, sender.body(6), path=path)
    assert problem_of(answer)["status"] == (401 if shown else 404)


@every([each for each in SENDERS if not each.secret])
def test_who_signs_has_no_door_with_a_secret(doors: Doors, sender: Sender) -> None:
    with doors.refusing('scheduler_deliveries_total{source="unknown",outcome="refused"}'):
        answer = doors.send(sender, sender.body(7), path=f"{sender.path}/a-secret")
    assert problem_of(answer)["status"] == 404


@pytest.mark.parametrize("fault", BROKEN_JSON)
@every([each for each in SENDERS if each.content_type == JSON])
def test_signed_json_that_no_careful_reader_would_read_is_400(
    doors: Doors, sender: Sender, fault: str
) -> None:
    body = BROKEN_JSON[fault](sender.body(8))
    assert len(body) <= LIMIT
    with doors.refusing(refused(sender, "unreadable")):
        answer = doors.send(sender, body)
    assert problem_of(answer)["status"] == 400


@pytest.mark.parametrize("fault", BROKEN_FORM)
@every([each for each in SENDERS if each.content_type == FORM])
def test_a_signed_form_that_no_careful_reader_would_read_is_400(
    doors: Doors, sender: Sender, fault: str
) -> None:
    body = BROKEN_FORM[fault](sender.body(9))
    assert len(body) <= LIMIT
    with doors.refusing(refused(sender, "unreadable")):
        answer = doors.send(sender, body)
    assert problem_of(answer)["status"] == 400


@pytest.mark.parametrize(
    "kind", [JSON, FORM, "text/plain", "", "application/json2", "multipart/form-data", "é"]
)
@every()
def test_another_content_type_is_415(doors: Doors, sender: Sender, kind: str) -> None:
    if kind == sender.content_type:
        return
    with doors.refusing(refused(sender, "refused")):
        answer = doors.send(sender, sender.body(10), content_type=kind)
    assert problem_of(answer)["status"] == 415


@every()
def test_more_than_256_kib_is_413_signed_or_not_and_whether_or_not_it_says_so(
    doors: Doors, sender: Sender
) -> None:
    large = sender.body(11) + b" " * LIMIT
    signed: Headers = sender.signed(large, "msg_11", doors.stand.clock.now)
    for headers in (signed, {}):
        with doors.refusing(refused(sender, "refused")):
            said = doors.send(sender, large, headers)
        with doors.refusing(refused(sender, "refused")):
            unsaid = doors.send(
                sender,
                b"",
                headers | {"Transfer-Encoding": "chunked"},
                data=None,
                input_stream=io.BytesIO(large),
                environ_overrides={"wsgi.input_terminated": True},
            )
        assert (problem_of(said)["status"], problem_of(unsaid)["status"]) == (413, 413)


@pytest.mark.parametrize("length", ["9" * 7, "9" * 20, "9" * 5_000])
@every()
def test_a_length_beyond_all_bounds_is_413_however_many_digits_it_has(
    doors: Doors, sender: Sender, length: str
) -> None:
    with doors.refusing(refused(sender, "refused")):
        answer = doors.send(sender, sender.body(12), environ_overrides={"CONTENT_LENGTH": length})
    assert problem_of(answer)["status"] == 413


def test_every_platform_that_asks_first_is_tried_here(doors: Doors) -> None:
    platforms = doors.stand.deps.flow.platforms
    asking = {name for name, each in platforms.items() if isinstance(each, PreventingPlatform)}
    assert asking == {each.kind for each in PREVENTING}


@pytest.mark.parametrize("fault", BROKEN_JSON)
@every(PREVENTING)
def test_a_question_before_a_booking_that_cannot_be_read_is_400(
    doors: Doors, sender: Sender, fault: str
) -> None:
    with doors.refusing(asked(sender, "unreadable")):
        answer = doors.send(sender, BROKEN_JSON[fault](sender.question), path=sender.asking_path)
    assert problem_of(answer)["status"] == 400


@every(PREVENTING)
def test_a_question_too_large_of_another_type_or_by_a_stranger_is_refused(
    doors: Doors, sender: Sender
) -> None:
    question, path = sender.question, sender.asking_path
    with doors.refusing(asked(sender, "refused")):
        answer = doors.send(sender, question + b" " * LIMIT, path=path)
    assert problem_of(answer)["status"] == 413
    with doors.refusing(asked(sender, "refused")):
        answer = doors.send(sender, question, path=path, content_type="text/plain")
    assert problem_of(answer)["status"] == 415
    with doors.refusing(asked(sender, "denied")):
        answer = doors.send(sender, question, {}, path=f"{path}x" if sender.secret else path)
    assert problem_of(answer)["status"] == 401


@pytest.mark.parametrize("fault", BROKEN_JSON)
def test_a_check_that_no_careful_reader_would_read_is_refused(doors: Doors, fault: str) -> None:
    sound = json.dumps(QUESTION).encode()
    body = BROKEN_JSON[fault](sound)
    expected = 422 if fault in NAMED_AT_CHECK else 400
    with doors.refusing(f'scheduler_checks_total{{status="{expected}"}}'):
        answer = doors.client.post("/api/v1/check", data=body, content_type=JSON)
    assert problem_of(answer)["status"] == expected
