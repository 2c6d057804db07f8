"""What Acuity sends: who signed it, and which appointment it is about."""

import base64
import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.acuity import AcuityPlatform
from integrations.acuity.translate import booking_in, verify
from scheduler_app.domain.deliveries import Delivery
from scheduler_app.errors import Denied, Invalid
from tests.contracts.booking_platform import LATER, NOW, WHEN, clinic_platform
from tests.house import house
from tests.integrations.acuity.fake_server import ACCOUNT, KEY
from tests.integrations.acuity.outside import AtAcuity, opened, signature

# Computed from the documented algorithm; the vendor publishes no example of its own.
BODY = b"action=scheduled&id=54321&calendarID=27238&appointmentTypeID=1"
API_KEY, SIGNED = "test-api-key", "hfaSQ0OPjg6bZfbkFJE+NhmslOF3xCGeuzkHd0gFkqA="


def denied(keys: list[bytes], headers: dict[str, str], body: bytes = BODY) -> bool:
    try:
        verify(keys, headers, body)
    except Denied:
        return True
    return False


def test_the_computed_vector_is_accepted() -> None:
    verify([API_KEY.encode()], {"X-Acuity-Signature": SIGNED}, BODY)


def test_any_of_several_keys_may_have_signed() -> None:
    verify([b"the-next-key", API_KEY.encode()], {"x-acuity-signature": SIGNED}, BODY)


@pytest.mark.parametrize(
    "given_signature",
    [
        "",
        SIGNED[:-1],
        SIGNED.lower(),
        SIGNED.replace("+", "-").replace("/", "_"),
        SIGNED.rstrip("="),
        SIGNED + "=",
        "sha256=" + SIGNED,
        base64.b64decode(SIGNED).hex(),
        base64.b64decode(SIGNED).hex().upper(),
        SIGNED + ", " + SIGNED,
        SIGNED.replace("q", "r"),
        "hfaSQ0OPjg6bZfbkFJE+NhmslOF3xCGeuzkHd0gFkqB=",  # the same bytes, written another way
        "é" + SIGNED,
        "\udcff",
    ],
)
def test_a_signature_written_in_any_other_way_is_denied(given_signature: str) -> None:
    assert denied([API_KEY.encode()], {"X-Acuity-Signature": given_signature})


def test_without_its_header_or_a_key_it_is_denied() -> None:
    assert denied([API_KEY.encode()], {})
    assert denied([], {"X-Acuity-Signature": SIGNED})
    empty = base64.b64encode(hmac.digest(b"", BODY, hashlib.sha256)).decode()
    assert denied([b""], {"X-Acuity-Signature": empty})


def test_another_key_or_a_single_other_byte_is_denied() -> None:
    assert denied([b"test-api-keY"], {"X-Acuity-Signature": SIGNED})
    for place in range(len(BODY)):
        changed = BODY[:place] + bytes([BODY[place] ^ 1]) + BODY[place + 1 :]
        assert denied([API_KEY.encode()], {"X-Acuity-Signature": SIGNED}, changed)


def test_the_api_key_signs_where_no_other_secret_is_given() -> None:
    platform = AcuityPlatform(clinic_platform("acuity", {}, account=ACCOUNT), house().clinic, [], KEY)
    assert platform.receive({"X-Acuity-Signature": signature(BODY, KEY)}, BODY, NOW).body == BODY


def test_the_api_key_does_not_sign_where_other_secrets_are_given() -> None:
    with pytest.raises(Denied):
        opened("").receive({"X-Acuity-Signature": signature(BODY, KEY)}, BODY, NOW)


@given(body=st.binary(max_size=300))
def test_whatever_was_signed_is_kept_or_invalid(body: bytes) -> None:
    platform = opened("")
    try:
        delivery = platform.receive({"X-Acuity-Signature": signature(body)}, body, NOW)
    except Invalid:
        return
    assert platform.concerned(delivery) in ((), (booking_in(body),))


@given(
    given_signature=st.text(max_size=80),
    form=st.dictionaries(st.text(max_size=9), st.text(max_size=9), max_size=4),
)
def test_whatever_a_stranger_sends_is_denied(given_signature: str, form: dict[str, str]) -> None:
    assert denied([API_KEY.encode()], {"X-Acuity-Signature": given_signature, **form})


# what it is about


@pytest.mark.parametrize("action", ["scheduled", "rescheduled", "canceled", "changed"])
@pytest.mark.parametrize("scope", ["", "appointment."])
def test_both_kinds_of_webhooks_name_the_appointment(scope: str, action: str) -> None:
    assert booking_in(f"action={scope}{action}&id=54321".encode()) == "54321"


@pytest.mark.parametrize("action", ["order.completed", "invoice.paid", "added-in-the-future"])
def test_orders_and_unknown_actions_concern_no_appointment(action: str) -> None:
    assert booking_in(f"action={action}&id=54321".encode()) is None


@pytest.mark.parametrize(
    ("form", "code"),
    [
        (b"id=54321", "field-missing"),
        (b"action=&id=54321", "field-missing"),
        (b"action=changed", "field-missing"),
        (b"action=changed&id=", "field-missing"),
        (b"action=changed&id=../me", "field-missing"),
        (b"action=changed&id=%EF%BC%95", "field-missing"),
        (b"action=changed&id=" + b"9" * 19, "field-missing"),
        (b"action=changed&id=1&id=2", "form-field-twice"),
        (b"action=changed&id=1&" + b"&".join(b"f%d=1" % n for n in range(60)), "form-unreadable"),
        (b"action=changed&id=%FF", "form-unreadable"),
        (b'{"action": "changed", "id": 54321}', "form-unreadable"),
        (b"action=changed&id=1&note=" + b"x" * 300_000, "body-too-large"),
        (b"action=cha%00nged&id=1", "field-unreadable"),
    ],
)
def test_a_form_that_does_not_say_which_appointment_is_invalid(form: bytes, code: str) -> None:
    with pytest.raises(Invalid) as fault:
        booking_in(form)
    assert fault.value.code == code


def test_a_refused_form_is_not_repeated_in_the_message() -> None:
    with pytest.raises(Invalid) as fault:
        booking_in(b"action=changed&id=Ann+Lee")
    assert "Ann" not in str(fault.value)


def test_every_receipt_has_a_key_of_its_own_even_in_the_same_moment(
    platform: AcuityPlatform, outside: AtAcuity
) -> None:
    headers, body, _ = outside.sent(outside.book(WHEN))
    keys = {platform.receive(headers, body, NOW).key for _ in range(5)}
    assert len(keys) == 5


def test_equal_webhooks_lead_to_what_stands_behind_them_each_time(
    platform: AcuityPlatform, outside: AtAcuity
) -> None:
    booking = outside.book(WHEN)
    first = outside.sent(booking)
    outside.move(booking, LATER)
    second = outside.sent(booking)
    outside.call_off(booking)
    assert first == second
    (concerned,) = platform.concerned(Delivery("online", "k", NOW, second[1]))
    (report,) = platform.fetch(concerned)
    assert (report.start, report.status) == (LATER, "cancelled")
