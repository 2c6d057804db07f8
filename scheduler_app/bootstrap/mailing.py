"""Who sends letters: the clinic's mail server, or a folder where there is none, and always in the demo."""

from pathlib import Path

from integrations.mail_folder import FolderMailer
from integrations.smtp import SmtpAccount, SmtpMailer
from scheduler_app.bootstrap.configuration import now
from scheduler_app.domain.clinic import Clinic
from scheduler_app.domain.mail import Mailbox, OutgoingMail, mail_key, message_id
from scheduler_app.errors import Invalid
from scheduler_app.flow.mailing.composing import sender_of
from scheduler_app.flow.mailing.outlook import Post
from scheduler_app.flow.publish import Press
from scheduler_app.ports import Mailer
from scheduler_app.settings import Settings

FOLDER = "mail"


def post_of(settings: Settings, press: Press) -> Post:
    """What letters are made and sent with."""
    root = settings.public_url
    if not root and settings.demo:
        root = f"http://{settings.host}:{settings.port}"
    return Post(mailer_of(settings, press.clinic), press, f"{root}/" if root else "")


def mailer_of(settings: Settings, clinic: Clinic) -> Mailer:
    """The demo writes to people who do not exist: nothing of it may leave this machine."""
    terms = clinic.mail
    if not terms.server or settings.demo:
        return FolderMailer(mail_folder(settings))
    return SmtpMailer(
        SmtpAccount(terms.server, terms.port, terms.security, settings.smtp_user, settings.smtp_password)
    )


def mail_folder(settings: Settings) -> Path:
    """Where letters lie that are not sent."""
    return settings.data / FOLDER


def send_test(settings: Settings, clinic: Clinic, address: str) -> str:
    """Send one letter that says only that it works; where it went.

    Raises Invalid for an address that is none, Unavailable, Undeliverable or Disconnected, each in words.
    """
    if "@" not in address.strip("@"):
        raise Invalid("email-unreadable", "this is no e-mail address", "address")
    at = now().replace(microsecond=0)
    text = f"This is a test letter from {clinic.name}. If you can read it, letters to clients arrive too.\n"
    letter = OutgoingMail(
        id=message_id(mail_key("", "test", 0, at.isoformat()), clinic.host),
        sender=sender_of(clinic),
        recipient=Mailbox(address),
        subject=f"A test letter from {clinic.name}",
        text=text,
        html=f"<!doctype html><p>{_escaped(text.strip())}</p>",
        at=at,
    )
    with mailer_of(settings, clinic).sending() as send:
        answer = send(letter)
    if clinic.mail.server and not settings.demo:
        return (
            f"{clinic.mail.server} took it over ({answer}); look into the mailbox, and into its spam folder"
        )
    return f"no mail server is configured, so it lies in {mail_folder(settings) / answer}"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
