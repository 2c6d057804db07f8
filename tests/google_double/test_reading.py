"""events.get and events.list: what is shown, to whom, page by page."""

from datetime import timedelta

from tests.google_double.asking import listed, put, refused, visit
from tests.google_double.double import READ_ONLY, ROOM, GoogleDouble
from tests.google_double.fixtures import Making


def test_an_inserted_event_is_got_and_listed_as_it_was_answered(google_service: Making) -> None:
    bot = google_service()
    made = put(bot)
    assert bot.events().get(calendarId=ROOM, eventId=made["id"]).execute() == made
    assert listed(bot) == [made]
    assert made["organizer"] == {"email": ROOM, "displayName": "room1", "self": True}
    assert made["start"] == {"dateTime": "2026-03-10T10:00:00Z", "timeZone": "Europe/London"}


def test_times_come_in_the_calendars_zone_unless_another_is_asked_for(google_service: Making) -> None:
    bot = google_service()
    body = visit(start={"dateTime": "2026-07-01T09:00:00Z"}, end={"dateTime": "2026-07-01T10:00:00Z"})
    made = bot.events().insert(calendarId=ROOM, body=body).execute()
    assert made["start"]["dateTime"] == "2026-07-01T10:00:00+01:00"
    asked = bot.events().get(calendarId=ROOM, eventId=made["id"], timeZone="Asia/Tokyo").execute()
    assert asked["start"]["dateTime"] == "2026-07-01T18:00:00+09:00"


def test_a_calendar_without_a_zone_speaks_utc(google_double: GoogleDouble, google_service: Making) -> None:
    google_double.calendar("nowhere@clinic.example", zone=None)
    bot = google_service()
    body = visit(start={"dateTime": "2026-07-01T09:00:00+02:00"}, end={"dateTime": "2026-07-01T08:00:00Z"})
    made = bot.events().insert(calendarId="nowhere@clinic.example", body=body).execute()
    assert made["start"] == {"dateTime": "2026-07-01T07:00:00Z"}
    assert "timeZone" not in bot.events().list(calendarId="nowhere@clinic.example").execute()


def test_pages_follow_each_other_and_only_the_last_has_the_sync_token(
    google_double: GoogleDouble, google_service: Making
) -> None:
    google_double.seed(ROOM, [visit(hour=hour) for hour in range(5)])
    google_double.quirks.page_limit = 2
    bot = google_service()
    asked, pages = bot.events().list(calendarId=ROOM), []
    while asked is not None:
        pages.append(asked.execute())
        asked = bot.events().list_next(asked, pages[-1])
    assert [len(page["items"]) for page in pages] == [2, 2, 1]
    assert ["nextSyncToken" in page for page in pages] == [False, False, True]
    assert len({item["id"] for page in pages for item in page["items"]}) == 5


def test_a_page_token_goes_with_its_own_query_only(
    google_double: GoogleDouble, google_service: Making
) -> None:
    google_double.seed(ROOM, [visit(hour=hour) for hour in range(3)])
    bot = google_service()
    following = bot.events().list(calendarId=ROOM, maxResults=1).execute()["nextPageToken"]
    asked = bot.events().list(calendarId=ROOM, maxResults=1, pageToken=following, q="Anna")
    assert refused(asked) == (400, "invalid")


def test_250_events_are_a_page_unless_more_are_asked_for(
    google_double: GoogleDouble, google_service: Making
) -> None:
    google_double.seed(ROOM, (visit() for _ in range(300)))
    assert len(listed(google_service())) == 250
    assert len(listed(google_service(), maxResults=2500)) == 300


def test_windows_hold_against_ends_and_starts_and_their_bounds_are_outside(google_service: Making) -> None:
    bot = google_service()
    put(bot)
    assert listed(bot, timeMin="2026-03-10T11:00:00Z") == []
    assert listed(bot, timeMax="2026-03-10T10:00:00Z") == []
    assert len(listed(bot, timeMin="2026-03-10T10:59:59+00:00")) == 1
    assert len(listed(bot, timeMax="2026-03-10T10:00:01+00:00")) == 1
    assert refused(bot.events().list(calendarId=ROOM, timeMin="2026-03-10T10:00:00"))[0] == 400


def test_words_properties_kinds_and_changes_can_be_asked_for(
    google_double: GoogleDouble, google_service: Making
) -> None:
    bot = google_service()
    google_double.seed(ROOM, [visit(id="vacation", summary="Away", eventType="outOfOffice")])
    tagged = put(bot, extendedProperties={"private": {"gap.in": "1"}}, description="numbing cream")
    assert [each["id"] for each in listed(bot, q="NUMBING botox")] == [tagged["id"]]
    assert [each["id"] for each in listed(bot, privateExtendedProperty="gap.in=1")] == [tagged["id"]]
    assert [each["id"] for each in listed(bot, eventTypes="outOfOffice")] == ["vacation"]
    google_double.clock.advance(timedelta(hours=1))
    late = put(bot, hour=15)
    assert [each["id"] for each in listed(bot, updatedMin="2026-03-02T08:30:00Z")] == [late["id"]]


def test_only_the_fields_asked_for_are_answered(google_service: Making) -> None:
    bot = google_service()
    made = put(bot)
    page = bot.events().list(calendarId=ROOM, fields="items(id,start/dateTime),nextSyncToken").execute()
    assert page["items"] == [{"id": made["id"], "start": {"dateTime": "2026-03-10T10:00:00Z"}}]
    assert set(page) == {"items", "nextSyncToken"}
    assert refused(bot.events().list(calendarId=ROOM, fields="itemz(id)")) == (400, "invalid")


def test_an_event_the_client_has_already_is_not_sent_again(google_service: Making) -> None:
    bot = google_service()
    made = put(bot)
    asked = bot.events().get(calendarId=ROOM, eventId=made["id"])
    asked.headers["If-None-Match"] = made["etag"]
    assert refused(asked)[0] == 304


def test_a_reader_sees_when_but_not_what_is_private(
    google_double: GoogleDouble, google_service: Making
) -> None:
    google_double.seed(READ_ONLY, [visit(visibility="private", description="secret")])
    assert "summary" not in listed(google_service("bot"), READ_ONLY)[0]
    assert listed(google_service("anna"), READ_ONLY)[0]["description"] == "secret"


def test_what_is_not_in_the_discovery_document_is_refused(google_service: Making) -> None:
    bot = google_service()
    bad = put(bot)
    assert refused(bot.events().list(calendarId=ROOM, maxResults=0)) == (400, "invalid")
    assert refused(bot.events().patch(calendarId=ROOM, eventId=bad["id"], body={"sumary": "x"})) == (
        400,
        "invalid",
    )
    asked = bot.events().list(calendarId=ROOM)
    asked.uri += "&color=red"
    assert refused(asked) == (400, "invalid")


def test_a_method_that_is_not_implemented_says_so_by_name(google_service: Making) -> None:
    assert refused(google_service().settings().list()) == (501, "notImplemented")


def test_a_query_too_long_for_an_address_comes_as_a_post(google_service: Making) -> None:
    bot = google_service()
    put(bot)
    assert listed(bot, q="Anna " * 600) != []


def test_other_tokens_and_other_peoples_calendars_are_closed(google_service: Making) -> None:
    bot = google_service()
    assert refused(bot.events().list(calendarId="anna@clinic.example")) == (404, "notFound")
    assert refused(bot.events().insert(calendarId=READ_ONLY, body=visit())) == (403, "requiredAccessLevel")
