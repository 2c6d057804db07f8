"""Push channels: who is told of which calendar, until when.

Source: developers.google.com/workspace/calendar/api/guides/push.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from hashlib import sha256
from urllib.parse import quote, urlsplit

from tests.google_double.calls import Answer, Call
from tests.google_double.refusals import Json, Refused, invalid, unknown
from tests.google_double.state import Row, Shelf, State


@dataclass(slots=True)
class Channel:
    """One, open until it expires or is stopped."""

    id: str
    token: str | None
    address: str
    account: str
    calendar: str
    resource: str
    uri: str
    until: datetime
    kinds: frozenset[str]
    messages: int = 0


@dataclass(frozen=True, slots=True)
class Notice:
    """One message on its way."""

    channel: str
    calendar: str
    address: str
    number: int
    state: str
    headers: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Channels:
    """All open channels; `send` takes what is to be delivered."""

    state: State
    send: Callable[[Notice], None]
    send_now: Callable[[Notice], None]
    expect: Callable[[], None]
    open: dict[str, Channel] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    before_answer: bool = False  # the first message arrives before the answer to watch

    def changed(self, shelf: Shelf, row: Row) -> None:
        """Tell whoever watches this calendar."""
        for channel in list(self.open.values()):
            if channel.calendar != shelf.id or (channel.kinds and row.kind not in channel.kinds):
                continue
            if channel.until <= self.state.clock.now or channel.account not in shelf.acl:
                continue
            self.send(self._notice(channel, "exists"))

    def watch(self, call: Call) -> Answer:
        """events.watch. Raises Refused(400) for an address or an id that cannot be."""
        shelf, _ = call.shelf("reader")
        channel = self._asked(call, shelf)
        self.open[channel.id] = channel
        self.used.add(channel.id)
        first = self._notice(channel, "sync")
        if self.before_answer:
            self.send_now(first)
        else:
            self.expect()
            call.afterwards.append(lambda: self.send(first))
        said: Json = {
            "kind": "api#channel",
            "id": channel.id,
            "resourceId": channel.resource,
            "resourceUri": channel.uri,
            "expiration": str(int(channel.until.timestamp() * 1000)),
        }
        return Answer(said | ({"token": channel.token} if channel.token else {}))

    def stop(self, call: Call) -> Answer:
        """channels.stop. Raises Refused: 400 without both ids, 404 for a channel that is not (any more)."""
        for name in ("id", "resourceId"):
            if not call.body.get(name):
                raise Refused(400, "required", f"Required: {name}", name)
        channel = self.open.get(call.body["id"])
        if channel is None or channel.resource != call.body["resourceId"]:
            raise unknown()
        if channel.until <= call.state.clock.now:
            raise unknown()
        if channel.account != call.account.email:
            raise Refused(403, "forbidden", "The channel was made by another user.")
        del self.open[channel.id]
        return Answer(None, 204)

    def expire(self, calendar: str = "*") -> None:
        """They are over, though nobody was told."""
        for channel in self.open.values():
            if calendar in ("*", channel.calendar):
                channel.until = self.state.clock.now

    def forget(self) -> None:
        """As if none had ever been."""
        self.open.clear()
        self.used.clear()
        self.before_answer = False

    def _asked(self, call: Call, shelf: Shelf) -> Channel:
        body, now = call.body, call.state.clock.now
        for name, most in (("id", 64), ("type", 20), ("address", 2048), ("token", 256)):
            if name != "token" and not body.get(name):
                raise Refused(400, "required", f"Required: {name}", name)
            if len(body.get(name) or "") > most:
                raise invalid(f"{name}: longer than {most}", name)
        if body["type"] not in ("web_hook", "webhook"):
            raise Refused(400, "channelUnknown", "Unknown channel type", "type")
        if call.quirks.https_only and urlsplit(body["address"]).scheme != "https":
            raise Refused(400, "push.webhookUrlNotHttps", "WebHook callback must be HTTPS", "address")
        if body["id"] in self.used:
            raise Refused(400, "channelIdNotUnique", location="id")
        life = timedelta(seconds=call.quirks.channel_life)
        until = now + min(
            life, timedelta(seconds=int((body.get("params") or {}).get("ttl", life.total_seconds())))
        )
        if body.get("expiration"):
            asked = datetime.fromtimestamp(int(body["expiration"]) / 1000, UTC)
            if asked <= now:
                raise invalid("expiration: in the past", "expiration")
            until = min(now + life, asked)
        resource = sha256(shelf.id.encode()).hexdigest()[:27]
        uri = f"https://www.googleapis.com/calendar/v3/calendars/{quote(shelf.id, safe='@')}/events?alt=json"
        kinds = frozenset(call.given.get("eventTypes", ()))
        return Channel(
            body["id"], body.get("token"), body["address"], call.account.email, shelf.id, resource, uri,
            until, kinds,
        )  # fmt: skip

    def _notice(self, channel: Channel, state: str) -> Notice:
        channel.messages += 1 if channel.messages == 0 else 1 + channel.messages % 3  # they grow, with gaps
        headers = [
            ("X-Goog-Channel-ID", channel.id),
            ("X-Goog-Channel-Expiration", format_datetime(channel.until.replace(microsecond=0), usegmt=True)),
            ("X-Goog-Resource-State", state),
            ("X-Goog-Message-Number", str(channel.messages)),
            ("X-Goog-Resource-ID", channel.resource),
            ("X-Goog-Resource-URI", channel.uri),
        ]
        if channel.token:
            headers.append(("X-Goog-Channel-Token", channel.token))
        return Notice(channel.id, channel.calendar, channel.address, channel.messages, state, tuple(headers))
