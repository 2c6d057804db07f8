"""What a letter holds and how it is built, as a real server receives it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import icalendar
import pytest
import vobject
from ics import Calendar as IcsCalendar

from tests.flow.letters import ANN, ROOT, Correspondence, Part, writing_clinic
from tests.flow.mailing.conftest import arrived, book, only
from tests.mail_server import MailServer

START = datetime(2026, 3, 20, 10, tzinfo=UTC)


def test_a_booking_brings_an_invitation_preparation_and_the_subscribe_link(
    post: Correspondence, server: MailServer
) -> None:
    book(post)
    letter = only(server)

    assert server.post.recipients == [ANN]
    assert letter.subject == "Your appointment on Friday, 20 March 2026 at 10:00"
    assert "keep your face out of the sun" in letter.text
    assert f"{ROOT}c/" in letter.text
    assert f'href="{ROOT}c/' in letter.html
    assert max(len(line) for line in letter.text.splitlines() if ROOT not in line) <= 72
    assert letter.method == "REQUEST"
    assert letter.event.one("DTSTART").moment == START


def test_the_message_is_built_as_calendar_programs_want_it(post: Correspondence, server: MailServer) -> None:
    book(post)
    letter = only(server)
    assert letter.kind == "multipart/mixed"
    alternatives, attached = letter.parts
    assert [part.kind for part in alternatives.parts] == ["text/plain", "text/html", "text/calendar"]
    calendar = alternatives.parts[-1]
    assert calendar.parameter("method") == letter.method
    assert calendar.parameter("charset").upper() == "UTF-8"
    assert calendar.headers["content-transfer-encoding"] == "base64"
    assert (attached.kind, attached.parameter("filename", "content-disposition")) == (
        "application/ics",
        "invite.ics",
    )
    assert attached.content() == calendar.content()
    assert letter.headers["auto-submitted"] == "auto-generated"
    assert "mime-version" in letter.headers


def test_the_invitation_keeps_to_itip_and_its_people_are_those_of_the_envelope(
    post: Correspondence, server: MailServer
) -> None:
    """RFC 5546, 3.2.2 and 3.2.5; RFC 6047, 2.3."""
    event = book(post)
    post.clinic.cancel(event)
    post.clinic.settle()
    request, cancel = arrived(server)
    for letter in (request, cancel):
        organizer, attendee = letter.event.one("ORGANIZER"), letter.event.one("ATTENDEE")
        assert organizer.value.removeprefix("mailto:") in letter.headers["from"]
        assert attendee.value == f"mailto:{ANN}"
        for name in ("UID", "DTSTAMP", "DTSTART", "SEQUENCE", "SUMMARY"):
            letter.event.one(name)
        assert not letter.invitation or not letter.invitation.walk("VTIMEZONE")
    assert request.event.one("ATTENDEE").parameters["RSVP"] == "TRUE"
    assert request.event.one("ATTENDEE").parameters["PARTSTAT"] == "NEEDS-ACTION"
    assert request.event.one("STATUS").value == "CONFIRMED"
    assert (cancel.method, cancel.event.one("STATUS").value) == ("CANCEL", "CANCELLED")
    assert cancel.event.walk("VALARM") == []
    assert cancel.event.one("UID").value == request.event.one("UID").value
    assert cancel.event.one("ORGANIZER").value == request.event.one("ORGANIZER").value
    assert cancel.sequence == request.sequence + 1


def test_three_other_libraries_read_the_invitation_alike(post: Correspondence, server: MailServer) -> None:
    book(post, "Microneedling", "2026-03-29", at="09:00", name="Zoë “Z”; Lee, Jr\\n 🙂", email=ANN)
    body = only(server).only("text/calendar").content().decode("utf-8")
    (theirs,) = IcsCalendar(body).events
    other: Any = vobject.readOne(body)
    third: Any = icalendar.Calendar.from_ical(body)
    assert theirs.begin.datetime == datetime(2026, 3, 29, 8, tzinfo=UTC)  # the clocks changed that night
    assert other.vevent.dtstart.value == theirs.begin.datetime
    assert other.method.value == str(third["METHOD"]) == "REQUEST"
    (event,) = third.walk("VEVENT")
    assert event["DTSTART"].dt == theirs.begin.datetime
    assert str(event["ATTENDEE"]) == f"mailto:{ANN}"
    assert "Zoë" in event["ATTENDEE"].params["CN"]


def test_a_booking_that_is_held_brings_a_notice_with_the_first_possible_date_and_no_treatment(
    post: Correspondence, server: MailServer
) -> None:
    book(post, "Botox", "2026-03-10")
    arrived(server)
    book(post)
    letter = only(server)
    assert letter.subject == "Please call us about your appointment on Friday, 20 March 2026"
    assert "not confirmed." in letter.text
    assert "24 March 2026" in letter.text
    assert "+44 20 7946 0000" in letter.text
    assert letter.method == ""
    for word in ("microneedling", "botox", "botulinum", "sun"):
        assert word not in (letter.text + letter.html + letter.subject).lower()


def test_texts_nobody_signed_are_not_sent_and_the_appointment_is(file: Path, server: MailServer) -> None:
    with writing_clinic(file, server, unapproved=True) as post:
        book(post)
        letter = only(server)
        assert "face" not in letter.text
        assert "20 March 2026 at 10:00" in letter.text
        post.clinic.clock.now = START + timedelta(hours=1)
        post.sweep()
        assert arrived(server) == []


def test_a_discreet_letter_shows_neither_treatment_nor_condition_anywhere_a_phone_may(
    post: Correspondence, server: MailServer
) -> None:
    book(post)
    letter = only(server)
    everything = server_text(letter)
    for word in ("microneedling", "retin", "needling", "redness"):
        assert word not in everything.lower()


def server_text(letter: Part) -> str:
    calendar = letter.only("text/calendar").content().decode() if letter.method else ""
    return "\n".join([letter.subject, letter.text, letter.html, calendar])


def test_a_client_who_wants_it_plain_reads_what_the_visit_is_for(
    post: Correspondence, server: MailServer
) -> None:
    event = book(post)
    arrived(server)
    client = post.clinic.client_of(event)
    with post.clinic.store.transaction() as tx:
        known = tx.clients.get(client)
        assert known is not None
        tx.clients.change(replace(known, privacy="plain"))
    post.clinic.move(event, "2026-03-23")
    post.clinic.settle()
    assert only(server).subject == "New time: Microneedling on Monday, 23 March 2026 at 10:00"


@pytest.mark.parametrize(
    ("language", "word", "direction"),
    [("es", "Su cita", "ltr"), ("ar", "موعدك", "rtl"), ("xx", "Your", "ltr")],
)
def test_letters_are_written_in_the_clients_language_and_direction(
    post: Correspondence, server: MailServer, language: str, word: str, direction: str
) -> None:
    event = book(post)
    arrived(server)
    client = post.clinic.client_of(event)
    with post.clinic.store.transaction() as tx:
        known = tx.clients.get(client)
        assert known is not None
        tx.clients.change(replace(known, language=language))
    post.clinic.cancel(event)
    post.clinic.settle()
    letter = only(server)
    assert word in letter.subject
    assert f'dir="{direction}"' in letter.html
