"""Who may ask, before a sign-in is configured and after."""

from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import pytest
from werkzeug.exceptions import Forbidden, MisdirectedRequest, Unauthorized
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from scheduler_app.ports import ApiKey
from scheduler_app.web.access import (
    LOCAL,
    AccessTerms,
    caller,
    host_name,
    is_loopback,
    require_local,
    require_own_page,
)

LOCAL_ONLY = AccessTerms()
SIGNED_IN = AccessTerms(loopback_only=False, hosts=frozenset({"desk.clinic.example"}))
DESK = ApiKey("k1", "front desk", ("check",), datetime(2026, 1, 5, 9, tzinfo=UTC))


def keys(digest: bytes) -> ApiKey | None:
    return DESK if digest == sha256(b"s3cret").digest() else None


def no_keys(_digest: bytes) -> ApiKey | None:
    return None


def a_request(
    peer: str = "127.0.0.1", host: str = "localhost:8000", method: str = "GET", **headers: str
) -> Request:
    environ: dict[str, Any] = {"REMOTE_ADDR": peer, "HTTP_HOST": host}
    named = [(name.replace("_", "-"), value) for name, value in headers.items()]
    return Request(EnvironBuilder(method=method, headers=named, environ_overrides=environ).get_environ())


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.9.10", "::1", "::ffff:127.0.0.1"])
def test_loopback_addresses_are_this_machine(address: str) -> None:
    assert is_loopback(address)


@pytest.mark.parametrize("address", ["", "192.168.1.4", "::ffff:10.0.0.1", "fe80::1", "localhost", "unix:"])
def test_other_addresses_and_no_address_are_not_this_machine(address: str) -> None:
    assert not is_loopback(address)


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("localhost:8000", "localhost"),
        ("LOCALHOST", "localhost"),
        ("localhost.", "localhost"),
        ("[::1]:8000", "[::1]"),
        ("[::1]", "[::1]"),
        ("127.0.0.1:80", "127.0.0.1"),
        ("", ""),
        ("localhost.evil.example", "localhost.evil.example"),
    ],
)
def test_a_host_header_is_read_without_its_port(host: str, name: str) -> None:
    assert host_name(host) == name


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1", "[::1]:8000"])
def test_this_machine_by_its_own_name_may_ask(host: str) -> None:
    require_local(a_request(host=host), LOCAL_ONLY)


@pytest.mark.parametrize(
    "host", ["rebound.evil.example", "", "localhost.evil.example", "127.0.0.1.nip.example"]
)
def test_a_foreign_host_name_is_refused_even_from_this_machine(host: str) -> None:
    with pytest.raises(MisdirectedRequest):
        require_local(a_request(host=host), LOCAL_ONLY)


def test_a_configured_host_name_is_ours() -> None:
    require_local(
        a_request(host="desk.clinic.example"), AccessTerms(hosts=frozenset({"desk.clinic.example"}))
    )


def test_another_machine_is_refused() -> None:
    with pytest.raises(Forbidden):
        require_local(a_request(peer="10.1.2.3"), LOCAL_ONLY)


@pytest.mark.parametrize("name", ["X_Forwarded_For", "Forwarded", "X_Real_IP", "Via", "X_Forwarded_Host"])
def test_a_forwarding_header_never_opens_and_always_closes(name: str) -> None:
    with pytest.raises(Forbidden):
        require_local(a_request(**{name: "127.0.0.1"}), LOCAL_ONLY)
    with pytest.raises(Forbidden):
        require_local(a_request(peer="10.1.2.3", **{name: "127.0.0.1"}), LOCAL_ONLY)


def test_a_form_from_our_own_page_is_taken() -> None:
    require_own_page(a_request(method="POST", Sec_Fetch_Site="same-origin"))
    require_own_page(a_request(method="POST", Origin="http://localhost:8000"))


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Sec_Fetch_Site": "cross-site", "Origin": "http://localhost:8000"},
        {"Origin": "http://evil.example"},
        {"Origin": "http://localhost:9000"},
        {"Origin": "null"},
        {},
    ],
)
def test_a_form_from_anywhere_else_is_refused(headers: dict[str, str]) -> None:
    with pytest.raises(Forbidden):
        require_own_page(a_request(method="POST", **headers))


def test_reading_a_page_needs_no_proof_of_where_it_was_asked_from() -> None:
    require_own_page(a_request(Sec_Fetch_Site="cross-site"))


def test_before_a_sign_in_this_machine_needs_no_key() -> None:
    assert caller(a_request(), LOCAL_ONLY, no_keys, "record") is LOCAL


def test_before_a_sign_in_not_even_a_key_opens_the_api_to_another_machine() -> None:
    asking = a_request(peer="10.1.2.3", Authorization="Bearer s3cret")
    with pytest.raises(Forbidden):
        caller(asking, LOCAL_ONLY, keys, "check")


def test_a_key_that_is_shown_must_be_right_even_on_this_machine() -> None:
    with pytest.raises(Unauthorized):
        caller(a_request(Authorization="Bearer wrong"), LOCAL_ONLY, keys, "check")


def test_a_page_of_another_site_may_not_use_the_api_through_the_browser() -> None:
    with pytest.raises(Forbidden):
        caller(a_request(method="POST", Sec_Fetch_Site="cross-site"), LOCAL_ONLY, no_keys, "check")
    with pytest.raises(Forbidden):
        caller(a_request(method="POST", Origin="http://evil.example"), LOCAL_ONLY, no_keys, "check")


def test_after_a_sign_in_everybody_needs_a_key() -> None:
    for peer in ("127.0.0.1", "10.1.2.3"):
        with pytest.raises(Unauthorized) as refused:
            caller(a_request(peer=peer), SIGNED_IN, keys, "check")
        assert "Bearer" in refused.value.get_response().headers["WWW-Authenticate"]
        assert (
            caller(a_request(peer=peer, Authorization="Bearer s3cret"), SIGNED_IN, keys, "check").name
            == "front desk"
        )


def test_a_key_opens_only_what_its_scopes_say() -> None:
    with pytest.raises(Forbidden, match="record"):
        caller(a_request(Authorization="Bearer s3cret"), SIGNED_IN, keys, "record")


def test_another_kind_of_authorization_is_no_key() -> None:
    with pytest.raises(Unauthorized):
        caller(a_request(Authorization="Basic s3cret"), SIGNED_IN, keys, "check")
