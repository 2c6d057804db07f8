"""Who did what, and which programs may ask."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam, insert, select, update

from scheduler_app.errors import NotFound
from scheduler_app.ports import ApiKey
from scheduler_app.store.part import Part
from scheduler_app.store.tables import api_keys as k
from scheduler_app.store.tables import audit_log as log

WRITE = insert(log)
NEWEST = (
    select(log.c.at, log.c.who, log.c.what, log.c.target, log.c.detail)
    .order_by(log.c.id.desc())
    .limit(bindparam("most"))
)
NEWEST_OF = NEWEST.where(log.c.target == bindparam("of"))
ADD_KEY = insert(k)
WHOLE_KEY = select(k.c.id, k.c.name, k.c.scopes, k.c.created_at, k.c.revoked_at)
FIND_KEY = WHOLE_KEY.where(k.c.sha256 == bindparam("is"), k.c.revoked_at.is_(None))
KEYS = WHOLE_KEY.order_by(k.c.created_at, k.c.id)
KEY = WHOLE_KEY.where(k.c.id == bindparam("is"))
REVOKE = (
    update(k).where(k.c.id == bindparam("is"), k.c.revoked_at.is_(None)).values(revoked_at=bindparam("when"))
)


class SqlAuditLog(Part):
    """Implements ports.AuditLog."""

    def write(self, at: datetime, who: str, what: str, target: str, detail: Mapping[str, str]) -> None:
        """Append."""
        row = {"at": at, "who": who, "what": what, "target": target, "detail": dict(detail)}
        self._do(WRITE, row)

    def entries(self, target: str | None = None, limit: int = 100) -> Sequence[Mapping[str, str]]:
        """Newest first: at (ISO, UTC), who, what, target, and the detail's own keys."""
        query, values = (NEWEST, {}) if target is None else (NEWEST_OF, {"of": target})
        return [
            {**row.detail, "at": row.at.isoformat(), "who": row.who, "what": row.what, "target": row.target}
            for row in self._do(query, {**values, "most": limit})
        ]


class SqlApiKeys(Part):
    """Implements ports.ApiKeys."""

    def add(self, key: ApiKey, sha256: bytes) -> None:
        """Let it in. Raises Conflict when the id or the hash is taken."""
        values = {"id": key.id, "sha256": sha256, "name": key.name, "scopes": key.scopes}
        self._do(ADD_KEY, values | {"created_at": key.created_at, "revoked_at": key.revoked_at})

    def find(self, sha256: bytes) -> ApiKey | None:
        """The key with this hash, unless it was revoked."""
        row = self._do(FIND_KEY, {"is": sha256}).first()
        return None if row is None else ApiKey(*row)

    def revoke(self, id: str, at: datetime) -> None:
        """It opens nothing from now on; twice is once. Raises NotFound."""
        if self._do(KEY, {"is": id}).first() is None:
            raise NotFound("no API key goes by this id")
        self._do(REVOKE, {"is": id, "when": at})

    def list(self) -> Sequence[ApiKey]:
        """All ever made, oldest first."""
        return [ApiKey(*row) for row in self._do(KEYS)]
