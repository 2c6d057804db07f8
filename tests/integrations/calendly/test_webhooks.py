"""What Calendly sends: who signed it and when, which booking it is about, and whether it came before."""

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.calendly import CalendlyPlatform
from integrations.calendly.translate import EVENTS, seats_in, verify
from scheduler_app.domain.deliveries import Delivery
from scheduler_app.errors import Denied, Invalid
from tests.contracts.booking_platform import LATER, NOW, WHEN
from tests.integrations.calendly.outside import AtCalendly, opened, signature
from tests.integrations.calendly.sample import sample

# Computed from the documented steps; the vendor publishes no example of its own.
VECTOR = sample("signature.computed")
BODY = VECTOR["body"].encode()
SIGNED = VECTOR["headers"]["Calendly-Webhook-Signature"]
KEY, CLOCK = VECTOR["secret"], datetime.fromtimestamp(VECTOR["clock"], UTC)
STAMP, HEX = SIGNED.removeprefix("t=").split(",v1=")


def denied(given: str, keys: tuple[str, ...] = (KEY,), body: bytes = BODY, now: datetime = CLOCK) -> bool:
    try:
        verify(keys, {"Calendly-Webhook-Signature": given}, body, now)
    except Denied:
        return True
    return False


@pytest.mark.parametrize(
    "given",
    [
        SIGNED,
        f"v1={HEX},t={STAMP}",
        f" t={STAMP} , v1={HEX} ",
        f"t={STAMP},v1={'0' * 64},v1={HEX}",
        f"v1={HEX},v0=old,t={STAMP},v2=new,v1=",
    ],
)
def test_the_computed_vector_is_accepted_in_any_order(given: str) -> None:
    assert not denied(given)


def test_any_of_several_keys_may_have_signed() -> None:
    assert not denied(SIGNED, ("the-next-key", KEY))


@pytest.mark.parametrize(
    "given",
    [
        "",
        HEX,
        f"v1={HEX}",
        f"t={STAMP}",
        f"t={STAMP},v1={HEX.upper()}",
        f"t={STAMP},v1={HEX[:-1]}",
        f"t={STAMP},v1={HEX}0",
        f"t={STAMP},v0={HEX}",
        f"t={STAMP};v1={HEX}",
        f"t={STAMP},t={STAMP},v1={HEX}",
        f"t=+{STAMP},v1={HEX}",
        f"t={STAMP}.0,v1={HEX}",
        f"t={int(STAMP) + 1},v1={HEX}",
        f"t=16061538791606,v1={HEX}",
        "t=१६०६१५३८७९,v1=" + HEX,
        f"t={STAMP},v1=é{HEX[1:]}",
        f"t={STAMP},v1=\udcff",
        f"t={STAMP}," + "v1=0," * 40 + f"v1={HEX}",
    ],
)
def test_a_signature_written_in_any_other_way_is_denied(given: str) -> None:
    assert denied(given)


def test_without_its_header_or_a_key_it_is_denied() -> None:
    assert denied(SIGNED, ())
    assert denied(signature(BODY, CLOCK, ""), ("",))
    with pytest.raises(Denied):
        verify([KEY], {}, BODY, CLOCK)


def test_another_key_or_a_single_other_byte_is_denied() -> None:
    assert denied(SIGNED, ("test-signing-keY",))
    for place in range(0, len(BODY), 7):
        assert denied(SIGNED, body=BODY[:place] + bytes([BODY[place] ^ 1]) + BODY[place + 1 :])


def test_a_signature_over_the_body_alone_is_denied() -> None:
    alone = hmac.digest(KEY.encode(), BODY, hashlib.sha256).hex()
    assert denied(f"t={STAMP},v1={alone}")


@pytest.mark.parametrize(("seconds", "stale"), [(-181, True), (-180, False), (180, False), (181, True)])
def test_it_must_have_been_signed_within_three_minutes(seconds: int, stale: bool) -> None:
    signed_at = datetime.fromtimestamp(int(STAMP), UTC)
    assert denied(SIGNED, now=signed_at + timedelta(seconds=seconds)) is stale


@given(given=st.text(max_size=120))
def test_whatever_a_stranger_writes_is_denied(given: str) -> None:
    assert denied(given)


READ = ["event", "payload", "uri", "no_show", "old_invitee", "updated_at"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9) | st.sampled_from(EVENTS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(READ), inner),
    max_leaves=9,
)


@given(body=st.binary(max_size=200) | JSON.map(lambda found: json.dumps(found).encode()))
def test_whatever_was_signed_is_kept_or_invalid(body: bytes) -> None:
    platform = opened("")
    try:
        delivery = platform.receive({"Calendly-Webhook-Signature": signature(body)}, body, NOW)
        platform.concerned(delivery)
    except Invalid:
        return
    assert delivery.body == body


# the same one again


def key(changed: dict[str, Any], event: str = "invitee.created", **top: Any) -> str:
    document = sample("invitee.created")
    body = json.dumps({**document, "event": event, **top, "payload": document["payload"] | changed}).encode()
    return opened("").receive({"Calendly-Webhook-Signature": signature(body)}, body, NOW).key


def test_event_invitee_and_state_name_a_webhook() -> None:
    first = key({})
    assert key({}, created_at="2020-11-23T18:00:00.000000Z") == first
    assert key({"timezone": "Europe/London"}) == first
    other = "https://api.calendly.com/scheduled_events/AAAAAAAAAAAAAAAA/invitees/BBBBBBBBBBBBBBBB"
    names = {
        first,
        key({}, "invitee.canceled"),
        key({"uri": other}),
        key({"updated_at": "2020-11-23T17:54:22.356897Z"}),
    }
    assert len(names) == 4


def test_a_second_mark_as_missed_is_another_webhook_though_the_invitee_did_not_change() -> None:
    marks = [{"no_show": {"uri": f"https://api.calendly.com/invitee_no_shows/{n}"}} for n in ("A", "B")]
    first, second = (key(mark, "invitee_no_show.created") for mark in marks)
    assert first != second


def test_what_has_no_state_goes_by_its_bytes() -> None:
    assert key({"updated_at": None}) != key({"updated_at": None, "email": "other@example.com"})
    assert key({"uri": 7}) == key({"uri": 7})


# what it is about


@pytest.mark.parametrize("event", EVENTS)
def test_every_event_we_need_names_the_invitee(
    platform: CalendlyPlatform, outside: AtCalendly, event: str
) -> None:
    booking = outside.book(WHEN)
    headers, body, _ = outside.sent(booking, event)
    assert platform.concerned(platform.receive(headers, body, NOW)) == (booking,)


@pytest.mark.parametrize(
    "name", ["reschedule-1-invitee.created.derived", "reschedule-2-invitee.canceled.derived"]
)
def test_either_of_the_two_webhooks_of_a_reschedule_names_both(name: str) -> None:
    body = json.dumps(sample(name)).encode()
    assert set(opened("").concerned(Delivery("online", "k", NOW, body))) == {"A" * 16, "B" * 16}


@pytest.mark.parametrize("event", ["routing_form_submission.created", "event_type.updated", "invitee.merged"])
def test_other_events_concern_no_booking(event: str) -> None:
    assert seats_in(sample("invitee.created") | {"event": event}) == ()


@pytest.mark.parametrize(
    "changed",
    [
        {"uri": None},
        {"uri": "AAAAAAAAAAAAAAAA"},
        {"uri": "https://api.calendly.com/scheduled_events/AAAA"},
        {"uri": "https://api.calendly.com/scheduled_events/../invitees/AAAA"},
        {"uri": "https://api.calendly.com/scheduled_events/A/invitees/B?x=1"},
        {"uri": ["https://api.calendly.com/scheduled_events/A/invitees/B"]},
        {"old_invitee": "Ann Lee"},
        {"new_invitee": 7},
    ],
)
def test_an_event_that_does_not_say_which_booking_is_invalid(changed: dict[str, Any]) -> None:
    document = sample("invitee.created")
    with pytest.raises(Invalid) as fault:
        seats_in({**document, "payload": document["payload"] | changed})
    assert "Ann" not in str(fault.value)
    with pytest.raises(Invalid):
        seats_in({"event": "invitee.created"})


def test_the_order_of_the_two_webhooks_of_a_reschedule_plays_no_part(
    platform: CalendlyPlatform, outside: AtCalendly
) -> None:
    before = outside.book(WHEN)
    after = outside.move(before, LATER)
    for sent in (outside.sent(after), outside.sent(before)):
        named = platform.concerned(platform.receive(sent[0], sent[1], NOW))
        assert set(named) == {before, after}
        told = {one.source_id: one for id in named for one in platform.fetch(id)}
        assert (told[before].status, told[after].status) == ("cancelled", "booked")
        assert told[after].previous_id == before
