"""Recurring events: wall time over clock changes, instances, exceptions and their end."""

from tests.google_double.asking import listed, put, refused, token, visit
from tests.google_double.double import ROOM, GoogleDouble
from tests.google_double.fixtures import Making, Service


def weekly(service: Service, *more: str, count: int = 4) -> str:
    rules = [f"RRULE:FREQ=WEEKLY;COUNT={count}", *more]
    made: str = put(service, day="2026-03-16", recurrence=rules, id="series")["id"]
    return made


def instances(service: Service, **asked: object) -> list[dict[str, object]]:
    found: list[dict[str, object]] = (
        service.events().instances(calendarId=ROOM, eventId="series", **asked).execute()["items"]
    )
    return found


def starts(items: list[dict[str, object]]) -> list[object]:
    return [each["start"]["dateTime"] for each in items]  # type: ignore[index]


def test_a_weekly_series_keeps_its_wall_time_over_a_clock_change(google_service: Making) -> None:
    bot = google_service()
    weekly(bot)
    found = instances(bot)
    assert starts(found) == [
        "2026-03-16T10:00:00Z",
        "2026-03-23T10:00:00Z",
        "2026-03-30T10:00:00+01:00",
        "2026-04-06T10:00:00+01:00",
    ]
    assert found[2]["id"] == "series_20260330T090000Z"
    assert found[2]["recurringEventId"] == "series"
    assert "recurrence" not in found[2]


def test_the_master_is_listed_or_its_instances_are(google_service: Making) -> None:
    bot = google_service()
    weekly(bot)
    assert [each["id"] for each in listed(bot)] == ["series"]
    window = {"timeMin": "2026-03-20T00:00:00Z", "timeMax": "2026-04-01T00:00:00Z"}
    shown = listed(bot, singleEvents=True, orderBy="startTime", **window)
    assert [each["id"] for each in shown] == ["series_20260323T100000Z", "series_20260330T090000Z"]
    assert len(listed(bot, **window)) == 1
    assert listed(bot, timeMin="2026-04-07T00:00:00Z") == []


def test_days_are_left_out_and_added(google_service: Making) -> None:
    bot = google_service()
    weekly(bot, "EXDATE;TZID=Europe/London:20260330T100000", "RDATE;TZID=Europe/London:20260331T120000")
    assert starts(instances(bot)) == [
        "2026-03-16T10:00:00Z",
        "2026-03-23T10:00:00Z",
        "2026-03-31T12:00:00+01:00",
        "2026-04-06T10:00:00+01:00",
    ]


def test_a_series_of_days_has_dates_in_its_ids(google_service: Making) -> None:
    bot = google_service()
    days = {"start": {"date": "2026-03-28"}, "end": {"date": "2026-03-29"}}
    body = visit(id="series", recurrence=["RRULE:FREQ=DAILY;UNTIL=20260330"]) | days
    bot.events().insert(calendarId=ROOM, body=body).execute()
    assert [each["id"] for each in instances(bot)] == [
        "series_20260328",
        "series_20260329",
        "series_20260330",
    ]


def test_a_series_without_an_end_is_not_endless_in_an_answer(google_service: Making) -> None:
    bot = google_service()
    put(bot, id="series", recurrence=["RRULE:FREQ=WEEKLY"])
    assert len(instances(bot, maxResults=2500)) == 730
    window = {"timeMin": "2046-01-01T00:00:00Z", "timeMax": "2046-01-15T00:00:00Z"}
    assert len(instances(bot, **window)) == 2
    assert len(listed(bot, timeMin="2046-01-01T00:00:00Z")) == 1


def test_a_patched_instance_becomes_an_item_of_its_own(google_service: Making) -> None:
    bot = google_service()
    weekly(bot)
    since = token(bot)
    one = "series_20260323T100000Z"
    body = {"start": {"dateTime": "2026-03-24T15:00:00Z"}, "end": {"dateTime": "2026-03-24T16:00:00Z"}}
    bot.events().patch(calendarId=ROOM, eventId=one, body=body).execute()
    changed = listed(bot, syncToken=since)
    assert [each["id"] for each in changed] == [one]
    assert changed[0]["originalStartTime"]["dateTime"] == "2026-03-23T10:00:00Z"
    assert [each["id"] for each in listed(bot)] == ["series", one]
    assert starts(instances(bot))[1] == "2026-03-24T15:00:00Z"
    assert len(instances(bot)) == 4


def test_an_instances_stale_etag_is_refused(google_double: GoogleDouble, google_service: Making) -> None:
    bot = google_service()
    weekly(bot)
    one = instances(bot)[1]
    google_double.person("anna").retitle(ROOM, "series", "Filler")
    late = bot.events().patch(calendarId=ROOM, eventId=one["id"], body={"colorId": "1"})
    late.headers["If-Match"] = one["etag"]
    assert refused(late) == (412, "conditionNotMet")


def test_a_deleted_instance_is_a_cancelled_exception(google_service: Making) -> None:
    bot = google_service()
    weekly(bot)
    since = token(bot)
    one = "series_20260323T100000Z"
    bot.events().delete(calendarId=ROOM, eventId=one).execute()
    told = {
        "id": one,
        "status": "cancelled",
        "recurringEventId": "series",
        "originalStartTime": {"dateTime": "2026-03-23T10:00:00Z", "timeZone": "Europe/London"},
    }
    assert listed(bot, syncToken=since) == [told]
    assert listed(bot)[1] == told
    assert len(instances(bot)) == 3
    assert len(instances(bot, showDeleted=True)) == 4
    assert refused(bot.events().delete(calendarId=ROOM, eventId=one)) == (410, "deleted")


def test_a_deleted_series_takes_its_exceptions_along(
    google_double: GoogleDouble, google_service: Making
) -> None:
    bot = google_service()
    weekly(bot)
    one = "series_20260323T100000Z"
    bot.events().patch(calendarId=ROOM, eventId=one, body={"summary": "x"}).execute()
    since = token(bot)
    google_double.person("anna").delete(ROOM, "series")
    assert listed(bot, syncToken=since) == [{"id": "series", "status": "cancelled"}]
    assert bot.events().get(calendarId=ROOM, eventId=one).execute()["status"] == "cancelled"
    assert refused(bot.events().instances(calendarId=ROOM, eventId="series")) == (404, "notFound")
    assert listed(bot) == []


def test_a_shortened_series_loses_instances_and_exceptions(
    google_double: GoogleDouble, google_service: Making
) -> None:
    bot = google_service()
    weekly(bot)
    late = "series_20260406T090000Z"
    bot.events().patch(calendarId=ROOM, eventId=late, body={"summary": "x"}).execute()
    since, single = token(bot), token(bot, singleEvents=True)
    google_double.person("anna").patch(ROOM, "series", recurrence=["RRULE:FREQ=WEEKLY;COUNT=2"])
    assert len(instances(bot)) == 2
    assert {each["id"]: each["status"] for each in listed(bot, syncToken=since)} == {
        "series": "confirmed",
        late: "cancelled",
    }
    told = {each["id"]: each["status"] for each in listed(bot, syncToken=single, singleEvents=True)}
    assert told["series_20260330T090000Z"] == told[late] == "cancelled"
    assert told["series_20260316T100000Z"] == "confirmed"
    assert refused(bot.events().get(calendarId=ROOM, eventId="series_20260330T090000Z"))[0] == 404


def test_single_events_and_a_sync_token_tell_every_instance(google_service: Making) -> None:
    bot = google_service()
    single = token(bot, singleEvents=True)
    weekly(bot)
    assert len(listed(bot, syncToken=single, singleEvents=True)) == 4
    single = token(bot, singleEvents=True)
    bot.events().delete(calendarId=ROOM, eventId="series").execute()
    told = listed(bot, syncToken=single, singleEvents=True)
    assert [each["status"] for each in told] == ["cancelled"] * 4
    assert told[0]["recurringEventId"] == "series"


def test_this_and_following_is_two_series(google_double: GoogleDouble, google_service: Making) -> None:
    bot = google_service()
    weekly(bot, count=10)
    anna = google_double.person("anna")
    new = anna.split_series(ROOM, "series", "2026-03-30T00:00:00+00:00", summary="Filler")
    assert starts(instances(bot)) == ["2026-03-16T10:00:00Z", "2026-03-23T10:00:00Z"]
    following = bot.events().instances(calendarId=ROOM, eventId=new).execute()["items"]
    assert following[0]["start"]["dateTime"] == "2026-03-30T10:00:00+01:00"
    assert (following[0]["summary"], len(following)) == ("Filler", 8)


def test_a_series_of_moments_needs_its_zone_and_a_readable_rule(google_service: Making) -> None:
    bot = google_service()
    moments = {"start": {"dateTime": "2026-03-10T10:00:00Z"}, "end": {"dateTime": "2026-03-10T11:00:00Z"}}
    body = visit(recurrence=["RRULE:FREQ=WEEKLY"]) | moments
    assert refused(bot.events().insert(calendarId=ROOM, body=body)) == (400, "required")
    for rule in ("RRULE:FREQ=SOMETIMES", "every week"):
        body = visit(recurrence=[rule])
        assert refused(bot.events().insert(calendarId=ROOM, body=body)) == (400, "invalid")


def test_instances_come_in_pages(google_service: Making) -> None:
    bot = google_service()
    weekly(bot)
    first = bot.events().instances(calendarId=ROOM, eventId="series", maxResults=3).execute()
    assert len(first["items"]) == 3
    rest = instances(bot, maxResults=3, pageToken=first["nextPageToken"])
    assert [each["id"] for each in rest] == ["series_20260406T090000Z"]
