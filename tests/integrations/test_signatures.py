"""Signatures, held against the published vector and an independent signer."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook

from integrations.signatures import LONGEST_ID, read_secret, verify_standard_webhook
from scheduler_app.errors import Denied, Invalid

# github.com/standard-webhooks/standard-webhooks, the example of the specification
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ID = "msg_p5jXN8AQM9LWM0D4loKWxJek"
STAMP = 1614265330
BODY = b'{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="

KEY = read_secret(SECRET)
THEN = datetime.fromtimestamp(STAMP, UTC)
OTHER = "whsec_" + base64.b64encode(b"another secret of 32 bytes......").decode()


def headers(signature: str = SIGNATURE, message_id: str = ID, stamp: object = STAMP) -> dict[str, str]:
    return {"webhook-id": message_id, "webhook-timestamp": str(stamp), "webhook-signature": signature}


def test_the_published_vector_passes() -> None:
    assert verify_standard_webhook([KEY], headers(), BODY, THEN) == ID


@pytest.mark.parametrize("seconds", [-300, -1, 0, 299, 300])
def test_five_minutes_either_way_are_tolerated(seconds: int) -> None:
    assert verify_standard_webhook([KEY], headers(), BODY, THEN + timedelta(seconds=seconds)) == ID


@pytest.mark.parametrize("seconds", [-301, 301, 86_400])
def test_more_is_not(seconds: int) -> None:
    with pytest.raises(Denied):
        verify_standard_webhook([KEY], headers(), BODY, THEN + timedelta(seconds=seconds))


def test_during_a_rotation_both_secrets_and_several_signatures_are_taken() -> None:
    other = read_secret(OTHER)
    mine = Webhook(OTHER).sign(ID, THEN, BODY.decode())
    for keys in ([KEY, other], [other, KEY], [other]):
        assert verify_standard_webhook(keys, headers(mine), BODY, THEN) == ID
    assert verify_standard_webhook([KEY], headers(f"v1,AAAA {SIGNATURE}"), BODY, THEN) == ID
    assert verify_standard_webhook([KEY], headers(f"v1a,AAAA nonsense , {SIGNATURE}"), BODY, THEN) == ID


@pytest.mark.parametrize(
    "bad",
    [
        headers(""),
        headers("no comma anywhere"),
        headers("v1,"),
        headers("v1,not base64!"),
        headers("v1,ünïcode"),
        headers("v2," + SIGNATURE[3:]),
        headers(SIGNATURE[3:]),
        headers(message_id="msg_other"),
        headers(message_id=""),
        headers(message_id="a" * (LONGEST_ID + 1)),
        headers(message_id="msg p5"),
        headers(stamp=STAMP + 1),
        headers(stamp=""),
        headers(stamp="-1"),
        headers(stamp="1614265330.0"),
        headers(stamp="１６１４２６５３３０"),
        headers(stamp="9" * 400),
        {},
    ],
)
def test_whatever_else_stands_in_the_headers_is_denied_and_never_an_error(bad: dict[str, str]) -> None:
    with pytest.raises(Denied):
        verify_standard_webhook([KEY], bad, BODY, THEN)


def test_without_a_secret_nothing_passes() -> None:
    with pytest.raises(Denied):
        verify_standard_webhook([], headers(), BODY, THEN)


def test_a_signature_buried_under_a_heap_of_others_is_not_looked_for() -> None:
    with pytest.raises(Denied):
        verify_standard_webhook([KEY], headers("v1,AAAA " * 16 + SIGNATURE), BODY, THEN)


@given(body=st.text(max_size=200), message_id=st.text("abc_.-", min_size=1, max_size=40))
def test_whatever_the_reference_library_signs_passes(body: str, message_id: str) -> None:
    signature = Webhook(SECRET).sign(message_id, THEN, body)
    told = headers(signature, message_id)
    assert verify_standard_webhook([KEY], told, body.encode(), THEN) == message_id


@given(st.text(max_size=100))
def test_no_header_breaks_the_verifier(signature: str) -> None:
    with pytest.raises(Denied):
        verify_standard_webhook([KEY], headers(signature), BODY, THEN)


@pytest.mark.parametrize(
    "text", ["", "whsec_", "whsec_!!!!", "whsec_c2hvcnQ=", "whsec_" + "QUFB" * 30, "pässword"]
)
def test_a_secret_that_cannot_be_one_is_refused_without_being_repeated(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_secret(text, "SCHEDULER_HOOK_SECRETS_WEBSITE")
    assert refused.value.path == "SCHEDULER_HOOK_SECRETS_WEBSITE"
    assert not text or text not in refused.value.message


def test_a_secret_may_lack_its_prefix_and_its_padding() -> None:
    assert read_secret(SECRET.removeprefix("whsec_")) == KEY
    assert read_secret(OTHER.rstrip("=")) == read_secret(OTHER)
