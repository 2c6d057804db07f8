"""Cal.com's API v2 over HTTP: paths, headers, pages (cal.com/docs/api-reference/v2).

Every request names the version of the endpoint it means: without one the server answers as an older
endpoint would. Bookings speak 2024-08-13, event types 2024-06-14; `me`, `teams` and `webhooks` take any.
"""

import hmac
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock
from typing import Any
from urllib.parse import quote

from integrations.api_client import ApiClient
from integrations.calcom.translate import EVENTS
from integrations.documents import Fields
from integrations.services import matched
from scheduler_app.domain.platforms import ClinicPlatform, Step
from scheduler_app.errors import Disconnected, Invalid, NotFound, SchedulerError

ENDPOINT = "https://api.cal.com/v2"
BOOKINGS, EVENT_TYPES = "2024-08-13", "2024-06-14"
TAKE = 100  # bookings a page: what the smallest published limit allows

Query = Mapping[str, str | int | None]


class CalcomClient:
    """One account's API. endpoint: "" for Cal.com's own, else another region's or a clinic's own server.

    All calls raise what integrations.api_client.ApiClient raises, and Invalid (`platform-refused`) for an
    answer of another shape than this version's.
    """

    def __init__(self, endpoint: str, key: str, who: str) -> None:
        self._who = who
        self._api = ApiClient(
            endpoint or ENDPOINT,
            lambda: {"Authorization": f"Bearer {key}", "cal-api-version": BOOKINGS},
            who,
        )

    def me(self) -> dict[str, Any]:
        """The account the key belongs to."""
        return self._object(self._get("/me"))

    def booking(self, uid: str) -> list[Any]:
        """The booking, as a list of one; all of a series for the uid of a series."""
        found = self._get(f"/bookings/{quote(uid, safe='')}")
        return found if isinstance(found, list) else [self._object(found)]

    def bookings(self, query: Query) -> tuple[list[Any], bool]:
        """One page of bookings, and whether another may follow."""
        body = self._api.get("/bookings", query).body
        found = self._list(self._said(body))
        page = body.get("pagination")
        told = page.get("hasNextPage") if isinstance(page, dict) else None
        # the total it is reckoned from leaves the dates of change out: only "no" can be relied on
        return found, bool(found) and (told if isinstance(told, bool) else len(found) >= TAKE)

    def confirm(self, uid: str) -> None:
        """Let a pending booking stand; all that are pending of its series with it."""
        self._act(uid, "confirm", None)

    def decline(self, uid: str, reason: str) -> None:
        """Turn a pending booking down; all that are pending of its series with it."""
        self._act(uid, "decline", {"reason": reason})

    def cancel(self, uid: str, reason: str) -> None:
        """Call one booking off, never those after it in its series."""
        self._act(uid, "cancel", {"cancellationReason": reason})

    def event_types(self, team: str) -> list[Any]:
        """What can be booked: the account's own event types, then those of the team ("" for none)."""
        version = {"cal-api-version": EVENT_TYPES}
        found = self._list(self._said(self._api.get("/event-types", headers=version).body))
        if team:
            path = f"/teams/{quote(team, safe='')}/event-types"
            found += self._list(self._said(self._api.get(path, headers=version).body))
        return found

    def webhooks(self) -> list[Any]:
        """The account's own webhooks; those of single event types and of teams are not among them."""
        return self._list(self._get("/webhooks"))

    def _get(self, path: str) -> Any:
        return self._said(self._api.get(path).body)

    def _act(self, uid: str, verb: str, body: object) -> None:
        try:
            self._api.ask("POST", f"/bookings/{quote(uid, safe='')}/{verb}", body=body)
        except Disconnected:
            # 401 is also said to a key that is good, for a booking that is not its owner's
            self.me()
            fault = f"{self._who} does not let this key {verb} this booking: use a key of its host or team"
            raise Invalid("platform-refused", fault) from None

    def _said(self, body: Any) -> Any:
        if not isinstance(body, dict) or body.get("status") != "success" or "data" not in body:
            raise self._odd()
        return body["data"]

    def _list(self, found: Any) -> list[Any]:
        if not isinstance(found, list):
            raise self._odd()
        return found

    def _object(self, found: Any) -> dict[str, Any]:
        if not isinstance(found, dict):
            raise self._odd()
        return found

    def _odd(self) -> Invalid:
        fault = f"{self._who} answered in another shape than version {BOOKINGS} of its API: check `endpoint`"
        return Invalid("platform-refused", fault)


@dataclass(frozen=True, slots=True)
class EventType:
    """Something that can be booked. name: its slug, the one name that bookings carry too; waits: every
    booking does; held: and keeps its time meanwhile; shared: several clients may book one time."""

    id: str
    name: str
    waits: bool
    held: bool
    shared: bool


def offered_in(found: Iterable[object]) -> list[EventType]:
    """Event types as Cal.com lists them, each once; what cannot be read is left out."""
    kinds: dict[str, EventType] = {}
    for one in found:
        try:
            kind = _event_type(Fields(one, ""))
        except Invalid:
            continue
        if kind.id and kind.name:
            kinds[kind.id] = kind
    return list(kinds.values())


def _event_type(told: Fields) -> EventType:
    policy, seats = told.maybe("confirmationPolicy"), told.maybe("seats")
    held = policy is not None and policy.flag("blockUnconfirmedBookingsInBooker")
    always = policy is not None and policy.text("type") == "always"
    return EventType(
        id=told.name_of("id") or "",
        name=told.text("slug") or told.text("title") or "",
        waits=always,
        held=held and always,
        shared=seats is not None and bool(seats.number("seatsPerTimeSlot")),
    )


class WaitingKinds:
    """Numbers of the event types whose every booking waits. ask: for event types as Cal.com lists them."""

    def __init__(self, ask: Callable[[], Iterable[object]]) -> None:
        self._ask = ask
        self._lock = Lock()
        self._known: frozenset[str] | None = None

    def forget(self) -> None:
        """Ask anew next time."""
        with self._lock:
            self._known = None

    def now(self) -> frozenset[str]:
        """Asked for once; none where the key may not see them."""
        with self._lock:
            if self._known is None:
                kinds: list[EventType] = []
                with suppress(NotFound, Invalid):
                    kinds = offered_in(self._ask())
                self._known = frozenset(kind.id for kind in kinds if kind.waits)
            return self._known


def trials(
    client: CalcomClient, platform: ClinicPlatform, secrets: Sequence[str], address: str
) -> Iterator[Step]:
    """Whether the account is set up for us, one step after the other. Nothing is changed."""
    try:
        account = client.me()
    except SchedulerError as fault:
        yield Step("key", False, f"{fault}. Keys are made under Settings, Developer, API keys")
        return
    yield Step("key", True, f"the key opens the account {account.get('username') or 'of its owner'}")
    yield _tried("bookings", lambda: _readable(client))
    yield _tried("event-types", lambda: _held(client, platform))
    yield _tried("webhook", lambda: _registered(client.webhooks(), secrets, address))


def _tried(name: str, ask: Callable[[], tuple[bool | None, str]]) -> Step:
    try:
        return Step(name, *ask())
    except SchedulerError as fault:
        return Step(name, False, str(fault))


def _readable(client: CalcomClient) -> tuple[bool, str]:
    client.bookings({"take": 1})
    return True, "bookings can be read"


def _held(client: CalcomClient, platform: ClinicPlatform) -> tuple[bool, str]:
    kinds = offered_in(client.event_types(platform.account))
    ours = [kind for kind in kinds if matched(kind.id, kind.name, platform.services)]
    if not ours:
        return False, f"none of the {len(kinds)} event types is among `services` of {platform.name}"
    shared = [kind.id for kind in ours if kind.shared]
    if shared:
        cure = "switch Offer seats off, or such bookings are always for a person"
        return False, f"several clients may book one time of event types {', '.join(shared)}: {cure}"
    loose = [kind.id for kind in ours if not kind.held]
    if loose and platform.terms.hold:
        cure = "under Advanced switch on Requires confirmation, always, with the slot kept free meanwhile"
        return False, f"bookings do not wait for us in event types {', '.join(loose)}: {cure}"
    return True, f"{len(ours)} event types are mapped to treatments"


def _registered(found: Sequence[Any], secrets: Sequence[str], address: str) -> tuple[bool | None, str]:
    if not address:
        return None, "there is no public https address for webhooks: only the poll tells of bookings"
    where = "Settings, Developer, Webhooks"
    hooks = [hook for hook in found if isinstance(hook, dict) and hook.get("subscriberUrl") == address]
    hook = next((one for one in hooks if one.get("active") is True), None)
    if hook is None:
        cure = f"add one under {where} (or look whether a team or an event type has it)"
        return False, f"the account has no active webhook to {address}: {cure}"
    triggers = hook.get("triggers")
    missing = [event for event in EVENTS if not isinstance(triggers, list) or event not in triggers]
    if missing:
        return False, f"the webhook does not tell of {', '.join(missing)}: tick them under {where}"
    if hook.get("payloadTemplate"):
        return False, f"the webhook has a custom payload: switch Custom payload template off under {where}"
    return _signed_by(hook.get("secret"), secrets, where)


def _signed_by(given: object, secrets: Sequence[str], where: str) -> tuple[bool | None, str]:
    if not secrets:
        return False, "no webhook secret is set here: every webhook is refused, only the poll tells"
    if not isinstance(given, str) or not given:
        return None, f"the webhook is registered; Cal.com does not show its secret (see {where})"
    if not any(hmac.compare_digest(given.encode(), secret.encode()) for secret in secrets):
        return False, f"the webhook has another secret than we: write the same one under {where}"
    return True, "the webhook is registered, with the events and the secret we need"
