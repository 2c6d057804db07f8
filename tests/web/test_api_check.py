"""POST /api/v1/check: the command line's object over HTTP, and what a stored story adds."""

import json
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from scheduler_app.domain.clients import Client, Identifier
from scheduler_app.flow.record import Speaker, record_treatment
from scheduler_app.ports import ApiKey
from tests.web.stand import TODAY, Stand, problem_of

QUESTION: dict[str, Any] = {
    "id": "c1",
    "today": "2026-03-01",
    "zone": "Europe/London",
    "treatments": ["microneedling"],
    "start": "2026-03-14T10:00",
    "facts": [{"treatment": "botulinum_toxin", "on": "2026-03-01"}],
}


def check(client: FlaskClient, question: object, **headers: str) -> TestResponse:
    body = question if isinstance(question, bytes) else json.dumps(question).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post("/api/v1/check", data=body, content_type="application/json", headers=named)


def answered(client: FlaskClient, question: object, **headers: str) -> Any:
    answer = check(client, question, **headers)
    assert answer.status_code == 200
    return json.loads(answer.data)


def somebody(stand: Stand, ref: str = "c1", email: str = "anna@example.com") -> str:
    """A client who had Botox on 1 March."""
    client = Client(ref, "Anna Berg", TODAY, code=f"C-{ref[1:]}")
    with stand.store.transaction() as held:
        held.clients.add(client, [Identifier("email", email), Identifier("phone", "+442079460018")])
    record_treatment(stand.deps.flow, ref, "botulinum_toxin", Speaker("staff", "Kim"), on="2026-03-01")
    return ref


def a_key(stand: Stand, *scopes: str) -> str:
    with stand.store.transaction() as held:
        held.keys.add(ApiKey("k1", "website", scopes, TODAY), sha256(b"s3cret").digest())
    return "Bearer s3cret"


def test_the_answer_is_the_command_lines_to_the_letter(stand: Stand) -> None:
    answer = check(stand.client(), QUESTION)
    line, _ = stand.deps.checker.check_line(json.dumps(QUESTION).encode())
    assert answer.status_code == 200
    assert answer.content_type == "application/json"
    assert answer.data == line.rstrip(b"\n")
    assert json.loads(answer.data)["earliest"] == "2026-03-15"


def test_nothing_is_stored(stand: Stand) -> None:
    check(stand.client(), QUESTION)
    with stand.store.reading() as held:
        assert list(held.clients.refs()) == []
        assert held.audit.entries() == []


@pytest.mark.parametrize(
    ("question", "path"),
    [
        (QUESTION | {"start": "tomorrow"}, "start"),
        (QUESTION | {"treatments": []}, "treatments"),
        (QUESTION | {"facts": [{"treatment": "botulinum_toxin", "on": "2026-03-02"}]}, "facts[0].on"),
        (QUESTION | {"conditions": ["freckles"]}, "conditions[0]"),
    ],
)
def test_a_field_that_cannot_be_used_is_422_and_named(stand: Stand, question: object, path: str) -> None:
    told = problem_of(check(stand.client(), question))
    assert told["status"] == 422
    assert told["id"] == "c1"
    assert told["errors"][0]["path"] == path
    assert told["errors"][0]["code"] == told["code"]


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"nul"])
def test_what_is_no_json_is_400(stand: Stand, body: bytes) -> None:
    told = problem_of(check(stand.client(), body))
    assert (told["status"], told["id"]) == (400, None)


def test_a_key_twice_is_400_because_the_first_of_them_would_be_hidden(stand: Stand) -> None:
    twice = json.dumps(QUESTION).encode().replace(b"{", b'{"facts": [], ', 1)
    told = problem_of(check(stand.client(), twice))
    assert (told["status"], told["code"]) == (400, "json-unreadable")
    assert "twice" in told["detail"]


@pytest.mark.parametrize("ident", [True, 1.5, ["c1"], {}])
def test_an_id_that_can_be_none_is_not_given_back(stand: Stand, ident: object) -> None:
    told = problem_of(check(stand.client(), QUESTION | {"id": ident}))
    assert (told["status"], told["id"]) == (422, None)


def test_another_content_type_is_415_and_a_large_body_413(stand: Stand) -> None:
    client = stand.client()
    answer = client.post("/api/v1/check", data=b"{}", content_type="text/plain")
    assert problem_of(answer)["status"] == 415
    assert problem_of(check(client, b" " * (256 * 1024 + 1)))["status"] == 413


@pytest.mark.parametrize(
    "client", [{"email": "Anna@Example.com"}, {"phone": "020 7946 0018"}, {"id": "c1"}, {"id": "c-1"}]
)
def test_a_stored_story_is_added(stand: Stand, client: dict[str, str]) -> None:
    somebody(stand)
    question = {key: value for key, value in QUESTION.items() if key != "facts"}
    answer = answered(stand.client(), question | {"client": client})
    assert (answer["outcome"], answer["earliest"]) == ("blocked", "2026-03-15")
    assert "Botox" in answer["findings"][0]["message"]


def test_a_client_nobody_knows_is_for_a_person(stand: Stand) -> None:
    answer = answered(stand.client(), QUESTION | {"client": {"email": "who@example.com"}, "facts": []})
    assert answer["outcome"] == "review"
    assert [finding["rule"] for finding in answer["findings"]] == ["client-unknown"]


def test_a_contact_two_people_share_means_neither(stand: Stand) -> None:
    somebody(stand, "c1", "home@example.com")
    somebody(stand, "c2", "home@example.com")
    answer = answered(stand.client(), QUESTION | {"client": {"email": "home@example.com"}, "facts": []})
    assert [finding["rule"] for finding in answer["findings"]] == ["client-unknown"]


@pytest.mark.parametrize("client", [{}, {"name": "Anna"}, {"email": "a@example.com", "id": "c1"}])
def test_a_client_must_be_named_by_one_sign(stand: Stand, client: dict[str, str]) -> None:
    told = problem_of(check(stand.client(), QUESTION | {"client": client}))
    assert (told["status"], told["errors"][0]["path"]) == (422, "client")


def test_a_key_for_checks_is_not_told_what_the_story_holds(stand: Stand) -> None:
    somebody(stand)
    key = a_key(stand, "check")
    question = {name: value for name, value in QUESTION.items() if name != "facts"}
    answer = answered(stand.client(), question | {"client": {"id": "c1"}}, Authorization=key)
    (finding,) = (each for each in answer["findings"] if each["direction"])
    assert finding["other"] is None
    assert "botox" not in answer["findings"][0]["message"].lower()
    assert answer["earliest"] == "2026-03-15"


def test_what_the_question_itself_says_is_named_to_everybody(stand: Stand) -> None:
    key = a_key(stand, "check")
    answer = answered(stand.client(), QUESTION, Authorization=key)
    assert answer["findings"][0]["other"]["treatment"] == "botulinum_toxin"


def test_a_key_that_may_record_is_told_everything(stand: Stand) -> None:
    somebody(stand)
    key = a_key(stand, "check", "record")
    answer = answered(stand.client(), QUESTION | {"client": {"id": "c1"}}, Authorization=key)
    assert answer["findings"][0]["other"]["treatment"] == "botulinum_toxin"


def test_a_revoked_key_opens_nothing(stand: Stand) -> None:
    key = a_key(stand, "check")
    with stand.store.transaction() as held:
        held.keys.revoke("k1", datetime(2026, 3, 1, 10, tzinfo=UTC))
    assert problem_of(check(stand.client(), QUESTION, Authorization=key))["status"] == 401


def test_another_machine_is_refused_until_a_sign_in_is_configured(stand: Stand) -> None:
    key = a_key(stand, "check")
    asking = stand.client(peer="10.0.0.9")
    assert problem_of(check(asking, QUESTION))["status"] == 403
    assert problem_of(check(asking, QUESTION, Authorization=key))["status"] == 403


def test_a_page_that_points_its_own_name_here_is_refused(stand: Stand) -> None:
    told = problem_of(check(stand.client(), QUESTION, Host="rebound.evil.example"))
    assert told["status"] == 421


def test_checks_are_counted(stand: Stand) -> None:
    client = stand.client()
    check(client, QUESTION)
    check(client, b"{")
    told = client.get("/metrics").text
    assert 'scheduler_checks_total{status="200"} 1\n' in told
    assert 'scheduler_checks_total{status="400"} 1\n' in told
