"""insert, patch, update, import, move: what is kept, merged, dropped and refused."""

import pytest

from tests.google_double.asking import listed, put, refused, token, visit
from tests.google_double.double import READ_ONLY, ROOM, GoogleDouble
from tests.google_double.fixtures import Making


def patched(service: object, event_id: str, body: dict[str, object], **asked: object) -> dict[str, object]:
    events = service.events()  # type: ignore[attr-defined]
    found: dict[str, object] = events.patch(calendarId=ROOM, eventId=event_id, body=body, **asked).execute()
    return found


def test_a_patch_keeps_what_is_not_sent_and_null_removes(google_service: Making) -> None:
    bot = google_service()
    made = put(bot, description="first visit", location="Room 1")
    now = patched(bot, made["id"], {"colorId": "11", "location": None})
    assert (now["summary"], now["description"], now["colorId"]) == ("Botox Anna", "first visit", "11")
    assert "location" not in now


def test_a_put_drops_what_is_not_sent(google_service: Making) -> None:
    bot = google_service()
    made = put(bot, description="first visit", colorId="3", extendedProperties={"private": {"a": "b"}})
    now = bot.events().update(calendarId=ROOM, eventId=made["id"], body=visit(hour=12)).execute()
    assert not {"description", "colorId", "extendedProperties"} & set(now)
    assert (now["id"], now["iCalUID"], now["created"]) == (made["id"], made["iCalUID"], made["created"])
    short = {"summary": "no times"}
    assert refused(bot.events().update(calendarId=ROOM, eventId=made["id"], body=short)) == (400, "required")


def test_private_properties_merge_by_key_and_null_deletes_one(google_service: Making) -> None:
    bot = google_service()
    made = put(bot, extendedProperties={"private": {"a": "1", "b": "2"}, "shared": {"c": "3"}})
    now = patched(bot, made["id"], {"extendedProperties": {"private": {"b": None, "d": "4"}}})
    assert now["extendedProperties"] == {"private": {"a": "1", "d": "4"}, "shared": {"c": "3"}}


def test_long_keys_vanish_and_long_values_are_cut_without_a_word(google_service: Making) -> None:
    pairs = {"k" * 44: "v" * 1025, "k" * 45: "v"}
    made = put(google_service(), extendedProperties={"private": pairs})
    assert made["extendedProperties"] == {"private": {"k" * 44: "v" * 1024}}


def test_every_change_gives_a_new_etag_even_one_that_changes_nothing(google_service: Making) -> None:
    bot = google_service()
    made = put(bot)
    first = patched(bot, made["id"], {"summary": made["summary"]})
    second = patched(bot, made["id"], {"summary": made["summary"]})
    assert len({made["etag"], first["etag"], second["etag"]}) == 3


@pytest.mark.parametrize("verb", ["patch", "update", "delete"])
def test_a_stale_etag_is_refused_and_nothing_is_written(
    google_double: GoogleDouble, google_service: Making, verb: str
) -> None:
    bot = google_service()
    made = put(bot)
    google_double.person("anna").retitle(ROOM, made["id"], "Filler")
    asked = {} if verb == "delete" else {"body": visit(summary="mine")}
    late = getattr(bot.events(), verb)(calendarId=ROOM, eventId=made["id"], **asked)
    late.headers["If-Match"] = made["etag"]
    assert refused(late) == (412, "conditionNotMet")
    assert listed(bot)[0]["summary"] == "Filler"
    again = getattr(bot.events(), verb)(calendarId=ROOM, eventId=made["id"], **asked)
    again.headers["If-Match"] = listed(bot)[0]["etag"]
    again.execute()


def test_a_clients_own_id_is_taken_once_even_after_a_deletion(google_service: Making) -> None:
    bot = google_service()
    assert put(bot, id="gap0visit1")["id"] == "gap0visit1"
    again = bot.events().insert(calendarId=ROOM, body=visit(id="gap0visit1"))
    assert refused(again) == (409, "duplicate")
    bot.events().delete(calendarId=ROOM, eventId="gap0visit1").execute()
    assert refused(again) == (409, "duplicate")
    assert refused(bot.events().insert(calendarId=ROOM, body=visit(id="xyz"))) == (400, "invalid")


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"colorId": "12"}, "invalid"),
        ({"colorId": 5}, "invalid"),
        ({"transparency": "see-through"}, "invalid"),
        ({"status": "held"}, "invalid"),
        ({"end": {"dateTime": "2026-03-10T09:00:00Z"}}, "timeRangeEmpty"),
        ({"end": {"date": "2026-03-11"}}, "invalid"),
        ({"start": {"dateTime": "2026-03-10T10:00:00"}}, "invalid"),
        ({"start": {"dateTime": "2026-03-10T10:00:00", "timeZone": "Mars/Base"}}, "invalid"),
        ({"start": None}, "required"),
        ({"unknown": 1}, "invalid"),
        ({"eventType": "fromGmail"}, "eventTypeRestriction"),
        ({"attendees": [{"displayName": "Anna"}]}, "required"),
    ],
)
def test_values_google_does_not_take_are_refused(
    google_service: Making, wrong: dict[str, object], reason: str
) -> None:
    asked = google_service().events().insert(calendarId=ROOM, body=visit() | wrong)
    assert refused(asked) == (400, reason)


def test_a_day_is_a_date_and_its_end_the_day_after(google_service: Making) -> None:
    bot = google_service()
    put(bot, start={"date": "2026-06-15"}, end={"date": "2026-06-16"})
    assert len(listed(bot, timeMin="2026-06-15T22:59:59Z")) == 1  # midnight in London, in summer
    assert listed(bot, timeMin="2026-06-15T23:00:00Z") == []
    same = visit(start={"date": "2026-06-15"}, end={"date": "2026-06-15"})
    assert refused(bot.events().insert(calendarId=ROOM, body=same)) == (400, "timeRangeEmpty")


def test_a_day_made_a_moment_must_lose_its_date(google_service: Making) -> None:
    bot = google_service()
    made = put(bot, start={"date": "2026-06-15"}, end={"date": "2026-06-16"})
    times = {name: visit()[name] for name in ("start", "end")}
    late = bot.events().patch(calendarId=ROOM, eventId=made["id"], body=times)
    assert refused(late) == (400, "invalid")
    now = patched(bot, made["id"], {name: said | {"date": None} for name, said in times.items()})
    assert now["start"] == {"dateTime": "2026-03-10T10:00:00Z", "timeZone": "Europe/London"}


def test_attendees_are_overwritten_as_a_whole(google_service: Making) -> None:
    anna = google_service("anna")
    made = put(anna, attendees=[{"email": "a@example.org"}, {"email": "b@example.org"}])
    now = patched(anna, made["id"], {"attendees": [{"email": "c@example.org"}]})
    assert now["attendees"] == [{"email": "c@example.org", "responseStatus": "needsAction"}]


def test_busy_is_left_unsaid_and_free_is_said(google_service: Making) -> None:
    bot = google_service()
    made = put(bot, transparency="opaque")
    assert "transparency" not in made
    assert patched(bot, made["id"], {"transparency": "transparent"})["transparency"] == "transparent"
    assert "transparency" not in patched(bot, made["id"], {"transparency": "opaque"})


def test_a_label_rules_the_colour_for_clients_that_know_labels(
    google_double: GoogleDouble, google_service: Making
) -> None:
    bot, label = google_service(), google_double.label(ROOM, "Gap: too soon")
    made = put(bot, eventLabelId=label)
    assert "eventLabelId" not in made
    now = patched(bot, made["id"], {"eventLabelId": label, "colorId": "5"}, eventLabelVersion=1)
    assert (now["eventLabelId"], now.get("colorId")) == (label, None)
    assert patched(bot, made["id"], {"summary": "x"})["eventLabelId"] == label
    assert "eventLabelId" not in patched(bot, made["id"], {"summary": "y"}, eventLabelVersion=1)
    unknown = {"eventLabelId": "00000000-0000-4000-8000-000000000000"}
    late = bot.events().patch(calendarId=ROOM, eventId=made["id"], body=unknown, eventLabelVersion=1)
    assert refused(late) == (400, "invalid")


def test_reminders_alone_do_not_count_as_an_update(
    google_double: GoogleDouble, google_service: Making
) -> None:
    bot = google_service()
    made = put(bot)
    google_double.clock.now = google_double.clock.now.replace(hour=9)
    minutes = {"useDefault": False, "overrides": [{"method": "popup", "minutes": 5}]}
    now = patched(bot, made["id"], {"reminders": minutes})
    assert (now["updated"], now["etag"] == made["etag"]) == (made["updated"], False)
    assert patched(bot, made["id"], {"summary": "x"})["updated"] == "2026-03-02T09:00:00.000Z"


def test_cancelling_by_patch_is_deleting_and_can_be_undone(google_service: Making) -> None:
    bot = google_service()
    made = put(bot)
    since = token(bot)
    patched(bot, made["id"], {"status": "cancelled"})
    assert listed(bot, syncToken=since) == [{"id": made["id"], "status": "cancelled"}]
    patched(bot, made["id"], {"status": "confirmed"})
    assert listed(bot, syncToken=since)[0]["summary"] == "Botox Anna"


def test_the_kind_of_an_event_stays(google_double: GoogleDouble, google_service: Making) -> None:
    bot = google_service()
    made = put(bot)
    late = bot.events().patch(calendarId=ROOM, eventId=made["id"], body={"eventType": "outOfOffice"})
    assert refused(late) == (400, "invalid")


def test_an_import_is_found_again_by_its_uid(google_service: Making) -> None:
    bot = google_service()
    body = visit(iCalUID="a@example.org", organizer={"email": "else@example.org"})
    first = bot.events().import_(calendarId=ROOM, body=body).execute()
    second = bot.events().import_(calendarId=ROOM, body=body | {"summary": "2"}).execute()
    assert (second["id"], second["summary"]) == (first["id"], "2")
    assert first["organizer"] == {"email": "else@example.org"}
    assert refused(bot.events().import_(calendarId=ROOM, body=visit())) == (400, "required")


def test_a_moved_event_leaves_a_stub_behind(google_double: GoogleDouble, google_service: Making) -> None:
    google_double.calendar("room2@clinic.example")
    bot = google_service()
    made = put(bot)
    since = token(bot)
    moved = bot.events().move(calendarId=ROOM, eventId=made["id"], destination="room2@clinic.example")
    assert moved.execute()["organizer"]["email"] == "room2@clinic.example"
    assert listed(bot, syncToken=since) == [{"id": made["id"], "status": "cancelled"}]
    assert "summary" not in bot.events().get(calendarId=ROOM, eventId=made["id"]).execute()
    assert [each["id"] for each in listed(bot, "room2@clinic.example")] == [made["id"]]
    back = bot.events().move(calendarId="room2@clinic.example", eventId=made["id"], destination=READ_ONLY)
    assert refused(back) == (403, "requiredAccessLevel")
