"""What happens at the desk arrives in the client's mailbox, once and in order."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from scheduler_app.domain.clinic import MailTerms, MarkTerms
from scheduler_app.domain.mail import MailChoice
from scheduler_app.flow.decide import confirm_client
from scheduler_app.flow.publish import publish
from scheduler_app.flow.record import Speaker
from tests.flow.clinic_at_work import DESK, SITE
from tests.flow.letters import ANN, ROOT, Correspondence, writing_clinic
from tests.flow.mailing.conftest import arrived, book, only, published
from tests.mail_server import MailServer

START = datetime(2026, 3, 20, 10, tzinfo=UTC)


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


def test_while_invitations_are_on_the_feed_leaves_the_appointment_out_and_keeps_the_care(
    post: Correspondence, server: MailServer
) -> None:
    event = book(post)
    client = post.clinic.client_of(event)
    shown = published(post, client)
    assert not any(uid.startswith("appointment.") for uid in shown)
    assert any(uid.startswith("serum.") for uid in shown)
    assert only(server).event.one("UID").value.startswith("appointment.")


def test_who_has_everything_by_mail_gets_each_care_entry_as_an_invitation_and_none_in_the_feed(
    post: Correspondence, server: MailServer
) -> None:
    event = book(post)
    arrived(server)
    client = post.clinic.client_of(event)
    post.choose(client, "everything")
    post.clinic.settle()
    letters = arrived(server)
    assert not any(ROOT in letter.text for letter in letters)  # their feed holds nothing to subscribe to
    invited = {letter.event.one("UID").value for letter in letters}
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
        post.sweep()
        assert arrived(server) == []
        assert {mail.state for mail in post.rows(post.clinic.client_of(event))} == {"presumed"}


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


def test_a_visit_that_turns_out_to_be_somebody_elses_leaves_the_first_calendar_and_enters_the_second(
    post: Correspondence, server: MailServer
) -> None:
    event = book(post)
    book(post, "Botox", "2026-05-20", name="Ben Hall")
    arrived(server)
    server.post.recipients.clear()
    flow = post.clinic.flow
    with post.clinic.store.reading() as tx:
        (ben,) = tx.clients.find("Ben Hall")
    confirm_client(flow, post.clinic.appointment(event).ref, ben.ref, Speaker("staff", "Kim"))
    post.clinic.settle()
    post.sweep()
    letters = dict(zip(server.post.recipients, arrived(server), strict=True))
    assert letters[ANN].method == "CANCEL"
    assert letters["ben.hall@example.com"].method == "REQUEST"
    post.sweep()
    assert arrived(server) == []


def test_whoever_has_everything_by_mail_from_the_beginning_still_has_a_feed_that_can_be_opened_later(
    file: Path, server: MailServer
) -> None:
    with writing_clinic(file, server, mail=MailTerms(by_mail="everything")) as post:
        event = book(post)
        client = post.clinic.client_of(event)
        assert published(post, client) == []
        assert len(arrived(server)) == 6
        post.choose(client, "letters")
        post.clinic.settle()
        assert {letter.method for letter in arrived(server)} == {"CANCEL"}  # care only
        assert {uid.partition(".")[0] for uid in published(post, client)} == {
            "before", "first-hours", "two-days", "serum", "first-week",
        }  # fmt: skip
