"""Notices from programs that keep calendars: "look at this one". Nothing is done here but to say so.

Google's push notifications (Calendar API guide, "Push notifications"): a POST with an empty body, all that
is said stands in headers, and the echoed token is the only proof of who speaks. A notice we do not know is
answered like any other: anything but success is sent again, and tells a stranger what we know. 503 only
while the database is away, because Google tries again on that.
"""

import hmac
import logging
import re
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256

from flask import Blueprint, Response, request

from scheduler_app.domain.connections import Channel
from scheduler_app.errors import Conflict, Unavailable
from scheduler_app.flow.flow import SYNC
from scheduler_app.web.deps import Deps
from scheduler_app.web.hooks import wake
from scheduler_app.web.problems import unavailable

log = logging.getLogger(__name__)

OURS = re.compile(r"[0-9a-f]{32}", re.ASCII)
LONGEST_RESOURCE = 256
NOTED_EVERY = timedelta(minutes=1)  # that we heard something through a channel
NOBODYS = bytes(32)


def pushes(deps: Deps) -> Blueprint:
    """POST /hooks/google."""
    blueprint = Blueprint("pushes", __name__)

    @blueprint.post("/hooks/google")
    def notice() -> Response:
        try:
            outcome = _take(deps)
        except (Unavailable, Conflict) as fault:
            deps.counters.add("scheduler_notices_total", outcome="unavailable")
            return unavailable(fault if isinstance(fault, Unavailable) else Unavailable(str(fault)))
        deps.counters.add("scheduler_notices_total", outcome=outcome)
        if outcome == "heard":
            wake(deps)
        return Response(status=204)

    return blueprint


def _take(deps: Deps) -> str:
    """What became of it: `heard`, or `dropped`."""
    id = request.headers.get("X-Goog-Channel-ID", "")
    token = request.headers.get("X-Goog-Channel-Token", "")
    now = deps.clock()
    channel = None
    if OURS.fullmatch(id):
        with deps.store.reading() as held:  # a stranger never gets as far as the lock of those who write
            channel = held.channels.get(id)
    shown = sha256(token.encode("utf-8", "surrogateescape")).digest()
    known = hmac.compare_digest(shown, channel.token_sha256 if channel else NOBODYS)
    if channel is None or not known or not _open(channel, now) or channel.calendar not in deps.flow.gateways:
        return "dropped"
    with deps.store.transaction() as held:
        held.work.touch(SYNC, channel.calendar)
        if channel.heard_at is None or now - channel.heard_at >= NOTED_EVERY:
            # read again: the answer to our asking may have been written down meanwhile
            fresh = held.channels.get(id) or channel
            resource = fresh.resource or request.headers.get("X-Goog-Resource-ID", "")[:LONGEST_RESOURCE]
            held.channels.put(replace(fresh, heard_at=now, resource=resource))
    return "heard"


def _open(channel: Channel, now: datetime) -> bool:
    """Whether it may speak. One whose answer is not there yet may: its first notice can come before it."""
    return channel.stopped_at is None and (channel.expires_at is None or now < channel.expires_at)
