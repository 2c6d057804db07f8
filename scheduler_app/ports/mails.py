"""Ports for mail: what is written down of letters, and who sends them."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from scheduler_app.domain.mail import Bounce, Mail, MailChoice, OutgoingMail

Send = Callable[[OutgoingMail], str]


class Mailer(Protocol):
    """Sends letters. Contract: tests/contracts/mailer.py."""

    def sending(self) -> AbstractContextManager[Send]:
        """A function that sends one letter and returns what the other side answered, in a word or two.

        All letters of one `with` go over one connection, which is opened with the first. A letter it
        returned for was taken over for good. It raises Unavailable when trying again can help (no answer,
        a reply of 4xx), Undeliverable when this letter is refused for good, and Disconnected when the
        server wants something only a person can change (a sign-in, TLS, the sender's address).
        """
        ...


class Mails(Protocol):
    """Every letter that was or should be sent, by client."""

    def of_client(self, client: str) -> Sequence[Mail]:
        """All, in order of uid and sequence."""
        ...

    def get(self, key: str) -> Mail | None: ...
    def put(self, mail: Mail) -> None:
        """Write it down, or bring it up to date."""
        ...

    def due(self, client: str) -> Sequence[Mail]:
        """Those to be sent now, in the order in which they were written down."""
        ...

    def in_plan(self, plan: str) -> Sequence[Mail]: ...
    def set_state(self, plan: str, state: str) -> Sequence[str]:
        """Move a plan's planned or waiting letters; the clients they are for."""
        ...

    def tried_since(self, moment: datetime) -> Sequence[datetime]:
        """When letters were handed to the server from then on, oldest first."""
        ...

    def waiting(self) -> Mapping[str, Sequence[Mail]]:
        """Letters a person must approve, by plan."""
        ...

    def failed(self, limit: int = 100) -> Sequence[Mail]:
        """Those refused for good, the newest first."""
        ...

    def undone(self) -> tuple[Sequence[str], Sequence[str]]:
        """Plans with letters still planned, and clients with letters to be sent now."""
        ...

    def invited(self, client: str) -> Sequence[str]:
        """uids of entries that stand in the client's calendar by invitation."""
        ...

    def unwritten(self, begins_after: datetime, limit: int) -> Sequence[str]:
        """Clients with an appointment, not called off, that begins after then and no letter is about; and
        those told of one that is another client's by now.
        """
        ...

    def ended_without(self, kind: str, since: datetime, until: datetime) -> Sequence[str]:
        """Clients with an appointment, not called off, that ended in (since, until] without such a letter.

        Only clients with an address: so is it with `unwritten`.
        """
        ...

    def choice(self, client: str) -> MailChoice: ...
    def choose(self, choice: MailChoice) -> None: ...
    def address(self, client: str) -> str | None:
        """Where letters go: the chosen address, a confirmed, the first known; never a refused one."""
        ...

    def bounces(self, client: str | None = None) -> Sequence[Bounce]:
        """Addresses that were refused for good, the newest first."""
        ...

    def put_bounce(self, bounce: Bounce) -> None: ...
    def drop_bounce(self, client: str, address: str) -> None:
        """A person says that the address works again."""
        ...
