"""What SimplyBook.me sends: callbacks, and questions before it books."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler_app.domain.deliveries import Delivery
from scheduler_app.domain.platforms import TWICE, UNMAPPED, Asked
from scheduler_app.errors import Denied, Invalid
from tests.contracts.booking_platform import NOW
from tests.integrations.simplybook.outside import OLDER, SECRET, opened

SAMPLES = Path(__file__).parent / "samples"
REQUEST = "external-validator-request.json"
FIELDS = {"ed8f5b7380f7111c592abf6f916fc2d0": "code", "some STRING": "name", "Your e-mail": "email"}
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def sample(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SAMPLES / name).read_text())
    return found


def asked(changed: dict[str, Any] | None = None, name: str = REQUEST, **more: object) -> Asked:
    body = json.dumps(sample(name) | (changed or {})).encode()
    platform = opened("", account="mycompany", **{"fields": FIELDS, **more})
    return platform.asked({}, body, NOW, SECRET)


def received(body: bytes, account: str = "examplecompany", secret: str = SECRET) -> Delivery:
    return opened("", account=account).receive({}, body, NOW, secret)


# callbacks


def test_the_vendors_callbacks_name_their_booking() -> None:
    for name, account, booking in (
        ("callback-change.json", "eventdatetime", "2262"),
        ("callback-create-2025.json", "ExampleCompany", "4"),
    ):
        delivery = received((SAMPLES / name).read_bytes(), account)
        assert opened("", account=account).concerned(delivery) == (booking,)


@pytest.mark.parametrize("kind", ["create", "cancel", "change", "notify", "added-in-the-future", None])
def test_whatever_happened_to_a_booking_it_is_looked_at(kind: str | None) -> None:
    body = json.dumps({"booking_id": 7, "company": "examplecompany", "notification_type": kind}).encode()
    assert opened("", account="examplecompany").concerned(received(body)) == ("7",)


def test_callbacks_that_do_not_say_when_they_were_sent_count_each_time() -> None:
    old, new = ((SAMPLES / f"callback-{name}.json").read_bytes() for name in ("change", "create-2025"))
    assert received(old, "eventdatetime").key != received(old, "eventdatetime").key
    assert received(new).key == received(new).key


def test_each_of_several_secrets_opens_and_no_other() -> None:
    body = (SAMPLES / "callback-create-2025.json").read_bytes()
    assert received(body, secret=OLDER).body == body
    for wrong in ("", SECRET[:-1], SECRET + "x", SECRET.upper(), "sécret", "\udcff"):
        with pytest.raises(Denied):
            received(body, secret=wrong)
        with pytest.raises(Denied):
            opened("").asked({}, (SAMPLES / REQUEST).read_bytes(), NOW, wrong)


@pytest.mark.parametrize("company", ["another", "", 7, ["examplecompany"]])
def test_what_is_meant_for_another_company_is_denied(company: object) -> None:
    with pytest.raises(Denied):
        received(json.dumps({"booking_id": 7, "company": company}).encode())
    with pytest.raises(Denied):
        asked({"company_login": company})


@pytest.mark.parametrize("booking", ["../admin", "7a", "٧", "9" * 19, -7, [7], {"id": 7}, 1.5])
def test_what_cannot_be_a_booking_is_invalid(booking: object) -> None:
    with pytest.raises(Invalid) as fault:
        received(json.dumps({"booking_id": booking, "company": "examplecompany"}).encode())
    assert str(booking) not in fault.value.message


@pytest.mark.parametrize("booking", [None, "", " "])
def test_a_callback_without_a_booking_concerns_none(booking: object) -> None:
    body = json.dumps({"booking_id": booking, "company": "examplecompany"}).encode()
    assert opened("", account="examplecompany").concerned(received(body)) == ()


# questions


def test_the_vendors_question_is_understood() -> None:
    found = asked(services={"9": ("microneedling",)})
    assert (found.treatments, found.doubts, found.zone) == (("microneedling",), (), "Europe/London")
    assert found.start == datetime(2021, 1, 11, 11, 40, tzinfo=UTC)
    assert found.end == datetime(2021, 1, 11, 11, 45, tzinfo=UTC)
    clues = found.clues
    assert (clues.platform_id, clues.code, clues.name) == ("8123", "112233445566", "simplybook")
    assert found.booking_id is None


def test_the_older_question_with_ids_as_texts_says_the_same() -> None:
    found = asked(name="external-validator-request.older-string-ids.json")
    assert (found.treatments, found.clues.platform_id) == (("microneedling",), "8123")


@pytest.mark.parametrize("client", [None, "", 0, "0", [], "x"])
def test_a_client_without_a_number_is_known_by_her_answers(client: object) -> None:
    answers = [{"id": "a", "name": "YOUR E-MAIL", "value": "Ann.Lee@Example.com"}]
    clues = asked({"client_id": client, "additional_fields": answers}).clues
    assert (clues.platform_id, clues.email) == (None, "ann.lee@example.com")


def test_answers_nobody_mapped_are_not_kept() -> None:
    clues = asked(fields={}).clues
    assert (clues.name, clues.code, clues.email, clues.phone) == (None, None, None, None)


@pytest.mark.parametrize(
    ("told", "booking"), [(17, "17"), ("17", "17"), (None, None), (0, None), ("x", None)]
)
def test_the_booking_that_is_moved_is_named_by_the_vendors_spelling(
    told: object, booking: str | None
) -> None:
    assert asked({"sheduler_id": told}).booking_id == booking


def test_a_service_nobody_mapped_is_doubted() -> None:
    assert asked({"service_id": 77}).doubts == (UNMAPPED,)


def test_times_are_the_clinics_own() -> None:
    summer = {"start_datetime": "2026-07-01 10:00:00", "end_datetime": "2026-07-01 11:00:00"}
    assert asked(summer).start == datetime(2026, 7, 1, 9, tzinfo=UTC)
    twice = {"start_datetime": "2026-10-25 01:30:00", "end_datetime": "2026-10-25 02:30:00"}
    assert asked(twice).doubts == (TWICE,)


@pytest.mark.parametrize(
    ("changed", "path"),
    [
        ({"service_id": None}, "service_id"),
        ({"start_datetime": None}, "start_datetime"),
        ({"start_datetime": "2026-03-29 01:30:00"}, "start_datetime"),
        ({"start_datetime": "2026-03-29"}, "start_datetime"),
        ({"start_datetime": "0001-01-01 00:00:00"}, "start_datetime"),
        ({"end_datetime": "2021-01-11 11:00:00"}, "end_datetime"),
        ({"end_datetime": "soon"}, "end_datetime"),
    ],
)
def test_a_question_without_service_or_time_is_invalid(changed: dict[str, Any], path: str) -> None:
    with pytest.raises(Invalid) as fault:
        asked(changed)
    assert fault.value.path == path


def test_the_answers_are_the_vendors() -> None:
    platform = opened("")
    yes, kind = platform.answer(None)
    no, _ = platform.answer("Bitte ab 3. März, é")
    assert (json.loads(yes), kind) == (sample("external-validator-response-accept.json"), "application/json")
    refused = sample("external-validator-response-reject.json")
    assert json.loads(no) == {**refused, "errors": ["Bitte ab 3. März, é"]}


KEYS = ["service_id", "client_id", "start_datetime", "end_datetime", "sheduler_id", "additional_fields"]


@given(key=st.sampled_from([*KEYS, "company_login", "booking_id", "webhook_timestamp"]), value=VALUES)
def test_anything_in_any_place_is_understood_or_refused(key: str, value: object) -> None:
    body = json.dumps({**sample(REQUEST), key: value}).encode()
    platform = opened("", account="mycompany", fields=FIELDS)
    for ask in (platform.asked, platform.receive):
        try:
            ask({}, body, NOW, SECRET)
        except (Denied, Invalid):
            continue


@given(body=st.binary(max_size=200))
def test_any_bytes_are_refused_or_kept(body: bytes) -> None:
    platform = opened("")
    for ask in (platform.asked, platform.receive):
        try:
            ask({}, body, NOW, SECRET)
        except Invalid:
            continue
