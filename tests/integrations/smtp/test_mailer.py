"""SMTP against a real server: the contract, and every way in which a server says no."""

import ssl
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from integrations.smtp import SmtpAccount, SmtpMailer
from scheduler_app.domain.mail import OutgoingMail
from scheduler_app.errors import Disconnected, SchedulerError, Unavailable, Undeliverable, Unsure
from tests.contracts.mailer import NOW, Arrived, MailerContract, letter
from tests.mail_server import MailServer


@pytest.fixture(scope="module")
def running() -> Iterator[MailServer]:
    server = MailServer()
    yield server
    server.stop()


@pytest.fixture
def server(running: MailServer) -> MailServer:
    running.post.forget()
    return running


RIGHT = "s3cret, please"


def plain(server: MailServer, **options: str) -> SmtpMailer:
    return SmtpMailer(SmtpAccount("127.0.0.1", server.port, "none", **options), timeout=5)


def sent(mailer: SmtpMailer, *letters: OutgoingMail) -> list[str]:
    with mailer.sending() as send:
        return [send(each) for each in letters or (letter(),)]


class TestSmtpMailer(MailerContract):
    @pytest.fixture
    def mailer(self, server: MailServer) -> SmtpMailer:
        return plain(server)

    @pytest.fixture
    def arrived(self, server: MailServer) -> Arrived:
        return lambda: server.post.messages


def test_a_batch_goes_over_one_connection(server: MailServer) -> None:
    assert sent(plain(server), letter("a@x"), letter("b@x"), letter("c@x")) == ["250 2.0.0"] * 3
    assert len(server.post.connections) == 1


@pytest.mark.parametrize(
    ("answer", "code", "reply"),
    [
        ("550 5.1.1 <ann@example.com>: no such user", "address-refused", "550 5.1.1"),
        ("551 ann@example.com moved", "address-refused", "551"),
        ("553 5.1.3 bad", "address-refused", "553 5.1.3"),
        ("554 5.7.1 your server is on a list", "message-refused", "554 5.7.1"),
    ],
)
def test_a_recipient_refused_for_good_is_told_by_numbers_only(
    server: MailServer, answer: str, code: str, reply: str
) -> None:
    server.post.to_recipient = lambda _: answer
    with pytest.raises(Undeliverable) as refused:
        sent(plain(server))
    assert (refused.value.code, refused.value.reply) == (code, reply)
    assert "ann" not in str(refused.value)
    assert not refused.value.retriable


@pytest.mark.parametrize(
    "answer", ["450 4.2.0 greylisted", "451 4.3.0 later", "452 4.2.2 full", "421 4.3.2 bye"]
)
def test_a_server_that_says_later_is_asked_later(server: MailServer, answer: str) -> None:
    for place in ("to_sender", "to_recipient", "to_message"):
        server.post.forget()
        setattr(server.post, place, lambda _: answer)
        with pytest.raises(Unavailable) as fault:
            sent(plain(server))
        assert not isinstance(fault.value, Unsure)
        assert fault.value.retry_in == 300
        assert server.post.messages == []


def test_an_address_beyond_ascii_is_refused_and_not_tried_for_ever(server: MailServer) -> None:
    with pytest.raises(Undeliverable) as refused:
        sent(plain(server), letter(address="zoë@example.com"))
    assert (refused.value.code, refused.value.reply) == ("address-refused", "not-ascii")
    assert sent(plain(server)) == ["250 2.0.0"]


def test_a_message_refused_for_good_says_nothing_about_the_address(server: MailServer) -> None:
    server.post.to_message = lambda _: "554 5.6.0 spam"
    with pytest.raises(Undeliverable) as refused:
        sent(plain(server))
    assert refused.value.code == "message-refused"


def test_a_sender_that_is_refused_is_for_a_person_to_put_right(server: MailServer) -> None:
    server.post.to_sender = lambda _: "553 5.7.1 not your domain"
    with pytest.raises(Disconnected) as fault:
        sent(plain(server))
    assert fault.value.code == "mail-sender-refused"


def test_an_answer_that_was_lost_leaves_it_open_whether_the_letter_arrived(server: MailServer) -> None:
    server.post.to_message = lambda _: "taken, and the line goes dead"
    with pytest.raises(Unsure):
        sent(plain(server))
    assert len(server.post.messages) == 1


def test_after_a_lost_connection_the_next_letter_opens_another(server: MailServer) -> None:
    with plain(server).sending() as send:
        send(letter("a@x"))
        server.post.to_recipient = lambda _: "421 4.3.2 bye"
        with pytest.raises(Unavailable):
            send(letter("b@x"))
        server.post.to_recipient = lambda _: None
        send(letter("c@x"))
    assert len(server.post.messages) == 2


def test_nobody_listening_is_no_answer() -> None:
    server = MailServer()
    server.stop()
    with pytest.raises(Unavailable, match="does not answer"):
        sent(plain(server))


def test_a_server_without_encryption_is_not_given_a_letter_that_wants_some(server: MailServer) -> None:
    mailer = SmtpMailer(SmtpAccount("127.0.0.1", server.port, "starttls"), timeout=5)
    with pytest.raises(Disconnected) as fault:
        sent(mailer)
    assert fault.value.code == "mail-not-offered"
    assert server.post.messages == []


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made for 127.0.0.1 and signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(NOW - timedelta(days=3650))
        .not_valid_after(NOW + timedelta(days=36500))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "server.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return file


@pytest.fixture(scope="module")
def guarded(certificate: Path) -> Iterator[MailServer]:
    """Wants STARTTLS, and desk with the password s3cret, please."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server = MailServer(context, "desk", RIGHT)
    yield server
    server.stop()


def encrypted(server: MailServer, trusted: Path | None, password: str = RIGHT) -> SmtpMailer:
    account = SmtpAccount("localhost", server.port, "starttls", "desk", password)
    known = ssl.create_default_context(cafile=str(trusted)) if trusted else None
    return SmtpMailer(account, known, timeout=5)


def test_with_starttls_and_the_right_password_letters_go_out(guarded: MailServer, certificate: Path) -> None:
    guarded.post.forget()
    assert sent(encrypted(guarded, certificate)) == ["250 2.0.0"]


def test_a_wrong_password_is_for_a_person_and_told_without_it(guarded: MailServer, certificate: Path) -> None:
    with pytest.raises(Disconnected) as fault:
        sent(encrypted(guarded, certificate, "wrong"))
    assert fault.value.code == "mail-sign-in-refused"
    assert "wrong" not in str(fault.value)
    assert "wrong" not in repr(SmtpAccount("s", password="wrong"))


def test_a_server_that_cannot_prove_who_it_is_gets_neither_letter_nor_password(guarded: MailServer) -> None:
    guarded.post.forget()
    with pytest.raises(SchedulerError) as fault:
        sent(encrypted(guarded, None))
    assert isinstance(fault.value, Disconnected)
    assert fault.value.code == "mail-untrusted"
    assert guarded.post.messages == []
