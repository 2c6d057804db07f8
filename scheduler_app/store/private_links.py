"""Private links, and the addresses they may be sent to."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Executable, and_, bindparam, exists, insert, select, update

from scheduler_app.domain.private_links import Contact, PrivateLink
from scheduler_app.store.part import Part
from scheduler_app.store.sql import insert_new, per_dialect
from scheduler_app.store.tables import feed_tokens as t
from scheduler_app.store.tables import feeds as f
from scheduler_app.store.tables import identifiers as i
from scheduler_app.store.tables import private_links as p
from scheduler_app.store.tables import verified_contacts as v

FIELDS = tuple(field.name for field in fields(PrivateLink))
WHOLE = select(*(p.c[name] for name in FIELDS))
FIND = WHOLE.where(p.c.token_sha256 == bindparam("token"))
OF_CLIENT = (
    select(*(p.c[name] for name in FIELDS), p.c.token_sha256)
    .where(p.c.client == bindparam("of"))
    .order_by(p.c.made_at.desc(), p.c.ref)
)
ADD = insert(p)
STANDS = and_(p.c.used_at.is_(None), p.c.revoked_at.is_(None))
USE = update(p).where(p.c.ref == bindparam("is"), STANDS).values(used_at=bindparam("when"))
SENT = update(p).where(p.c.ref == bindparam("is"), p.c.sent_at.is_(None)).values(sent_at=bindparam("when"))
REVOKE = (
    update(p)
    .where(p.c.client == bindparam("of"), STANDS, p.c.expires_at > bindparam("when"))
    .values(revoked_at=bindparam("when"))
)
REVOKE_SOME = REVOKE.where(p.c.purpose == bindparam("only"))
_other = i.alias("other")
CONTACTS = (
    select(
        i.c.kind,
        i.c.value,
        v.c.how,
        exists().where(_other.c.kind == i.c.kind, _other.c.value == i.c.value, _other.c.client != i.c.client),
    )
    .outerjoin(v, and_(v.c.client == i.c.client, v.c.kind == i.c.kind, v.c.value == i.c.value))
    .where(i.c.client == bindparam("of"), i.c.kind.in_(("email", "phone")))
    .distinct()
    .order_by(i.c.kind, i.c.value)
)
CLIENT_OF_FEED = (
    select(f.c.client)
    .join(t, and_(t.c.feed == f.c.ref, t.c.generation == f.c.generation))
    .where(t.c.token_sha256 == bindparam("token"), f.c.revoked.is_(False))
)


@per_dialect
def _verify(dialect: str) -> Executable:
    return insert_new(dialect, v)


class SqlPrivateLinks(Part):
    """Implements ports.PrivateLinks."""

    def add(self, link: PrivateLink, token_sha256: bytes) -> None:
        """Keep it. Raises Conflict for a ref or a hash that is taken."""
        values: dict[str, Any] = {name: getattr(link, name) for name in FIELDS}
        self._do(ADD, values | {"token_sha256": token_sha256})

    def find(self, token_sha256: bytes) -> PrivateLink | None:
        """The link with this hash, open or not."""
        row = self._do(FIND, {"token": token_sha256}).first()
        return None if row is None else PrivateLink(*row)

    def of_client(self, client: str) -> Sequence[tuple[PrivateLink, bytes]]:
        """All that are kept, with their hashes, the newest first."""
        return [(PrivateLink(*row[:-1]), row[-1]) for row in self._do(OF_CLIENT, {"of": client})]

    def use(self, ref: str, at: datetime) -> bool:
        """Of two who come at once one is first; the other is told False."""
        return self._do(USE, {"is": ref, "when": at}).rowcount == 1

    def sent(self, ref: str, at: datetime) -> None:
        """Somebody undertook to send it; the first time stands."""
        self._do(SENT, {"is": ref, "when": at})

    def revoke(self, client: str, at: datetime, purpose: str | None = None) -> int:
        """Those that are open open nothing from now on; how many."""
        if purpose is None:
            return self._do(REVOKE, {"of": client, "when": at}).rowcount
        return self._do(REVOKE_SOME, {"of": client, "when": at, "only": purpose}).rowcount

    def contacts(self, client: str) -> Sequence[Contact]:
        """E-mail addresses and numbers on record, by kind and value."""
        rows = self._do(CONTACTS, {"of": client})
        return [Contact(kind, value, how or "", bool(shared)) for kind, value, how, shared in rows]

    def verify(self, client: str, kind: str, value: str, how: str, by: str, at: datetime) -> None:
        """The address is the client's own; the first time stands."""
        row = {"client": client, "kind": kind, "value": value, "how": how, "by": by, "at": at}
        self._do(_verify(self._dialect), row)

    def client_of_feed(self, token_sha256: bytes) -> str | None:
        """Whose feed this token opens; None for one that opens nothing (any more)."""
        client: str | None = self._do(CLIENT_OF_FEED, {"token": token_sha256}).scalar()
        return client
