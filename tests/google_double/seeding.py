"""Many events at once, without HTTP: stored as they would stand there already."""

from collections.abc import Iterable

from tests.google_double.refusals import Json
from tests.google_double.shaping import fitting
from tests.google_double.state import Shelf, State, etag
from tests.google_double.times import instant


def seed(state: State, shelf: Shelf, events: Iterable[Json]) -> int:
    """Put them on the shelf, telling nobody; returns how many. What a body lacks is filled in.

    A body may carry what the API does not let a client write: `organizer`, `creator`, `locked`, `eventType`.
    """
    now = state.clock.now
    moment, stamp, count = instant(now), now.timestamp(), 0
    for body in events:
        number = state.next_number()
        event_id = body.get("id") or f"seed{number:08d}"
        usual: Json = {
            "kind": "calendar#event",
            "id": event_id,
            "status": "confirmed",
            "htmlLink": f"https://www.google.com/calendar/event?eid={event_id}",
            "created": moment,
            "updated": moment,
            "creator": {"email": shelf.id, "self": True},
            "organizer": {"email": shelf.id, "self": True},
            "iCalUID": f"{event_id}@google.com",
            "sequence": 0,
            "eventType": "default",
            "reminders": {"useDefault": True},
            "etag": etag(number),
        }
        shelf.keep(fitting(usual | body, shelf) | {"etag": etag(number)}, number, stamp)
        count += 1
    return count
