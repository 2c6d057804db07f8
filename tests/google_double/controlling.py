"""`POST /_control/<name>`: the controls for a double that is a process of its own."""

from dataclasses import asdict, is_dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec
from flask import Response, request

from tests.google_double.refusals import Json, Refused
from tests.google_double.state import encode

if TYPE_CHECKING:
    from tests.google_double.double import GoogleDouble

NAMES = frozenset(
    "reset account calendar share unshare label seed event events fail release expire_sync_tokens revoke "
    "reinstate push push_before_answer push_backoff deliver settle expire_channels mark requests_since "
    "counts counts_by_account units".split()
)


def control(double: "GoogleDouble", name: str) -> Response:
    """The body holds the arguments by name; the answer is {"result": ...}, or 400 with {"error": ...}."""
    try:
        given = msgspec.json.decode(request.get_data() or b"{}", type=dict[str, Any])
        return _said({"result": _plain(_done(double, name, given))})
    except (TypeError, KeyError, ValueError, AttributeError, Refused) as fault:
        return _said({"error": f"{name}: {fault!r}"}, 400)


def _done(double: "GoogleDouble", name: str, given: Json) -> object:
    if name in NAMES:
        return getattr(double, name)(*given.pop("args", ()), **given)
    if name == "person":  # {"who": "anna", "do": "book", ...}
        return getattr(double.person(given.pop("who")), given.pop("do"))(**given)
    if name == "quirks":
        for each, value in given.items():
            getattr(double.quirks, each)
            setattr(double.quirks, each, value)
        return asdict(double.quirks)
    if name == "clock":  # {"now": "..."} or {"advance": seconds}
        if "now" in given:
            double.clock.now = datetime.fromisoformat(given["now"])
        elif "advance" in given:
            double.clock.advance(timedelta(seconds=given["advance"]))
        return double.clock.now.isoformat()
    if name in ("service_account_file", "client_file", "refresh_token"):
        return getattr(double.signing_in, name)(**given)
    if name == "signing_in":  # {"refuse": "invalid_grant"}, {"life": seconds}, ...
        for each, value in given.items():
            getattr(double.signing_in, each)
            setattr(double.signing_in, each, timedelta(seconds=value) if each == "life" else value)
        return None
    if name in ("faults_of_its_own", "channels", "deliveries"):
        return getattr(double, name)
    raise KeyError("no such control")


def _plain(value: object) -> object:
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else value


def _said(answer: Json, status: int = 200) -> Response:
    return Response(encode(answer), status, content_type="application/json")
