"""Clients through the API: what is known is recorded, bookings are judged again at once, stories are told."""

import json
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from werkzeug.test import TestResponse

from scheduler_app.ports import ApiKey
from tests.web.at_the_desk import Receptionist
from tests.web.stand import TODAY, Stand, problem_of

DR = {"by": "practitioner", "who": "Dr Reyes"}
BOTOX = {"kind": "treatment", "treatment": "botulinum_toxin", "on": "2026-03-01", **DR}


@pytest.fixture
def desk(stand: Stand) -> Receptionist:
    return Receptionist(stand)


def tell(desk: Receptionist, client: str, fact: object) -> TestResponse:
    return desk.browser.post(f"/api/v1/clients/{client}/facts", json=fact)


def told(desk: Receptionist, client: str, fact: object) -> Any:
    """Record it; the story afterwards."""
    desk.stand.clock.now += timedelta(minutes=1)
    answer = tell(desk, client, fact)
    assert answer.status_code == 201, answer.text
    return json.loads(answer.data)


def outcome_in(story: Any) -> str:
    """How the one appointment stands."""
    (visit,) = story["client"]["appointments"]
    return str(visit["verdict"]["outcome"])


def screened(desk: Receptionist) -> str:
    """A client with one microneedling, the health questions asked."""
    client = desk.client_of(desk.book())
    story = told(desk, client, {"kind": "screening", "on": "2026-03-01", **DR})
    assert outcome_in(story) == "clear"
    return client


def test_a_treatment_is_recorded_and_the_booking_judged_in_the_answer(desk: Receptionist) -> None:
    story = told(desk, screened(desk), BOTOX)
    assert outcome_in(story) == "blocked"
    (fact,) = story["client"]["treatments"]
    assert (fact["ref"], fact["by"], fact["who"]) == (story["ref"], "practitioner", "Dr Reyes")
    (visit,) = story["client"]["appointments"]
    assert visit["verdict"]["earliest"] == "2026-03-15"
    assert visit["verdict"]["findings"][0]["rule"] == "microneedling-after-botulinum-toxin"


def test_a_course_a_condition_and_its_clearance(desk: Receptionist) -> None:
    client = screened(desk)
    course = {"kind": "course", "treatment": "isotretinoin", "ended_on": "2025-08", **DR}
    assert outcome_in(told(desk, client, course)) == "clear"
    ill = {"kind": "condition", "code": "eczema", "by": "client", "who": "Anna Berg"}
    assert outcome_in(told(desk, client, ill)) == "review"
    cleared = {"kind": "clearance", "code": "eczema", "reason": "healed", "until": "2026-06-01", **DR}
    assert outcome_in(told(desk, client, cleared)) == "clear"


def test_an_override_by_the_findings_key(desk: Receptionist) -> None:
    client = screened(desk)
    (visit,) = told(desk, client, BOTOX)["client"]["appointments"]
    key = visit["verdict"]["findings"][0]["key"]
    override = {"kind": "override", "appointment": visit["ref"], "finding": key, **DR}
    story = told(desk, client, override | {"reason": "other", "comment": "agreed"})
    assert outcome_in(story) == "clear"
    (after,) = story["client"]["appointments"]
    assert after["verdict"]["findings"][0]["overridden"] is True
    assert story["client"]["overrides"][0]["comment"] == "agreed"


def test_withdrawing_and_accepting(desk: Receptionist) -> None:
    client = screened(desk)
    record = told(desk, client, BOTOX)["ref"]
    story = told(desk, client, {"kind": "withdraw", "fact": record, **DR})
    assert outcome_in(story) == "clear"
    assert story["client"]["treatments"][0]["withdrawn"] is True
    said = told(desk, client, BOTOX | {"by": "client", "who": "Anna Berg"})["ref"]
    story = told(desk, client, {"kind": "accept", "fact": said, **DR})
    assert story["client"]["treatments"][1]["accepted_by"] == "Dr Reyes"


@pytest.mark.parametrize(
    ("fact", "status", "path"),
    [
        (BOTOX | {"treatment": "botux"}, 422, "treatment"),
        (BOTOX | {"on": "2026-03-02"}, 422, "on"),
        (BOTOX | {"on": 5}, 422, "on"),
        (BOTOX | {"by": "cat"}, 422, "by"),
        (BOTOX | {"who": " "}, 422, "who"),
        (BOTOX | {"colour": "red"}, 422, None),
        ({"kind": "magic", **DR}, 422, "kind"),
        ({"kind": "condition", "code": "freckles", **DR}, 422, "code"),
        (
            {
                "kind": "clearance",
                "code": "eczema",
                "reason": "x",
                "until": "2026-06-01",
                **DR,
                "by": "staff",
            },
            422,
            "by",
        ),
        ([], 422, None),
    ],
)
def test_what_cannot_be_used_is_named_and_not_recorded(
    desk: Receptionist, fact: object, status: int, path: str | None
) -> None:
    client = desk.client_of(desk.book())
    problem = problem_of(tell(desk, client, fact))
    assert problem["status"] == status
    assert problem["errors"][0].get("path") == path
    story = json.loads(desk.browser.get(f"/api/v1/clients/{client}").data)
    assert (story["treatments"], story["conditions"]) == ([], [])


def test_no_json_is_400_and_another_content_type_415(desk: Receptionist) -> None:
    client = desk.client_of(desk.book())
    path = f"/api/v1/clients/{client}/facts"
    broken = desk.browser.post(path, data=b"{", content_type="application/json")
    assert problem_of(broken)["status"] == 400
    assert problem_of(desk.browser.post(path, data={"kind": "treatment"}))["status"] == 415


def test_records_and_appointments_of_others_are_out_of_reach(desk: Receptionist) -> None:
    anna = screened(desk)
    record = told(desk, anna, BOTOX)["ref"]
    visit = desk.book(client="Cleo Marsh", email="cleo@example.com", treatment="Botox")
    cleo = desk.client_of(visit)
    assert problem_of(tell(desk, cleo, {"kind": "withdraw", "fact": record, **DR}))["status"] == 404
    override = {"kind": "override", "appointment": visit, "finding": "x", "reason": "other", **DR}
    assert problem_of(tell(desk, anna, override))["status"] == 404


def test_a_client_nobody_knows_is_404(desk: Receptionist) -> None:
    assert problem_of(desk.browser.get("/api/v1/clients/nobody"))["status"] == 404
    assert problem_of(tell(desk, "nobody", BOTOX))["status"] == 404


def test_stories_want_the_scope_record(desk: Receptionist) -> None:
    with desk.stand.store.transaction() as held:
        held.keys.add(ApiKey("k1", "website", ("check",), TODAY), sha256(b"s3cret").digest())
    client = desk.client_of(desk.book())
    answer = desk.browser.get(f"/api/v1/clients/{client}", headers={"Authorization": "Bearer s3cret"})
    assert problem_of(answer)["status"] == 403


def test_a_story_is_kept_by_nobody_on_the_way(desk: Receptionist) -> None:
    client = desk.client_of(desk.book())
    assert desk.browser.get(f"/api/v1/clients/{client}").headers["Cache-Control"] == "no-store"


def test_a_key_twice_is_400_and_nothing_is_recorded(desk: Receptionist) -> None:
    client = desk.client_of(desk.book())
    twice = json.dumps(BOTOX).replace("{", '{"on": "2026-02-28", ', 1)
    answer = desk.browser.post(f"/api/v1/clients/{client}/facts", data=twice, content_type="application/json")
    assert problem_of(answer)["status"] == 400
    assert desk.browser.get(f"/api/v1/clients/{client}").get_json()["treatments"] == []
