"""Guests' copies: what belongs to whom, and what a service account may not do."""

import pytest

from tests.google_double.asking import listed, put, refused, token, visit
from tests.google_double.double import ROOM, GoogleDouble
from tests.google_double.fixtures import Making

BOT = "bot@clinic.example"


def test_a_guest_finds_a_copy_that_is_not_theirs_to_organise(google_service: Making) -> None:
    made = put(google_service("anna"), attendees=[{"email": BOT}])
    copy = listed(google_service(), BOT)[0]
    assert copy["id"] == made["id"]
    assert "self" not in copy["organizer"]
    assert copy["attendees"] == [{"email": BOT, "responseStatus": "needsAction", "self": True}]


def test_a_guests_change_stays_in_their_copy(google_double: GoogleDouble, google_service: Making) -> None:
    made = put(google_service("anna"), attendees=[{"email": BOT}])
    body = {"summary": "mine", "extendedProperties": {"private": {"a": "b"}}}
    google_service().events().patch(calendarId=BOT, eventId=made["id"], body=body).execute()
    assert google_double.event(ROOM, made["id"])["summary"] == "Botox Anna"
    google_double.person("anna").describe(ROOM, made["id"], "cream")
    copy = google_double.event(BOT, made["id"])
    assert (copy["summary"], copy["description"]) == ("mine", "cream")
    assert copy["extendedProperties"] == {"private": {"a": "b"}}
    assert "extendedProperties" not in google_double.event(ROOM, made["id"])


def test_the_organizers_changes_reach_every_copy(google_double: GoogleDouble, google_service: Making) -> None:
    made = put(google_service("anna"), attendees=[{"email": BOT}])
    since = token(google_service(), BOT)
    google_double.person("anna").retitle(ROOM, made["id"], "Filler")
    assert listed(google_service(), BOT, syncToken=since)[0]["summary"] == "Filler"
    google_double.person("anna").delete(ROOM, made["id"])
    assert listed(google_service(), BOT, syncToken=since) == [{"id": made["id"], "status": "cancelled"}]


def test_a_guest_who_deletes_their_copy_declines(google_double: GoogleDouble, google_service: Making) -> None:
    made = put(google_service("anna"), attendees=[{"email": BOT}])
    google_service().events().delete(calendarId=BOT, eventId=made["id"]).execute()
    assert google_double.event(ROOM, made["id"])["attendees"][0]["responseStatus"] == "declined"


@pytest.mark.parametrize("body", [{"guestsCanModify": True}, {"extendedProperties": {"shared": {"a": "b"}}}])
def test_what_is_shared_only_the_organizer_changes(
    google_double: GoogleDouble, google_service: Making, body: dict[str, object]
) -> None:
    google_double.seed(ROOM, [visit(id="elsewhere", organizer={"email": "else@example.org"})])
    late = google_service().events().patch(calendarId=ROOM, eventId="elsewhere", body=body)
    assert refused(late) == (403, "forbiddenForNonOrganizer")


def test_a_guests_private_properties_can_be_refused_as_was_reported(
    google_double: GoogleDouble, google_service: Making
) -> None:
    google_double.seed(ROOM, [visit(id="elsewhere", organizer={"email": "else@example.org"})])
    google_double.quirks.refuse_private_only_patches = True
    body = {"extendedProperties": {"private": {"a": "b"}}}
    late = google_service().events().patch(calendarId=ROOM, eventId="elsewhere", body=body)
    assert refused(late) == (403, "forbiddenForNonOrganizer")


def test_a_locked_copy_keeps_its_title_and_times(google_double: GoogleDouble, google_service: Making) -> None:
    google_double.seed(ROOM, [visit(id="1ocked", locked=True, organizer={"email": "else@example.org"})])
    patch = google_service().events().patch
    assert refused(patch(calendarId=ROOM, eventId="1ocked", body={"summary": "x"}))[0] == 403
    assert patch(calendarId=ROOM, eventId="1ocked", body={"colorId": "2"}).execute()["colorId"] == "2"


def test_a_service_account_invites_nobody(google_double: GoogleDouble, google_service: Making) -> None:
    robot, guests = google_service("robot"), [{"email": "client@example.org"}]
    asked = robot.events().insert(calendarId=ROOM, body=visit(attendees=guests))
    assert refused(asked) == (403, "forbiddenForServiceAccounts")
    theirs = google_double.person("anna").book(
        ROOM, "Botox", "2026-03-10T10:00:00+00:00", "2026-03-10T11:00:00+00:00", attendees=guests
    )
    coloured = robot.events().patch(calendarId=ROOM, eventId=theirs, body={"colorId": "1"})
    assert coloured.execute()["colorId"] == "1"
    google_double.quirks.service_may_patch_guests = False
    assert refused(coloured) == (403, "forbiddenForServiceAccounts")
