"""A desk to test: the real app on a real database, the clinic's own rules, a clock that tests set."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from shutil import copy
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from integrations.standard_webhooks import StandardWebhooksSource
from scheduler_app.domain.titles import Reader
from scheduler_app.flow.check import Checker
from scheduler_app.flow.flow import Flow
from scheduler_app.flow.publish import Press, publish
from scheduler_app.store import EmbeddedCalendar, GroupCommitInbox, SqlKeyShelf, SqlStore, open_store
from scheduler_app.web import Deps, create_app
from tests.house import house
from tests.web.settling import settling

TODAY = datetime(2026, 3, 1, 9, tzinfo=UTC)
SECRET = "whsec_" + base64.b64encode(b"a secret for tests, 32 bytes long").decode()
SAME_ORIGIN = {"Origin": "http://localhost"}


@dataclass
class Clock:
    """Shows what it was set to."""

    now: datetime = TODAY

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Stand:
    """The app with everything it stands on."""

    store: SqlStore
    inbox: GroupCommitInbox
    calendar: EmbeddedCalendar
    deps: Deps
    clock: Clock
    nudged: list[str] = field(default_factory=list)

    def client(self, deps: Deps | None = None, peer: str = "127.0.0.1") -> FlaskClient:
        """Somebody who asks, from this machine unless another peer is named."""
        asking = create_app(deps or self.deps).test_client()
        asking.environ_base["REMOTE_ADDR"] = peer
        return asking

    def webhook(
        self,
        body: bytes,
        key: str = "msg_1",
        *,
        client: FlaskClient | None = None,
        path: str = "/hooks/website",
        content_type: str = "application/json",
        signed: bytes | None = None,
    ) -> TestResponse:
        """Send a body; signed is what the signature covers, where that is something else."""
        headers = signature(body if signed is None else signed, key, self.clock.now)
        return (client or self.client()).post(path, data=body, headers=headers, content_type=content_type)

    def booking(self, **changes: object) -> bytes:
        """A documented webhook, as JSON."""
        return json.dumps(_BOOKING | changes).encode()


def signature(body: bytes, key: str, at: datetime) -> dict[str, str]:
    """The three headers of Standard Webhooks."""
    stamp = str(int(at.timestamp()))
    secret = base64.b64decode(SECRET.removeprefix("whsec_"))
    signed = hmac.digest(secret, f"{key}.{stamp}.".encode() + body, hashlib.sha256)
    return {
        "webhook-id": key,
        "webhook-timestamp": stamp,
        "webhook-signature": "v1," + base64.b64encode(signed).decode(),
    }


@lru_cache(maxsize=1)
def reader() -> Reader:
    """Reads titles; compiled once for all tests."""
    return Reader(house().catalogue)


def deps_over(
    store: SqlStore, inbox: GroupCommitInbox, keys: SqlKeyShelf, calendar: EmbeddedCalendar, clock: Clock
) -> Deps:
    """What the app stands on, composed as bootstrap does it."""
    loaded = house()
    clinic = loaded.clinic
    press = Press(
        clinic, loaded.catalogue, loaded.rulebook, loaded.care, [b"k" * 32], publish_unapproved=True
    )
    flow = Flow(
        store=store,
        clock=clock,
        clinic=clinic,
        catalogue=loaded.catalogue,
        rulebook=loaded.rulebook,
        reader=reader(),
        gateways={"desk": calendar},
        sources={"website": StandardWebhooksSource("website", [SECRET], clinic)},
        publish=lambda client: publish(store, press, client, clock()),
    )
    return Deps(
        flow=flow,
        inbox=inbox,
        keys=keys,
        calendar=calendar,
        checker=Checker(loaded.rulebook, loaded.catalogue, clinic.location.zone, clock),
        settle=settling(flow),
        press=press,
    )


@contextmanager
def standing(folder: Path, template: Path | None = None) -> Iterator[Stand]:
    """A stand over a database in the folder; template: an empty one made before, which saves a second."""
    clock = Clock()
    if template is not None:
        copy(template, folder / "clinic.db")
    store = open_store(f"sqlite:///{folder / 'clinic.db'}", clock)
    calendar = EmbeddedCalendar(store)
    if template is None:
        store.migrate()
        calendar.keep("desk")
    inbox = GroupCommitInbox(store)
    keys = SqlKeyShelf(store)
    deps = deps_over(store, inbox, keys, calendar, clock)
    stand = Stand(store, inbox, calendar, deps, clock)
    stand.deps = replace(deps, nudge=lambda: stand.nudged.append("nudged"))
    try:
        yield stand
    finally:
        inbox.close()
        keys.close()
        store.close()


def problem_of(answer: TestResponse) -> Mapping[str, Any]:
    """The problem detail; what it promises about itself is checked on the way."""
    assert answer.content_type == "application/problem+json"
    told: dict[str, Any] = json.loads(answer.data)
    assert told["status"] == answer.status_code
    assert told["type"] == "about:blank"
    assert told["title"]
    assert told["detail"]
    return told


_BOOKING: dict[str, object] = {
    "type": "appointment.created",
    "timestamp": "2026-03-01T08:59:00Z",
    "data": {
        "id": "booking-17",
        "status": "booked",
        "start": "2026-03-14T10:00:00Z",
        "end": "2026-03-14T10:45:00Z",
        "treatments": ["Microneedling"],
        "client": {"id": "p1", "name": "Anna Berg", "email": "anna@example.com"},
    },
}
