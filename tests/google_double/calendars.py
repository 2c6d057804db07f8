"""Everything that is not an event: calendars, their list, roles, colours, free and busy times."""

from datetime import datetime

from tests.google_double.accounts import ROLES, demand
from tests.google_double.calls import Answer, Call
from tests.google_double.expanding import instances
from tests.google_double.refusals import Json, Refused, invalid
from tests.google_double.state import Shelf, etag
from tests.google_double.times import instant, moment, when, zone_named

_COLORS = "#a4bdfc #7ae7bf #dbadff #ff887c #fbd75b #ffb878 #46d6db #e1e1e1 #5484ed #51b749 #dc2127".split()


def get_calendar(call: Call) -> Answer:
    """calendars.get"""
    shelf, _ = call.shelf("freeBusyReader")
    return Answer(_calendar(shelf))


def insert_calendar(call: Call) -> Answer:
    """calendars.insert: the account owns it."""
    if not call.body.get("summary"):
        raise Refused(400, "required", "Missing summary.", "summary")
    zone = call.body.get("timeZone", "UTC")
    zone_named(zone)
    name = f"c{call.state.next_number()}@group.calendar.google.com"
    shelf = Shelf(name, call.body["summary"], zone, {call.account.email: "owner"})
    shelf.listed_by.add(call.account.email)
    call.state.shelves[name] = shelf
    return Answer(_calendar(shelf))


def delete_calendar(call: Call) -> Answer:
    """calendars.delete: owners only."""
    shelf, _ = call.shelf("owner")
    del call.state.shelves[shelf.id]
    return Answer(None, 204)


def list_calendars(call: Call) -> Answer:
    """calendarList.list; a service account's is empty until somebody inserts into it."""
    account, least = call.account, call.given.get("minAccessRole", "freeBusyReader")
    shown = []
    for shelf in call.state.shelves.values():
        role = shelf.acl.get(account.email, "none")
        listed = account.email in shelf.listed_by or not account.service
        if listed and ROLES.index(role) >= ROLES.index(least):
            shown.append(_entry(shelf, role, shelf.id == account.email))
    return Answer({"kind": "calendar#calendarList", "etag": etag(0), "items": shown, "nextSyncToken": "none"})


def get_entry(call: Call) -> Answer:
    """calendarList.get"""
    shelf, role = call.shelf("freeBusyReader")
    return Answer(_entry(shelf, role, shelf.id == call.account.email))


def insert_entry(call: Call) -> Answer:
    """calendarList.insert: a calendar shared with the account appears in its list."""
    shelf, role = call.state.shelf(call.body.get("id", ""), call.account)
    shelf.listed_by.add(call.account.email)
    return Answer(_entry(shelf, role, shelf.id == call.account.email))


def list_acl(call: Call) -> Answer:
    """acl.list: owners only."""
    shelf, role = call.shelf("freeBusyReader")
    demand(role, "owner")
    rules = [
        {
            "kind": "calendar#aclRule",
            "etag": etag(shelf.number),
            "id": f"user:{email}",
            "scope": {"type": "user", "value": email},
            "role": given,
        }
        for email, given in shelf.acl.items()
    ]
    return Answer(
        {"kind": "calendar#acl", "etag": etag(shelf.number), "items": rules, "nextSyncToken": "none"}
    )


def get_colors(call: Call) -> Answer:
    """colors.get: the ids 1 to 11."""
    shades = {str(at): {"background": shade, "foreground": "#1d1d1d"} for at, shade in enumerate(_COLORS, 1)}
    return Answer({
        "kind": "calendar#colors",
        "updated": instant(call.state.clock.now),
        "calendar": shades,
        "event": shades,
    })  # fmt: skip


def query_busy(call: Call) -> Answer:
    """freeBusy: opaque, not cancelled, by start; overlapping times are one."""
    for name in ("timeMin", "timeMax"):
        if not call.body.get(name):
            raise Refused(400, "required", f"Missing {name} parameter.", name)
    since = moment(call.body["timeMin"], "timeMin").timestamp()
    until = moment(call.body["timeMax"], "timeMax").timestamp()
    if until <= since:
        raise Refused(400, "timeRangeEmpty", location="timeMax")
    zone = call.body.get("timeZone", "UTC")
    zone_named(zone)
    told: Json = {}
    for item in call.body.get("items", ()):
        try:
            shelf, _ = call.state.shelf(item["id"], call.account)
        except Refused:
            told[item["id"]] = {"errors": [{"domain": "global", "reason": "notFound"}], "busy": []}
            continue
        told[item["id"]] = {"busy": [_period(each, zone) for each in _busy(shelf, since, until)]}
    return Answer({
        "kind": "calendar#freeBusy",
        "timeMin": call.body["timeMin"],
        "timeMax": call.body["timeMax"],
        "calendars": told,
    })  # fmt: skip


def _busy(shelf: Shelf, since: float, until: float) -> list[tuple[float, float]]:
    taken = []
    for row in shelf.rows.values():
        if row.cancelled or row.start >= until or row.end <= since:
            continue
        for event in instances(shelf, row, since, until) if row.recurs else (row.event(),):
            if event.get("transparency") != "transparent":
                start, end = (when(event[n], n, shelf.zone).midnight(shelf.zone) for n in ("start", "end"))
                taken.append((max(start, since), min(end, until)))
    joined: list[tuple[float, float]] = []
    for start, end in sorted(taken):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _period(taken: tuple[float, float], zone: str) -> Json:
    there = zone_named(zone)
    start, end = (datetime.fromtimestamp(at, there).isoformat().replace("+00:00", "Z") for at in taken)
    return {"start": start, "end": end}


def _calendar(shelf: Shelf) -> Json:
    said: Json = {
        "kind": "calendar#calendar",
        "etag": etag(shelf.number),
        "id": shelf.id,
        "summary": shelf.summary,
    }
    if shelf.zone is not None:
        said["timeZone"] = shelf.zone
    if shelf.labels:
        said["labelProperties"] = {"eventLabels": shelf.labels}
    return said


def _entry(shelf: Shelf, role: str, primary: bool) -> Json:
    said = _calendar(shelf) | {"kind": "calendar#calendarListEntry", "accessRole": role, "selected": True}
    said.pop("labelProperties", None)
    return said | {"defaultReminders": []} | ({"primary": True} if primary else {})


def patch_calendar(call: Call) -> Answer:
    """calendars.patch, update: owners only. Raises Refused(400)."""
    shelf, _ = call.shelf("owner")
    labels = (call.body.get("labelProperties") or {}).get("eventLabels")
    if labels is not None:
        for at, label in enumerate(labels):
            if not label.get("backgroundColor") or len(label.get("name", "")) > 50:
                raise invalid("Invalid event label.", "labelProperties")
            label.setdefault("id", f"00000000-0000-4000-8000-{call.state.next_number():08d}{at:04d}")
        if len(labels) > 200:
            raise invalid("Too many event labels.", "labelProperties")
        shelf.labels = labels
    if "timeZone" in call.body:
        zone_named(call.body["timeZone"])
        shelf.zone = call.body["timeZone"]
    shelf.summary = call.body.get("summary") or shelf.summary
    shelf.number = call.state.next_number()
    return Answer(_calendar(shelf))
