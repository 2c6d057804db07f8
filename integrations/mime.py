"""A letter as MIME: the same letter gives the same bytes."""

import re
from email.headerregistry import Address
from email.message import EmailMessage, MIMEPart
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256

from scheduler_app.domain.mail import Mailbox, OutgoingMail
from scheduler_app.errors import Undeliverable

# Lines of text stay under RFC 5322's limit by quoted-printable; nothing needs an 8-bit path.
_POLICY = SMTP.clone(cte_type="7bit")
_SPACES = re.compile(r"[\s\x00-\x1f\x7f]+")
FILE = "invite.ics"


def mime(mail: OutgoingMail) -> bytes:
    """The message as it is sent, lines ending in CRLF.

    An invitation is there twice, as RFC 6047 wants it among the alternatives (2.4) and as a file for
    programs that look at attachments only. Raises Undeliverable for an address that is none.
    """
    message = EmailMessage(policy=_POLICY)
    message["From"] = _address(mail.sender)
    message["To"] = _address(mail.recipient)
    message["Subject"] = _one_line(mail.subject)
    message["Date"] = format_datetime(mail.at)
    message["Message-ID"] = f"<{mail.id}>"
    message["MIME-Version"] = "1.0"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's absence answers it
    message["Content-Language"] = mail.language
    body = _alternatives(mail)
    if mail.invitation is None:
        _take_over(message, body)
    else:
        message["Content-Type"] = "multipart/mixed"
        message.set_payload([body, _calendar_file(mail)])
    _bound(message, mail.id)
    return message.as_bytes()


def _alternatives(mail: OutgoingMail) -> MIMEPart:
    part = MIMEPart(policy=_POLICY)
    part.set_content(mail.text, cte="quoted-printable")
    part.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    if mail.invitation is not None:
        calendar = MIMEPart(policy=_POLICY)
        calendar.set_content(mail.invitation, "text", "calendar", cte="base64")
        calendar.set_param("method", mail.method, requote=False)
        calendar.set_param("charset", "UTF-8", requote=False)
        calendar.set_param("name", FILE)
        part.attach(calendar)  # the last is what programs prefer
    return part


def _calendar_file(mail: OutgoingMail) -> MIMEPart:
    part = MIMEPart(policy=_POLICY)
    part.set_content(
        mail.invitation or b"", "application", "ics", cte="base64", disposition="attachment", filename=FILE
    )
    return part


def _take_over(message: EmailMessage, body: MIMEPart) -> None:
    message["Content-Type"] = body["Content-Type"]
    message.set_payload(body.get_payload())


def _bound(message: EmailMessage, id: str) -> None:
    """Boundaries out of the letter's id: chance would make the same letter other bytes."""
    for number, part in enumerate(message.walk()):
        if part.is_multipart():
            part.set_boundary("=_" + sha256(f"{id} {number}".encode()).hexdigest()[:32])


def _address(mailbox: Mailbox) -> Address:
    try:
        return Address(_one_line(mailbox.name), addr_spec=mailbox.address)
    except (ValueError, IndexError):
        raise Undeliverable("address-refused", "unreadable") from None
    except Exception as fault:
        if type(fault).__module__.startswith("email"):
            raise Undeliverable("address-refused", "unreadable") from None
        raise


def _one_line(text: str) -> str:
    return _SPACES.sub(" ", text).strip()
