"""What a mail server's answers mean (RFC 5321, 4.2; RFC 3463).

Its words may hold addresses: only numbers stay.
"""

import re

from scheduler_app.errors import Disconnected, SchedulerError, Unavailable, Undeliverable

_ENHANCED = re.compile(rb"\s*([245]\.\d{1,3}\.\d{1,3})\b")
GREYLISTED = 300.0  # seconds: most servers that say "later" mean some minutes
# Refusals of RCPT TO that are about us and not about the address (RFC 3463: 5.7.x is policy).
_POLICY = "5.7."


def reply(code: int, said: bytes | str) -> str:
    """The numbers of an answer: "550 5.1.1"."""
    words = said.encode("utf-8", "replace") if isinstance(said, str) else said
    found = _ENHANCED.match(words)
    return f"{code} {found[1].decode()}" if found else str(code)


def translated(code: int, said: bytes | str, *, address: bool = False) -> SchedulerError:
    """An answer that is no success. address: it was given to the recipient's address."""
    numbers = reply(code, said)
    if code in (421, 450, 451, 452) or 400 <= code < 500:
        return Unavailable(f"the mail server asks to try again later: {numbers}", retry_in=GREYLISTED)
    if code == 530 or code == 535:
        return sign_in_fault(code, said)
    refused = address and _POLICY not in numbers
    return Undeliverable("address-refused" if refused else "message-refused", numbers)


def sign_in_fault(code: int, said: bytes | str) -> SchedulerError:
    """The server does not take the user and password, now (4xx) or at all."""
    if 400 <= code < 500:
        return Unavailable(f"the mail server cannot sign us in now: {reply(code, said)}", retry_in=GREYLISTED)
    fault = "the mail server does not accept the user and password (SCHEDULER_SMTP_USER, .._PASSWORD)"
    return Disconnected("mail-sign-in-refused", f"{fault}: {reply(code, said)}")
