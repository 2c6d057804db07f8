"""Which method of the document is which function here; the rest answers 501."""

from tests.google_double import calendars, listing, writing
from tests.google_double.calls import Verb
from tests.google_double.channels import Channels


def verbs(channels: Channels) -> dict[str, Verb]:
    """By method id."""
    return {
        "events.list": listing.list_events,
        "events.instances": listing.list_instances,
        "events.get": writing.get,
        "events.insert": writing.insert,
        "events.import": writing.import_event,
        "events.patch": writing.patch,
        "events.update": writing.update,
        "events.delete": writing.delete,
        "events.move": writing.move,
        "events.watch": channels.watch,
        "channels.stop": channels.stop,
        "calendars.get": calendars.get_calendar,
        "calendars.insert": calendars.insert_calendar,
        "calendars.delete": calendars.delete_calendar,
        "calendars.patch": calendars.patch_calendar,
        "calendarList.list": calendars.list_calendars,
        "calendarList.get": calendars.get_entry,
        "calendarList.insert": calendars.insert_entry,
        "acl.list": calendars.list_acl,
        "freebusy.query": calendars.query_busy,
        "colors.get": calendars.get_colors,
    }
