"""Ports for what is the client's own: private links, everything held about them, and its end."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from scheduler_app.domain.private_links import Contact, PrivateLink

Rows = Mapping[str, Sequence[Mapping[str, Any]]]  # by table, as plain values


class PrivateLinks(Protocol):
    """Links a client opens pages of their own with. Contract: tests/contracts/store_private.py."""

    def add(self, link: PrivateLink, token_sha256: bytes) -> None: ...
    def find(self, token_sha256: bytes) -> PrivateLink | None:
        """The link with this hash, open or not."""
        ...

    def of_client(self, client: str) -> Sequence[tuple[PrivateLink, bytes]]:
        """All that are kept, with their hashes, the newest first."""
        ...

    def use(self, ref: str, at: datetime) -> bool:
        """It is used up. False when it was already, or was revoked: then nothing may be done by it."""
        ...

    def sent(self, ref: str, at: datetime) -> None:
        """Somebody undertook to send it."""
        ...

    def revoke(self, client: str, at: datetime, purpose: str | None = None) -> int:
        """Those that are open (of the purpose) open nothing from now on; how many."""
        ...

    def contacts(self, client: str) -> Sequence[Contact]:
        """E-mail addresses and numbers on record."""
        ...

    def verify(self, client: str, kind: str, value: str, how: str, by: str, at: datetime) -> None:
        """The address is the client's own. how: `desk` or `link`; the first time stands."""
        ...

    def client_of_feed(self, token_sha256: bytes) -> str | None:
        """Whose feed this token opens; None for one that opens nothing (any more)."""
        ...


class Personal(Protocol):
    """Everything that is held about one person. Contract: tests/contracts/store_private.py."""

    def everything(self, client: str) -> Rows:
        """Every row about the client, by table; secrets are left out. Raises NotFound."""
        ...

    def unaccepted(self, limit: int) -> Sequence[str]:
        """Clients with statements of their own that nobody accepted or withdrew, the newest first."""
        ...

    def ask_erasure(self, client: str, by: str, at: datetime) -> None:
        """The client wants to be forgotten; asking twice is asking once."""
        ...

    def refuse_erasure(self, client: str) -> bool:
        """The wish is dropped; False when there was none."""
        ...

    def erasures_asked(self) -> Mapping[str, datetime]:
        """Clients who asked and are still here, and since when."""
        ...

    def erased_at(self, client: str) -> datetime | None:
        """When the person was erased; None for one who was not."""
        ...

    def erase(self, client: str, by: str, at: datetime) -> Mapping[str, int]:
        """Take the person away; how many rows went or were emptied, by table.

        Under "" how many texts were left that may be about a namesake, or a visit ahead nobody assigned.
        The ref and the audit log stay. Raises NotFound.
        """
        ...

    def gone(self, source: str, source_id: str) -> bool:
        """Whether this event went with somebody who was erased."""
        ...


class Retention(Protocol):
    """What is old enough to go. Contract: tests/contracts/store_private.py."""

    def count(self, what: str, before: datetime) -> int:
        """How many rows would go. what: a key of flow.retention.KINDS."""
        ...

    def drop(self, what: str, before: datetime, limit: int) -> int:
        """Let at most so many go; how many went."""
        ...

    def idle_clients(self, before: datetime, limit: int, after: str = "") -> Sequence[str]:
        """Clients known since before then, without a visit that ends later; refs that sort after `after`."""
        ...
