"""Calendars, their list, roles, colours, free and busy times."""

from tests.google_double.asking import put, refused
from tests.google_double.double import READ_ONLY, ROOM, GoogleDouble
from tests.google_double.fixtures import Making


def test_a_calendar_tells_its_zone_and_labels(google_double: GoogleDouble, google_service: Making) -> None:
    label = google_double.label(ROOM, "Gap")
    told = google_service().calendars().get(calendarId=ROOM).execute()
    assert (told["id"], told["timeZone"]) == (ROOM, "Europe/London")
    assert told["labelProperties"]["eventLabels"][0]["id"] == label


def test_a_new_calendar_belongs_to_who_made_it(google_service: Making) -> None:
    bot = google_service()
    made = bot.calendars().insert(body={"summary": "Scratch", "timeZone": "Europe/Rome"}).execute()
    assert put(bot, made["id"])["start"]["timeZone"] == "Europe/London"
    assert refused(google_service("anna").calendars().get(calendarId=made["id"])) == (404, "notFound")
    bot.calendars().delete(calendarId=made["id"]).execute()
    assert refused(bot.calendars().get(calendarId=made["id"])) == (404, "notFound")


def test_labels_are_written_by_owners_and_as_a_whole(google_service: Making) -> None:
    body = {"labelProperties": {"eventLabels": [{"name": "Gap", "backgroundColor": "#d50000"}]}}
    assert refused(google_service().calendars().patch(calendarId=ROOM, body=body))[0] == 403
    told = google_service("anna").calendars().patch(calendarId=ROOM, body=body).execute()
    assert [each["name"] for each in told["labelProperties"]["eventLabels"]] == ["Gap"]


def test_the_list_of_a_service_account_is_empty_until_it_is_filled(google_service: Making) -> None:
    robot = google_service("robot")
    assert robot.calendarList().list().execute()["items"] == []
    assert robot.calendarList().insert(body={"id": ROOM}).execute()["accessRole"] == "writer"
    assert [each["id"] for each in robot.calendarList().list().execute()["items"]] == [ROOM]
    anna = google_service("anna").calendarList().list(minAccessRole="owner").execute()["items"]
    assert {each["id"] for each in anna} == {"anna@clinic.example", ROOM, READ_ONLY}


def test_roles_are_told_to_owners(google_service: Making) -> None:
    rules = google_service("anna").acl().list(calendarId=ROOM).execute()["items"]
    assert {rule["scope"]["value"]: rule["role"] for rule in rules} == {
        "anna@clinic.example": "owner",
        "bot@clinic.example": "writer",
        "robot@project.iam.gserviceaccount.com": "writer",
    }
    assert refused(google_service().acl().list(calendarId=ROOM))[0] == 403


def test_busy_times_are_joined_and_leave_out_what_is_free(google_service: Making) -> None:
    bot = google_service()
    for hour, more in ((9, {}), (10, {}), (12, {"transparency": "transparent"}), (14, {})):
        put(bot, hour=hour, **more)
    put(bot, day="2026-03-03", hour=16, recurrence=["RRULE:FREQ=WEEKLY;COUNT=3"])
    body = {
        "timeMin": "2026-03-10T00:00:00Z",
        "timeMax": "2026-03-11T00:00:00Z",
        "items": [{"id": ROOM}, {"id": "unknown@clinic.example"}],
    }
    told = bot.freebusy().query(body=body).execute()["calendars"]
    assert [each["start"][11:13] + each["end"][11:13] for each in told[ROOM]["busy"]] == [
        "0911",
        "1415",
        "1617",
    ]
    assert told["unknown@clinic.example"]["errors"][0]["reason"] == "notFound"


def test_there_are_eleven_colours(google_service: Making) -> None:
    assert set(google_service().colors().get().execute()["event"]) == {str(n) for n in range(1, 12)}
