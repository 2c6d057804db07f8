"""What Square sends: who signed it, and which booking it is about."""

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.square import SquarePlatform
from integrations.square.translate import event_in, ids_in, verify
from scheduler_app.errors import Denied, Invalid
from tests.contracts.booking_platform import HOOK, LATER, NOW, WHEN
from tests.integrations.square.fake_seller import LOCATION
from tests.integrations.square.outside import SIGNING, AtSquare, opened, signature
from tests.integrations.square.sample import sample

VECTORS = json.loads(sample("signatures"))
KNOWN = VECTORS[0]
KEY, ADDRESS, BODY, SIGNED = (KNOWN[name] for name in ("key", "address", "body", "signature"))


def denied(
    key: str = KEY, address: str = ADDRESS, body: bytes = BODY.encode(), header: str | None = SIGNED
) -> bool:
    headers = {} if header is None else {"x-square-hmacsha256-signature": header}
    try:
        verify([key.encode()], address, headers, body)
    except Denied:
        return True
    return False


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["name"] for vector in VECTORS])
def test_we_judge_every_vector_of_squares_own_tests_as_square_does(vector: dict[str, Any]) -> None:
    taken = not denied(vector["key"], vector["address"], vector["body"].encode(), vector["signature"])
    assert taken is vector["valid"]


def test_any_of_several_keys_may_have_signed() -> None:
    headers = {"X-Square-HmacSha256-Signature": SIGNED}
    verify([b"the-next-key", KEY.encode()], ADDRESS, headers, BODY.encode())


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        SIGNED[:-1],
        SIGNED.rstrip("="),
        SIGNED + "=",
        SIGNED.lower(),
        SIGNED.replace("+", "-").replace("/", "_"),
        base64.b64decode(SIGNED).hex(),
        base64.b64decode(SIGNED).hex().upper(),
        "sha256=" + SIGNED,
        SIGNED + "," + SIGNED,
        SIGNED.replace("N4=", "N5="),  # the same bytes, written another way
        "é" + SIGNED,
        "\udcff",
    ],
)
def test_a_signature_written_in_any_other_way_is_denied(header: str | None) -> None:
    assert denied(header=header)


def test_one_other_byte_of_body_or_address_is_denied() -> None:
    for place in range(len(BODY)):
        raw = BODY.encode()
        assert denied(body=raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :])
    for address in (ADDRESS + "/", ADDRESS.upper(), ADDRESS.replace("https", "http"), ADDRESS[:-1]):
        assert denied(address=address)


def test_the_older_header_counts_for_nothing() -> None:
    old = base64.b64encode(hmac.digest(KEY.encode(), (ADDRESS + BODY).encode(), hashlib.sha1)).decode()
    with pytest.raises(Denied):
        verify([KEY.encode()], ADDRESS, {"x-square-signature": old}, BODY.encode())


def test_without_an_address_even_what_signs_the_body_alone_is_denied() -> None:
    assert denied(address="", header=signature(BODY.encode(), KEY, ""))


def test_without_a_key_everything_is_denied() -> None:
    with pytest.raises(Denied):
        verify([], ADDRESS, {"x-square-hmacsha256-signature": SIGNED}, BODY.encode())


def test_a_body_of_another_language_is_signed_as_bytes() -> None:
    body = json.dumps(
        {"type": "booking.created", "event_id": "e", "note": "مرحبا"}, ensure_ascii=False
    ).encode()
    assert not denied(SIGNING, HOOK, body, signature(body))


@given(text=st.text(max_size=60))
def test_whatever_a_stranger_sends_is_denied(text: str) -> None:
    assert denied(header=text, body=text.encode("utf-8", "surrogatepass"))


# what it is about


@pytest.mark.parametrize("name", ["booking.created", "booking.updated"])
def test_the_published_events_name_their_booking_and_themselves(name: str) -> None:
    body = sample(name)
    assert ids_in(body, "") == ids_in(body, LOCATION) == ("i2id2g3enyspi7",)
    assert event_in(body) == json.loads(body)["event_id"]


def test_the_published_notice_of_trial_concerns_no_booking() -> None:
    body = sample("webhooks.test_notification")
    assert ids_in(body, LOCATION) == ()
    assert event_in(body) == "ac3ac95b-f97d-458c-a6e6-18981597e05f"


def test_events_of_the_sellers_other_locations_concern_nobody_here() -> None:
    assert ids_in(sample("booking.updated"), "LANOTHER") == ()
    assert ids_in(event("booking.updated", location_id="LANOTHER", data={"id": "b1:3"}), LOCATION) == ()


@pytest.mark.parametrize(
    ("kind", "data", "ids"),
    [
        ("booking.created", {"id": "b1:3"}, ("b1",)),
        ("booking.created", {"id": "b1"}, ("b1",)),
        ("booking.updated", {"id": "b1:x:3"}, ("b1:x",)),
        ("booking.updated", {"id": "b2:3", "object": {"booking": {"id": "b1"}}}, ("b1",)),
        ("booking.of_the_future", {"object": {"booking": {"id": "b1"}}}, ("b1",)),
        ("booking.custom_attribute.owned.updated", {"id": "b1:3", "object": {"custom_attribute": {}}}, ()),
        ("customer.created", {"id": "c1", "object": {"customer": {"id": "c1"}}}, ()),
        ("of.the.future", None, ()),
    ],
)
def test_the_booking_is_found_whatever_shape_the_event_has(
    kind: str, data: object, ids: tuple[str, ...]
) -> None:
    assert ids_in(event(kind, data=data), LOCATION) == ids


@pytest.mark.parametrize(
    "data",
    [
        None,
        {},
        {"id": ""},
        {"id": ":7"},
        {"id": "../customers/c:7"},
        {"id": 7},
        {"id": "b?x=1:7"},
        {"object": {"booking": {"id": "Ann Lee"}}},
        {"object": {"booking": {"id": "x" * 200}}},
    ],
)
def test_an_event_that_does_not_say_which_booking_is_invalid(data: object) -> None:
    with pytest.raises(Invalid) as fault:
        ids_in(event("booking.created", data=data), LOCATION)
    assert "Ann" not in str(fault.value)


@pytest.mark.parametrize(
    "body", [b'{"type": "booking.created"}', b'{"event_id": "e"}', b'{"type": 7, "event_id": "e"}']
)
def test_an_event_without_its_kind_or_its_own_id_is_invalid(body: bytes) -> None:
    with pytest.raises(Invalid):
        event_in(body)


def test_an_attempt_made_again_has_the_same_key_and_another_event_another(
    platform: SquarePlatform, outside: AtSquare
) -> None:
    booking = outside.book(WHEN)
    headers, body, _ = outside.sent(booking)
    again = {**headers, "square-retry-number": "1", "square-retry-reason": "http_timeout"}
    keys = [platform.receive(sent, body, NOW).key for sent in (headers, again)]
    outside.move(booking, LATER)
    headers, body, _ = outside.sent(booking)
    keys.append(platform.receive(headers, body, NOW).key)
    assert keys[0] == keys[1] != keys[2]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=8,
)


@given(kind=JSON, data=JSON, id=JSON, booking=JSON)
def test_whatever_was_signed_is_kept_or_invalid(
    kind: object, data: object, id: object, booking: object
) -> None:
    platform = opened("http://127.0.0.1:9")
    told = data if not isinstance(data, dict) else data | {"id": id, "object": {"booking": booking}}
    for named in (kind, "booking.created"):
        body = json.dumps({"type": named, "event_id": "e", "location_id": id, "data": told}).encode()
        try:
            platform.concerned(
                platform.receive({"X-Square-Hmacsha256-Signature": signature(body)}, body, NOW)
            )
        except Invalid:
            continue


@given(body=st.binary(max_size=200))
def test_any_signed_bytes_are_kept_or_invalid(body: bytes) -> None:
    platform = opened("http://127.0.0.1:9")
    try:
        platform.concerned(platform.receive({"x-square-hmacsha256-signature": signature(body)}, body, NOW))
    except Invalid:
        return


def event(kind: str, **more: object) -> bytes:
    return json.dumps({"type": kind, "event_id": "e", "location_id": LOCATION, **more}).encode()
