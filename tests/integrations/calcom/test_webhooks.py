"""Signatures over the raw bytes, and which bookings a webhook is about."""

import hashlib
import hmac
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.calcom import CalcomPlatform
from integrations.calcom.translate import ids_in, verify
from scheduler_app.domain.deliveries import Delivery
from scheduler_app.errors import Denied, Invalid
from tests.contracts.booking_platform import LATER, NOW, WHEN, clinic_platform
from tests.house import house
from tests.integrations.calcom.fake_bookings import KEY, SECRET, FakeBookings

SAMPLES = Path(__file__).parent / "samples"
VECTOR = json.loads((SAMPLES / "signature.computed.json").read_text())
BODY = VECTOR["body"].encode()
SIGNATURE = VECTOR["headers"]["X-Cal-Signature-256"]
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def made(*secrets: str) -> CalcomPlatform:
    return CalcomPlatform(clinic_platform("calcom", {}), house().clinic, secrets, KEY)


def signed(body: bytes, secret: str = SECRET) -> dict[str, str]:
    return {"x-cal-signature-256": hmac.digest(secret.encode(), body, hashlib.sha256).hex()}


def sample(name: str) -> dict[str, object]:
    found = json.loads((SAMPLES / name).read_text())
    assert isinstance(found, dict)
    return found


class TestSignature:
    def test_the_worked_example_is_accepted(self) -> None:
        verify([VECTOR["secret"]], VECTOR["headers"], BODY)

    def test_any_of_several_secrets_may_have_signed(self) -> None:
        verify(["the next one", VECTOR["secret"]], VECTOR["headers"], BODY)
        verify([VECTOR["secret"], "the last one"], VECTOR["headers"], BODY)

    def test_a_body_and_a_secret_beyond_ascii_are_signed_as_utf_8(self) -> None:
        body = '{"triggerEvent": "Ünïcode ✓"}'.encode()
        verify(["geheim für uns"], signed(body, "geheim für uns"), body)

    @pytest.mark.parametrize(
        "given",
        [
            "",
            "no-secret-provided",
            SIGNATURE.upper(),
            SIGNATURE[:-1],
            SIGNATURE + "0",
            "sha256=" + SIGNATURE,
            SIGNATURE[:-1] + ("0" if SIGNATURE[-1] != "0" else "1"),
            "whhyet7w8zUN/A==",
            "ü" * 64,
            " " * 64,
        ],
    )
    def test_any_other_signature_is_denied(self, given: str) -> None:
        with pytest.raises(Denied):
            verify([VECTOR["secret"]], {"X-Cal-Signature-256": given}, BODY)

    @pytest.mark.parametrize("secrets", [[], [""], ["test-Secret"], ["no-secret-provided"]])
    def test_without_the_right_secret_it_is_denied(self, secrets: list[str]) -> None:
        with pytest.raises(Denied):
            verify(secrets, VECTOR["headers"], BODY)

    def test_a_platform_without_secrets_takes_no_webhook(self) -> None:
        with pytest.raises(Denied):
            made().receive(signed(BODY, ""), BODY, NOW)

    @pytest.mark.parametrize("secret", ["", "  ", "no-secret-provided", "two\nlines", "\udc80"])
    def test_what_can_be_no_secret_is_refused_with_the_setting_named(self, secret: str) -> None:
        with pytest.raises(Invalid, match="SCHEDULER_HOOK_SECRETS_ONLINE"):
            made("good enough", secret)


class TestKey:
    @pytest.mark.parametrize("key", ["", "short", "cal_live with a blank", "cal_live_\u00fcber123"])
    def test_what_can_be_no_key_is_refused_with_the_setting_named(self, key: str) -> None:
        with pytest.raises(Invalid, match="SCHEDULER_PLATFORM_ONLINE"):
            CalcomPlatform(clinic_platform("calcom", {}), house().clinic, [], key)

    def test_an_account_that_is_no_team_is_refused(self) -> None:
        with pytest.raises(Invalid, match="account"):
            CalcomPlatform(clinic_platform("calcom", {}, account="clinic"), house().clinic, [], KEY)


class TestConcerned:
    @pytest.mark.parametrize(
        ("name", "ids"),
        [
            ("BOOKING_CREATED.json", ("bFJeNb2uX8ANpT3JL5EfXw",)),
            ("BOOKING_REQUESTED.derived.json", ("bFJeNb2uX8ANpT3JL5EfXw",)),
            ("BOOKING_CANCELLED.derived.json", ("bFJeNb2uX8ANpT3JL5EfXw",)),
            ("BOOKING_RESCHEDULED.derived.json", ("booking-uid-124", "booking-uid-123")),
        ],
    )
    def test_the_samples_name_their_bookings(self, name: str, ids: tuple[str, ...]) -> None:
        assert ids_in(sample(name)) == ids

    def test_a_rejection_and_a_no_show_name_theirs(self) -> None:
        outside = FakeBookings()
        uid = outside.book(WHEN, pending=True)
        outside.end(uid, "rejected", "")
        assert outside.events[uid]["triggerEvent"] == "BOOKING_REJECTED"
        assert ids_in(outside.events[uid]) == (uid,)
        outside.miss(uid)
        assert ids_in(outside.events[uid]) == (uid,)

    def test_a_request_that_is_a_reschedule_names_the_new_one(self) -> None:
        outside = FakeBookings()
        moved = outside.move(outside.book(WHEN), LATER, pending=True)
        assert "rescheduleUid" not in outside.events[moved]["payload"]
        assert ids_in(outside.events[moved]) == (moved,)

    @pytest.mark.parametrize(
        "event", ["PING", "MEETING_ENDED", "FORM_SUBMITTED", "BOOKING_OF_THE_FUTURE", "OOO_CREATED"]
    )
    def test_other_events_name_none(self, event: str) -> None:
        assert ids_in({"triggerEvent": event, "payload": {"title": "Test"}}) == ()
        assert ids_in({"triggerEvent": event}) == ()

    def test_an_event_nobody_knew_about_a_booking_names_it(self) -> None:
        assert ids_in({"triggerEvent": "BOOKING_OF_THE_FUTURE", "payload": {"uid": "u1"}}) == ("u1",)

    @pytest.mark.parametrize(
        "payload", [None, [], "x", {}, {"uid": ""}, {"uid": "../../me"}, {"uid": "a b"}, {"uid": {}}]
    )
    def test_an_event_about_a_booking_without_a_sound_uid_is_invalid(self, payload: object) -> None:
        with pytest.raises(Invalid):
            ids_in({"triggerEvent": "BOOKING_CREATED", "payload": payload})


class TestHostile:
    @given(st.binary(max_size=200))
    def test_bytes_of_any_kind_are_denied_or_invalid(self, body: bytes) -> None:
        with pytest.raises((Denied, Invalid)):
            made(SECRET).receive(signed(body), body, NOW)

    @given(ANY_JSON, ANY_JSON, ANY_JSON)
    def test_json_of_any_kind_names_bookings_or_is_invalid(
        self, event: object, uid: object, old: object
    ) -> None:
        for trigger in (event, "BOOKING_CREATED"):
            body = json.dumps(
                {"triggerEvent": trigger, "payload": {"uid": uid, "rescheduleUid": old}}
            ).encode()
            try:
                found = made(SECRET).concerned(made(SECRET).receive(signed(body), body, NOW))
            except Invalid:
                continue
            assert all(isinstance(one, str) and one for one in found)

    @pytest.mark.parametrize(
        "body",
        [
            b'{"triggerEvent": "BOOKING_CREATED", "triggerEvent": "PING"}',
            b'{"triggerEvent": 1e999}',
            b'{"triggerEvent": ' + b"9" * 400 + b"}",
            b'{"payload": ' * 3000,
            b'{"triggerEvent": "\xff"}',
        ],
    )
    def test_what_no_careful_reader_guesses_about_is_invalid(self, body: bytes) -> None:
        with pytest.raises(Invalid):
            made(SECRET).receive(signed(body), body, NOW)

    def test_a_kept_body_that_is_no_json_is_invalid(self) -> None:
        with pytest.raises(Invalid):
            made(SECRET).concerned(Delivery("online", "k", NOW, b"{"))
