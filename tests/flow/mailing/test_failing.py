"""Servers that are down, slow, lost or say no: every letter still finds its end."""

from datetime import UTC, datetime
from pathlib import Path

from scheduler_app.domain.clinic import MailTerms
from scheduler_app.flow.mailing.desk import client_mail, mail_again, mail_sight
from tests.flow.letters import ANN, Correspondence, writing_clinic
from tests.flow.mailing.conftest import arrived, book, only, published
from tests.mail_server import MailServer

START = datetime(2026, 3, 20, 10, tzinfo=UTC)


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
