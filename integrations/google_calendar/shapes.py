"""What the Calendar API answers, as far as we read it. Unknown fields are passed over.

Source: the discovery document calendar.v3 that google-api-python-client brings along.
"""

import msgspec

EVENT = (
    "id,etag,status,summary,description,location,colorId,eventLabelId,start,end,originalStartTime,"
    "transparency,visibility,eventType,locked,iCalUID,created,updated,recurrence,recurringEventId,"
    "organizer,creator,attendees(email,displayName,self,resource),extendedProperties/private"
)
PAGE = f"timeZone,accessRole,nextPageToken,nextSyncToken,items({EVENT})"
TIMES = (
    "timeZone,nextPageToken,items(id,status,start,end,transparency,eventType,attendees(self,responseStatus))"
)


class When(msgspec.Struct, rename="camel", gc=False):
    """EventDateTime: `date` (all-day), or `dateTime` with an offset."""

    date: str | None = None
    date_time: str | None = None
    time_zone: str | None = None


class Who(msgspec.Struct, rename="camel", gc=False):
    """An organizer, a creator or an attendee. itself: Google's `self`."""

    email: str = ""
    display_name: str = ""
    itself: bool = msgspec.field(default=False, name="self")
    resource: bool = False
    response_status: str = ""


class Extended(msgspec.Struct, gc=False):
    """Properties that programs hang on an event; the private ones are this calendar's own."""

    private: dict[str, str | None] = {}


class Event(msgspec.Struct, rename="camel", gc=False):
    """Events resource. Of a deletion only `id` is sure to be there."""

    id: str
    etag: str = ""
    status: str = ""
    summary: str | None = None
    description: str | None = None
    location: str | None = None
    color_id: str | None = None
    event_label_id: str | None = None
    start: When | None = None
    end: When | None = None
    original_start_time: When | None = None
    transparency: str | None = None
    visibility: str = ""
    event_type: str = "default"
    locked: bool = False
    uid: str = msgspec.field(default="", name="iCalUID")
    created: str | None = None
    updated: str | None = None
    recurrence: list[str] | None = None
    recurring_event_id: str | None = None
    organizer: Who | None = None
    creator: Who | None = None
    attendees: list[Who] | None = None
    extended_properties: Extended | None = None

    @property
    def private(self) -> dict[str, str | None]:
        """The private properties, none where the event has none."""
        return self.extended_properties.private if self.extended_properties else {}


class Page(msgspec.Struct, rename="camel"):
    """A page of events."""

    items: list[Event] = []
    time_zone: str = ""
    access_role: str = ""
    next_page_token: str | None = None
    next_sync_token: str | None = None


class RawPage(msgspec.Struct, rename="camel"):
    """The same page with its events unread: for one in which an event is not what it should be."""

    items: list[msgspec.Raw] = []
    time_zone: str = ""
    access_role: str = ""
    next_page_token: str | None = None
    next_sync_token: str | None = None


class Identity(msgspec.Struct):
    """The least that is left of an event: which one it is."""

    id: str


class Watched(msgspec.Struct, rename="camel"):
    """A channel as Google grants it. expiration: Unix milliseconds, as text."""

    resource_id: str = ""
    expiration: str | int = ""


page_decoder = msgspec.json.Decoder(Page)
raw_page_decoder = msgspec.json.Decoder(RawPage)
event_decoder = msgspec.json.Decoder(Event)
identity_decoder = msgspec.json.Decoder(Identity)
watched_decoder = msgspec.json.Decoder(Watched)
