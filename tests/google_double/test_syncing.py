"""Sync tokens: what changed since, what is gone, and when to begin again."""

import pytest

from tests.google_double.asking import listed, put, refused, token, visit
from tests.google_double.double import ROOM, GoogleDouble
from tests.google_double.fixtures import Making


def test_nothing_changed_gives_nothing_and_costs_one_request(
    google_double: GoogleDouble, google_service: Making
) -> None:
    bot = google_service()
    put(bot)
    since = token(bot)
    mark = google_double.mark()
    assert listed(bot, syncToken=since) == []
    assert [(each.method, each.units) for each in google_double.requests_since(mark)] == [("events.list", 1)]


def test_a_change_comes_once_with_the_etag_its_writer_was_told(google_service: Making) -> None:
    bot = google_service()
    made, _ = put(bot), put(bot, hour=12)
    since = token(bot)
    bot.events().patch(calendarId=ROOM, eventId=made["id"], body={"summary": "1"}).execute()
    last = bot.events().patch(calendarId=ROOM, eventId=made["id"], body={"summary": "2"}).execute()
    assert listed(bot, syncToken=since) == [last]
    assert last["etag"] != made["etag"]


def test_a_deleted_event_is_only_an_id(google_service: Making) -> None:
    bot = google_service()
    made = put(bot)
    since = token(bot)
    bot.events().delete(calendarId=ROOM, eventId=made["id"]).execute()
    assert listed(bot, syncToken=since) == [{"id": made["id"], "status": "cancelled"}]
    assert listed(bot) == []
    assert listed(bot, showDeleted=True) == [{"id": made["id"], "status": "cancelled"}]
    got = bot.events().get(calendarId=ROOM, eventId=made["id"]).execute()
    assert (got["status"], got["summary"]) == ("cancelled", "Botox Anna")


def test_deleting_twice_is_told(google_service: Making) -> None:
    bot = google_service()
    made = put(bot)
    bot.events().delete(calendarId=ROOM, eventId=made["id"]).execute()
    assert refused(bot.events().delete(calendarId=ROOM, eventId=made["id"])) == (410, "deleted")


@pytest.mark.parametrize(
    "more",
    [
        {"timeMin": "2026-01-01T00:00:00Z"},
        {"timeMax": "2027-01-01T00:00:00Z"},
        {"q": "x"},
        {"orderBy": "updated"},
        {"iCalUID": "x"},
        {"privateExtendedProperty": "a=b"},
        {"sharedExtendedProperty": "a=b"},
        {"updatedMin": "2026-03-01T00:00:00Z"},
        {"showDeleted": False},
        {"maxResults": 10},
        {"singleEvents": True},
        {"eventTypes": "default"},
    ],
)
def test_a_sync_token_goes_with_the_query_it_was_given_for(
    google_service: Making, more: dict[str, object]
) -> None:
    bot = google_service()
    asked = bot.events().list(calendarId=ROOM, syncToken=token(bot), **more)
    assert refused(asked) == (400, "invalid")


def test_a_window_of_the_first_listing_is_left_out_afterwards(google_service: Making) -> None:
    bot = google_service()
    since = token(bot, timeMin="2026-03-01T00:00:00Z", eventTypes="default")
    old = put(bot, day="2020-01-01")
    assert [each["id"] for each in listed(bot, syncToken=since, eventTypes="default")] == [old["id"]]


def test_expired_and_unknown_tokens_ask_for_everything_again(
    google_double: GoogleDouble, google_service: Making
) -> None:
    bot = google_service()
    since = token(bot)
    assert refused(bot.events().list(calendarId=ROOM, syncToken="CPjw")) == (410, "fullSyncRequired")
    google_double.expire_sync_tokens("other@clinic.example")
    assert listed(bot, syncToken=since) == []
    google_double.expire_sync_tokens(ROOM)
    assert refused(bot.events().list(calendarId=ROOM, syncToken=since)) == (410, "fullSyncRequired")
    assert listed(bot, syncToken=token(bot)) == []


def test_a_change_while_pages_are_read_is_not_lost(
    google_double: GoogleDouble, google_service: Making
) -> None:
    google_double.seed(ROOM, [visit(id=f"visit{n}") for n in range(4)])
    bot = google_service()
    first = bot.events().list(calendarId=ROOM, maxResults=2).execute()
    google_double.person("anna").retitle(ROOM, "visit0", "late")
    asked = bot.events().list(calendarId=ROOM, maxResults=2, pageToken=first["nextPageToken"])
    second = asked.execute()
    changed = listed(bot, syncToken=second["nextSyncToken"], maxResults=2)
    assert [(each["id"], each["summary"]) for each in changed] == [("visit0", "late")]


def test_changes_come_in_pages_too(google_double: GoogleDouble, google_service: Making) -> None:
    bot = google_service()
    since = token(bot, maxResults=2)
    made = [put(bot, hour=hour)["id"] for hour in range(9, 14)]
    asked, pages = bot.events().list(calendarId=ROOM, syncToken=since, maxResults=2), []
    while asked is not None:
        pages.append(asked.execute())
        asked = bot.events().list_next(asked, pages[-1])
    assert [each["id"] for page in pages for each in page["items"]] == made
    assert ["nextSyncToken" in page for page in pages] == [False, False, True]


def test_an_ordered_listing_gives_no_sync_token(google_service: Making) -> None:
    bot = google_service()
    page = bot.events().list(calendarId=ROOM, orderBy="startTime", singleEvents=True).execute()
    assert "nextSyncToken" not in page
    assert refused(bot.events().list(calendarId=ROOM, orderBy="startTime")) == (400, "invalid")
