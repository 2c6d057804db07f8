"""A second person at work, and what can happen in the middle of a request."""

from tests.google_double.asking import listed, put, refused, token
from tests.google_double.double import READ_ONLY, ROOM, GoogleDouble
from tests.google_double.fixtures import Making

TEN, ELEVEN = "2026-03-10T10:00:00", "2026-03-10T11:00:00"


def test_a_receptionist_books_moves_retitles_and_deletes_like_anybody(
    google_double: GoogleDouble, google_service: Making
) -> None:
    anna, bot = google_double.person("anna"), google_service()
    since = token(bot)
    booked = anna.book(ROOM, "Botox", TEN, ELEVEN, colorId="3")
    anna.move(ROOM, booked, "2026-03-11T15:00:00", "2026-03-11T16:00:00")
    anna.retitle(ROOM, booked, "Filler")
    anna.describe(ROOM, booked, "cream")
    anna.recolour(ROOM, booked, None)
    label = google_double.label(ROOM, "Late")
    anna.label(ROOM, booked, label)
    anna.free(ROOM, booked)
    event = listed(bot, syncToken=since)[0]
    assert event["start"]["dateTime"] == "2026-03-11T15:00:00Z"
    assert (event["summary"], event["description"], event.get("colorId")) == ("Filler", "cream", None)
    assert (event["eventLabelId"], event["transparency"]) == (label, "transparent")
    assert event["creator"]["email"] == "anna@clinic.example"
    anna.delete(ROOM, booked)
    assert listed(bot, syncToken=since)[0]["status"] == "cancelled"
    assert anna.restore(ROOM, booked)["status"] == "confirmed"
    assert anna.send_to(ROOM, booked, READ_ONLY)["organizer"]["email"] == READ_ONLY


def test_a_whole_day_becomes_an_hour_and_back(google_double: GoogleDouble) -> None:
    anna = google_double.person("anna")
    booked = anna.book(ROOM, "Botox", "2026-03-10", "2026-03-11")
    assert anna.move(ROOM, booked, TEN, ELEVEN)["start"]["dateTime"] == "2026-03-10T10:00:00Z"
    assert anna.move(ROOM, booked, "2026-03-12", "2026-03-13")["end"] == {"date": "2026-03-13"}


def test_the_editor_writes_descriptions_as_html_of_its_own(google_double: GoogleDouble) -> None:
    anna = google_double.person("anna")
    booked = anna.book(ROOM, "Botox", TEN, ELEVEN, description="a < b\n  c & d")
    assert anna.save_in_editor(ROOM, booked)["description"] == "a &lt; b<br>&nbsp; c &amp; d"
    again = anna.save_in_editor(ROOM, booked)["description"]
    assert again == "a &lt; b<br>&nbsp; c &amp; d"


def test_somebody_edits_between_our_reading_and_our_writing(
    google_double: GoogleDouble, google_service: Making
) -> None:
    bot = google_service()
    made = put(bot)
    anna = google_double.person("anna")
    google_double.meanwhile(lambda: anna.retitle(ROOM, made["id"], "Filler"), "events.patch")
    late = bot.events().patch(calendarId=ROOM, eventId=made["id"], body={"colorId": "1"})
    late.headers["If-Match"] = made["etag"]
    assert refused(late) == (412, "conditionNotMet")
    assert google_double.event(ROOM, made["id"])["summary"] == "Filler"


def test_a_fault_can_wait_for_the_second_page(google_double: GoogleDouble, google_service: Making) -> None:
    bot = google_service()
    put(bot)
    put(bot, hour=12)
    google_double.fail("events.list", skip=1)
    first = bot.events().list(calendarId=ROOM, maxResults=1).execute()
    second = bot.events().list(calendarId=ROOM, maxResults=1, pageToken=first["nextPageToken"])
    assert refused(second) == (503, "backendError")
    assert len(second.execute()["items"]) == 1


def test_a_series_made_single_and_a_moved_one_take_their_exceptions_along(
    google_double: GoogleDouble, google_service: Making
) -> None:
    bot, anna = google_service(), google_double.person("anna")
    google_double.calendar("room2@clinic.example")
    weekly = ["RRULE:FREQ=WEEKLY;COUNT=3"]
    first, second = (anna.book(ROOM, "x", TEN, ELEVEN, recurrence=weekly) for _ in range(2))
    for series in (first, second):
        anna.retitle(ROOM, f"{series}_20260317T100000Z", "y")
    since = token(bot)
    anna.patch(ROOM, first, recurrence=None)
    anna.send_to(ROOM, second, "room2@clinic.example")
    told = {each["id"]: each["status"] for each in listed(bot, syncToken=since)}
    assert told == {
        first: "confirmed",
        f"{first}_20260317T100000Z": "cancelled",
        second: "cancelled",
        f"{second}_20260317T100000Z": "cancelled",
    }
    there = {each["id"]: each["summary"] for each in listed(bot, "room2@clinic.example")}
    assert there == {second: "x", f"{second}_20260317T100000Z": "y"}
