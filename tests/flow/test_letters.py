"""What happens at the desk arrives in the client's mailbox, through a real server, once and in order."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import icalendar
import pytest
import vobject
from ics import Calendar as IcsCalendar

from scheduler_app.domain.clinic import MailTerms, MarkTerms
from scheduler_app.domain.mail import MailChoice
from scheduler_app.flow.mailing.desk import client_mail, mail_again, mail_sight
from scheduler_app.flow.publish import publish
from tests.flow.clinic_at_work import DESK, SITE
from tests.flow.letters import ANN, ROOT, Correspondence, Part, taken_apart, writing_clinic
from tests.mail_server import MailServer

START = datetime(2026, 3, 20, 10, tzinfo=UTC)


@pytest.fixture(scope="module")
def running() -> Iterator[MailServer]:
    server = MailServer()
    yield server
    server.stop()


@pytest.fixture
def server(running: MailServer) -> MailServer:
    running.post.forget()
    return running


@pytest.fixture
def file(tmp_path: Path, migrated_file: bytes) -> Path:
    file = tmp_path / "clinic.db"
    file.write_bytes(migrated_file)
    return file


@pytest.fixture
def post(file: Path, server: MailServer) -> Iterator[Correspondence]:
    with writing_clinic(file, server) as made:
        yield made


def arrived(server: MailServer) -> list[Part]:
    """Everything that came since the last look."""
    found = [taken_apart(message) for message in server.post.messages]
    server.post.messages.clear()
    return found


def only(server: MailServer) -> Part:
    (letter,) = arrived(server)
    return letter


def book(post: Correspondence, *what: str, **options: Any) -> str:
    event = post.clinic.book(*(what or ("Microneedling", "2026-03-20")), **options)
    post.clinic.settle()
    return event


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


def test_a_move_a_hold_its_end_and_a_cancellation_follow_each_other_under_rising_numbers(
    post: Correspondence, server: MailServer
) -> None:
    botox = book(post, "Botox", "2026-03-05")
    event = book(post)
    post.clinic.move(event, "2026-03-23")
    post.clinic.settle()
    post.clinic.move(event, "2026-03-12")  # a week after the other, where two are asked for
    post.clinic.settle()
    post.clinic.cancel(botox)
    post.clinic.settle()
    post.clinic.cancel(event)
    post.clinic.settle()
    uid = f"appointment.{post.clinic.appointment(event).ref}@clinic.example"
    about = [letter for letter in arrived(server) if letter.method and letter.event.one("UID").value == uid]
    said = [(letter.method, letter.event.one("STATUS").value, letter.sequence) for letter in about]
    assert said == [
        ("REQUEST", "CONFIRMED", 0),
        ("REQUEST", "CONFIRMED", 1),
        ("REQUEST", "TENTATIVE", 2),
        ("REQUEST", "CONFIRMED", 3),
        ("CANCEL", "CANCELLED", 4),
    ]
    stamps = [letter.event.one("DTSTAMP").moment for letter in about]
    assert stamps == sorted(stamps)


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


def test_while_invitations_are_on_the_feed_leaves_the_appointment_out_and_keeps_the_care(
    post: Correspondence, server: MailServer
) -> None:
    event = book(post)
    client = post.clinic.client_of(event)
    shown = published(post, client)
    assert not any(uid.startswith("appointment.") for uid in shown)
    assert any(uid.startswith("serum.") for uid in shown)
    assert only(server).event.one("UID").value.startswith("appointment.")


def published(post: Correspondence, client: str) -> list[str]:
    with post.clinic.store.reading() as tx:
        feed = tx.feeds.of_client(client)
        assert feed is not None
        return [uid for uid, entry in tx.feeds.entries(feed.ref).items() if entry.block]


def test_who_has_everything_by_mail_gets_each_care_entry_as_an_invitation_and_none_in_the_feed(
    post: Correspondence, server: MailServer
) -> None:
    event = book(post)
    arrived(server)
    client = post.clinic.client_of(event)
    post.choose(client, "everything")
    post.clinic.settle()
    invited = {letter.event.one("UID").value for letter in arrived(server)}
    assert {uid.partition(".")[0] for uid in invited} == {
        "before", "first-hours", "two-days", "serum", "first-week",
    }  # fmt: skip
    publish(post.clinic.store, post.press, client, post.clinic.clock())
    assert not set(published(post, client)) & invited or len(published(post, client)) == 1


def test_aftercare_comes_at_the_end_of_the_visit_and_only_once(
    post: Correspondence, server: MailServer
) -> None:
    book(post)
    arrived(server)
    post.clinic.clock.now = START + timedelta(minutes=59)
    post.sweep()
    assert arrived(server) == []
    post.clinic.clock.now = START + timedelta(hours=1)
    post.sweep()
    letter = only(server)
    assert letter.subject == "After your visit on Friday, 20 March 2026"
    assert "Do not wash your face" in letter.text
    assert letter.method == ""
    post.clinic.clock.pass_by(hours=2)
    post.sweep()
    assert arrived(server) == []


def test_a_walk_in_gets_aftercare_too(post: Correspondence, server: MailServer) -> None:
    post.clinic.clock.now = START + timedelta(hours=1, minutes=5)
    post.clinic.tell("completed", day="2026-03-20")
    post.clinic.settle()
    assert post.clinic.appointment("booking-1", SITE).status == "fulfilled"
    assert only(server).subject == "After your visit on Friday, 20 March 2026"


def test_after_days_without_power_nobody_is_written_to_about_what_is_over(
    post: Correspondence, server: MailServer
) -> None:
    book(post)
    arrived(server)
    post.clinic.clock.now = START + timedelta(days=4)
    post.sweep()
    assert arrived(server) == []


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


def test_a_calendar_that_is_only_observed_writes_to_nobody(file: Path, server: MailServer) -> None:
    with writing_clinic(file, server) as post:
        kept = post.press.clinic.calendars[DESK]
        calendars = {DESK: replace(kept, marks=MarkTerms(mode="observe"))}
        post.press = replace(post.press, clinic=replace(post.press.clinic, calendars=calendars))
        assert post.clinic.flow.post is not None
        post.use(post.clinic.flow.post.mailer)
        event = book(post)
        post.clinic.move(event, "2026-03-21")
        post.clinic.settle()
        assert arrived(server) == []
        assert {mail.state for mail in post.rows(post.clinic.client_of(event))} == {"presumed"}


def test_a_server_that_was_down_gets_the_letter_when_it_is_back(
    file: Path, post: Correspondence, running: MailServer, server: MailServer
) -> None:
    server.stop()
    event = book(post)
    client = post.clinic.client_of(event)
    assert [mail.state for mail in post.rows(client)] == ["due"]
    post.clinic.move(event, "2026-03-21")  # and what is sent then is what is true then
    post.clinic.settle()
    server.start_again()
    post.clinic.clock.pass_by(hours=1)
    post.sweep()
    letter = only(server)
    assert letter.event.one("DTSTART").moment == datetime(2026, 3, 21, 10, tzinfo=UTC)
    assert letter.sequence == 0
    assert sorted(mail.state for mail in post.rows(client)) == ["dropped", "sent"]


def test_a_lost_answer_is_tried_again_as_the_same_letter(post: Correspondence, server: MailServer) -> None:
    server.post.to_message = lambda _: "taken, and the line goes dead"
    event = book(post)
    server.post.to_message = lambda _: None
    assert [mail.state for mail in post.rows(post.clinic.client_of(event))] == ["sending"]
    post.clinic.clock.pass_by(hours=1)
    post.clinic.settle()
    first, second = server.post.messages
    assert first == second
    assert [mail.state for mail in post.rows(post.clinic.client_of(event))] == ["sent"]


def test_a_letter_that_perhaps_arrived_and_was_overtaken_is_followed_by_a_higher_number(
    post: Correspondence, server: MailServer
) -> None:
    server.post.to_message = lambda _: "taken, and the line goes dead"
    event = book(post)
    server.post.to_message = lambda _: None
    post.clinic.move(event, "2026-03-21")
    post.clinic.clock.pass_by(hours=1)
    post.clinic.settle()
    assert [letter.sequence for letter in arrived(server)] == [0, 1]


def test_an_address_that_is_refused_is_shown_not_written_to_again_and_the_feed_takes_over(
    post: Correspondence, server: MailServer
) -> None:
    server.post.to_recipient = lambda address: f"550 5.1.1 <{address}> unknown"
    event = book(post)
    client = post.clinic.client_of(event)
    sight = mail_sight(post.clinic.flow)
    assert [(bounce.client, bounce.address, bounce.code) for bounce in sight.bounces] == [
        (client, ANN, "550 5.1.1")
    ]
    assert [mail.error for mail in sight.failed] == ["address-refused 550 5.1.1"]
    assert client_mail(post.clinic.flow, client).address is None
    assert any(uid.startswith("appointment.") for uid in published(post, client))
    server.post.to_recipient = lambda _: None
    post.clinic.move(event, "2026-03-21")
    post.clinic.settle()
    assert arrived(server) == []
    mail_again(post.clinic.flow, client, ANN, "Kim")
    post.clinic.settle()
    assert only(server).event.one("DTSTART").moment == datetime(2026, 3, 21, 10, tzinfo=UTC)


NAMES = "Ann Lee,Ben Hall,Cat Moss,Dan Fox,Eve Stone,Finn Rowe,Gus Park,Hal Dean".split(",")


def test_no_more_letters_leave_in_a_minute_than_the_clinic_wants(file: Path, server: MailServer) -> None:
    with writing_clinic(file, server, mail=MailTerms(by_mail="letters", per_minute=3)) as post:
        for number in range(8):
            post.clinic.book("Microneedling", f"2026-03-{10 + number}", name=NAMES[number])
            post.clinic.settle()
        counts = [len(arrived(server))]
        for _ in range(4):
            post.clinic.clock.pass_by(seconds=61)
            post.clinic.settle()
            counts.append(len(arrived(server)))
        assert max(counts) <= 3
        assert sum(counts) == 8


def test_nobody_without_an_address_stops_the_others(post: Correspondence, server: MailServer) -> None:
    post.clinic.tell("created", day="2026-03-20", id="b1", client={"id": "p7", "name": "Nat Nomail"})
    post.clinic.settle()
    book(post, name="Ben Hall")
    assert server.post.recipients == ["ben.hall@example.com"]


def test_a_choice_of_nothing_is_kept(post: Correspondence, server: MailServer) -> None:
    event = book(post)
    arrived(server)
    client = post.clinic.client_of(event)
    with post.clinic.store.transaction() as tx:
        tx.mails.choose(MailChoice(client, "nothing"))
    post.clinic.cancel(event)
    post.clinic.settle()
    assert arrived(server) == []
