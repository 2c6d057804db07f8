"""What every sender of letters must do for us. An adapter inherits MailerContract."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from scheduler_app.domain.mail import Mailbox, OutgoingMail
from scheduler_app.errors import Undeliverable
from scheduler_app.ports import Mailer

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CALENDAR = b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n"
Arrived = Callable[[], list[bytes]]


def letter(id: str = "k1@clinic.example", address: str = "ann@example.com", **changes: str) -> OutgoingMail:
    """A letter with an invitation in it."""
    return OutgoingMail(
        id=id,
        sender=Mailbox("desk@clinic.example", "Clinic, the; “Best”"),
        recipient=Mailbox(address, changes.get("name", "Ann Lee")),
        subject=changes.get("subject", "Ihre Verabredung: 10 Uhr"),
        text=changes.get("text", "Hello Ann,\n\nünïcode and a long line: " + "x" * 2000 + "\n"),
        html="<p>Hello Ann, ünïcode</p>",
        at=NOW,
        invitation=CALENDAR,
        method="REQUEST",
    )


class MailerContract:
    """A letter it returned for arrived; what cannot arrive is said to be so."""

    @pytest.fixture
    def mailer(self) -> Mailer:
        """The one held to this."""
        raise NotImplementedError

    @pytest.fixture
    def arrived(self) -> Arrived:
        """Every message that arrived so far, as bytes."""
        raise NotImplementedError

    def test_a_letter_that_was_sent_is_there(self, mailer: Mailer, arrived: Arrived) -> None:
        with mailer.sending() as send:
            assert send(letter())
        (message,) = arrived()
        assert b"Message-ID: <k1@clinic.example>\r\n" in message

    def test_every_letter_of_a_batch_is_there(self, mailer: Mailer, arrived: Arrived) -> None:
        with mailer.sending() as send:
            for number in range(5):
                send(letter(f"k{number}@clinic.example"))
        assert len(arrived()) == 5

    def test_the_same_letter_is_the_same_bytes(self, mailer: Mailer, arrived: Arrived) -> None:
        with mailer.sending() as send:
            send(letter())
        (first,) = arrived()
        with mailer.sending() as send:
            send(letter())
        assert set(arrived()) == {first}

    @pytest.mark.parametrize(
        "address", ["no address", "", "a@b@c", "ann@example.com\r\nBcc: all@example.com"]
    )
    def test_an_address_that_is_none_is_refused_for_good(
        self, mailer: Mailer, arrived: Arrived, address: str
    ) -> None:
        with mailer.sending() as send, pytest.raises(Undeliverable) as refused:
            send(letter(address=address))
        assert refused.value.code == "address-refused"
        assert "example" not in str(refused.value)
        assert arrived() == []

    def test_a_batch_goes_on_after_a_letter_that_was_refused(self, mailer: Mailer, arrived: Arrived) -> None:
        with mailer.sending() as send:
            with pytest.raises(Undeliverable):
                send(letter(address="no address"))
            send(letter())
        assert len(arrived()) == 1

    def test_names_and_subjects_add_no_header(self, mailer: Mailer, arrived: Arrived) -> None:
        hostile = "Ann\r\nBcc: all@example.com\x00\x0b"
        with mailer.sending() as send:
            send(letter(name=hostile, subject=hostile))
        (message,) = arrived()
        assert b"\r\nBcc" not in message

    def test_sending_nothing_is_nothing(self, mailer: Mailer, arrived: Arrived) -> None:
        with mailer.sending():
            pass
        assert arrived() == []
