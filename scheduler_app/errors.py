"""Every failure by name: what happened, and whether trying again can help.

Messages name fields and faults, never people, bodies or secrets: they end up in logs.
"""

from dataclasses import dataclass


class SchedulerError(Exception):
    """The root of everything this service raises on purpose."""

    retriable = False


class Invalid(SchedulerError):
    """Somebody's input cannot be used.

    `code` is a stable word for programs, `path` the field at fault (`facts[2].on`), and the
    message says what is wrong and the cure. The rejected value itself is left out where it
    may name a person.
    """

    def __init__(self, code: str, message: str, path: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.path = path


class NotFound(SchedulerError):
    """The thing asked for does not exist, or never did."""


class Conflict(SchedulerError):
    """The thing changed since it was read (HTTP 412 at a calendar): read again and judge again."""

    retriable = True


class Denied(SchedulerError):
    """A signature, key or token does not open this door."""


class Unavailable(SchedulerError):
    """The other side did not answer or asked us to wait; trying again can help."""

    retriable = True

    def __init__(self, message: str, retry_in: float | None = None) -> None:
        super().__init__(message)
        self.retry_in = retry_in


class Unsure(Unavailable):
    """The answer was lost: what we asked for may have been done."""


class Paused(Unavailable):
    """The other side asked us to stop writing for a good while (Google's quotaExceeded); reading goes on."""

    def __init__(self, message: str, retry_in: float = 3600.0) -> None:
        super().__init__(message, retry_in)


class Disconnected(SchedulerError):
    """A calendar is closed to us until a person does something: nothing of what we hold is forgotten.

    code: `access-withdrawn`, `sign-in-expired`, `calendar-missing` or `program-switched-off`; the message
    says in plain words what to do.
    """

    retriable = True

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Undeliverable(SchedulerError):
    """A letter was refused for good.

    code: `address-refused` (nobody gets mail there) or `message-refused`; reply: what the server said, as
    numbers ("550 5.1.1"): its words may hold the address.
    """

    def __init__(self, code: str, reply: str) -> None:
        super().__init__(f"{code}: {reply}")
        self.code = code
        self.reply = reply


class Unsafe(SchedulerError):
    """A plan touches more than a person should approve unseen, or a source looks suddenly empty."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One fault in the configuration: where it stands, what is wrong, what cures it."""

    file: str
    where: str
    fault: str
    cure: str
    warning: bool = False

    def __str__(self) -> str:
        word = "warning" if self.warning else "mistake"
        return f"{self.file}: {self.where}: {word}: {self.fault}. {self.cure}"


class BadConfig(SchedulerError):
    """The configuration has mistakes; all of them are listed."""

    def __init__(self, mistakes: tuple[Mistake, ...]) -> None:
        super().__init__("\n".join(str(mistake) for mistake in mistakes))
        self.mistakes = mistakes


class Expired(SchedulerError):
    """A cursor is too old (HTTP 410 at a calendar): read everything again from the start."""

    retriable = True
