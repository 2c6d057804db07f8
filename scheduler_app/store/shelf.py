"""The hot paths of those who only read: polls of feeds, and programs that ask with a key.

A poll asks one narrow question each time, so that a revoked token is known at once; the bytes are read
only when they changed. Last good bytes are kept in memory for the time the database is away.
"""

import threading
from collections import OrderedDict
from datetime import UTC, datetime
from hashlib import sha256

from sqlalchemy import and_, bindparam, or_, select

from scheduler_app.domain.entries import FeedBytes
from scheduler_app.errors import Unavailable
from scheduler_app.ports import ApiKey
from scheduler_app.store.database import SqlStore
from scheduler_app.store.doors import FIND_KEY
from scheduler_app.store.readers import reader
from scheduler_app.store.tables import feed_bytes as b
from scheduler_app.store.tables import feed_tokens as t
from scheduler_app.store.tables import feeds as f

KEPT_BYTES = 64 * 1024 * 1024
_OPENS = t.join(f, f.c.ref == t.c.feed).outerjoin(b, b.c.feed == f.c.ref)
_REVOKED = or_(f.c.revoked, f.c.generation != t.c.generation)
_OF_TOKEN = t.c.token_sha256 == bindparam("token")
STATE = select(b.c.etag, _REVOKED).select_from(_OPENS).where(_OF_TOKEN)
BYTES = (
    select(b.c.body, b.c.zipped, b.c.etag, b.c.changed_at)
    .select_from(_OPENS)
    .where(and_(_OF_TOKEN, b.c.etag.is_not(None)))
)
EMPTY = f'"{sha256(b"").hexdigest()}"'
GONE = FeedBytes(b"", b"", EMPTY, datetime(1970, 1, 1, tzinfo=UTC), revoked=True)


class SqlFeedShelf:
    """Implements ports.FeedShelf. kept_bytes bounds the memory for last good bytes."""

    def __init__(self, store: SqlStore, kept_bytes: int = KEPT_BYTES) -> None:
        self._state = reader(store, STATE)
        self._bytes = reader(store, BYTES)
        self._last = _LastGood(kept_bytes)

    def find(self, token_sha256: bytes) -> FeedBytes | None:
        """What the token opens, with revoked=True for one that did; None for one that never did, or
        whose feed has no bytes yet.

        While the database is away the answer is what it was the last time. Raises Unavailable where
        nobody asked for this token yet.
        """
        try:
            return self._find(token_sha256)
        except Unavailable:
            last = self._last.get(token_sha256)
            if last is None:
                raise
            return last

    def close(self) -> None:
        """Let go of the connections."""
        self._state.close()
        self._bytes.close()

    def _find(self, token: bytes) -> FeedBytes | None:
        state = self._state.first(token)
        if state is None:
            return None
        etag, revoked = state
        if revoked:
            self._last.put(token, GONE)
            return GONE
        if etag is None:
            return None
        known = self._last.get(token)
        if known is not None and known.etag == etag:
            return known
        row = self._bytes.first(token)
        if row is None:
            return None
        found = FeedBytes(*row)
        self._last.put(token, found)
        return found


class SqlKeyShelf:
    """Implements ports.KeyShelf."""

    def __init__(self, store: SqlStore) -> None:
        self._keys = reader(store, FIND_KEY)

    def find(self, sha256: bytes) -> ApiKey | None:
        """The key with this hash, unless it was revoked. Raises Unavailable."""
        row = self._keys.first(sha256)
        return None if row is None else ApiKey(*row)

    def close(self) -> None:
        """Let go of the connections."""
        self._keys.close()


class _LastGood:
    """What tokens opened the last time, the least asked for dropped first."""

    _OVERHEAD = 500  # bytes, for the objects around an answer

    def __init__(self, most: int) -> None:
        self._most = most
        self._size = 0
        self._answers: OrderedDict[bytes, FeedBytes] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, token: bytes) -> FeedBytes | None:
        with self._lock:
            answer = self._answers.get(token)
            if answer is not None:
                self._answers.move_to_end(token)
            return answer

    def put(self, token: bytes, answer: FeedBytes) -> None:
        with self._lock:
            self._forget(self._answers.pop(token, None))
            self._answers[token] = answer
            self._size += self._weight(answer)
            while self._size > self._most and self._answers:
                self._forget(self._answers.popitem(last=False)[1])

    def _forget(self, answer: FeedBytes | None) -> None:
        if answer is not None:
            self._size -= self._weight(answer)

    def _weight(self, answer: FeedBytes) -> int:
        return len(answer.body) + len(answer.zipped) + self._OVERHEAD
