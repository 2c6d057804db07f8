"""Taking a person out of every table. What stays is a ref the audit log speaks of, and nothing else."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import bindparam, delete, or_, select, update

from scheduler_app.domain.private_links import CLIENT as THE_CLIENT
from scheduler_app.domain.story import NOT_HELD
from scheduler_app.store import tables as t
from scheduler_app.store.mentions import Do, PersonsWords, mentioned_deliveries
from scheduler_app.store.sql import insert_new, per_dialect, upsert
from scheduler_app.store.whereabouts import CLIENT, HELD, VISITS

ERASED = "erased"
# What stays, and what becomes of it: the feed answers 410, the rest says nothing about anybody.
STAYS = frozenset({t.clients, t.feeds, t.feed_tokens, t.erasures, t.audit_log})
GOES = {table: delete(table).where(where) for table, where in HELD.items() if table not in STAYS}
EVENTS = select(t.appointments.c.source, t.appointments.c.source_id).where(t.appointments.c.client == CLIENT)
EMPTY_CLIENT = (
    update(t.clients)
    .where(t.clients.c.ref == bindparam("of"))
    .values(name="", search="", code=None, language="", privacy="", invitations=False)
)
CLOSE_FEED = update(t.feeds).where(t.feeds.c.client == bindparam("of")).values(revoked=True)
UNASSIGNED = select(t.appointments).where(t.appointments.c.client.is_(None))
ADOPT = update(t.appointments).where(t.appointments.c.ref == bindparam("is")).values(client=bindparam("of"))
_a, _c = t.appointments, t.calendar_events
LOOSE_EVENTS = select(_c.c.calendar, _c.c.id, _c.c.title, _c.c.description, _c.c.attendees)
BLANK_EVENT = (
    update(_c)
    .where(_c.c.calendar == bindparam("of"), _c.c.id == bindparam("is"))
    .values(title=ERASED, description="", attendees=[], mark=None)
)
OTHERS_EVENT = select(_a.c.ref).where(
    _a.c.source == bindparam("of"), _a.c.source_id == bindparam("is"), _a.c.client.is_not(None)
)
BLANK_DELIVERY = (
    update(t.deliveries)
    .where(t.deliveries.c.source == bindparam("of"), t.deliveries.c.key == bindparam("is"))
    .values(body=b"", error=ERASED, settled_at=bindparam("when"))
)
LOGGED = select(t.audit_log.c.id, t.audit_log.c.who, t.audit_log.c.detail).where(
    or_(t.audit_log.c.target == CLIENT, t.audit_log.c.target.in_(VISITS))
)
RELOG = update(t.audit_log).where(t.audit_log.c.id == bindparam("is"))


@per_dialect
def _gone(dialect: str) -> Any:
    return insert_new(dialect, t.erased_events)


@per_dialect
def _erased(dialect: str) -> Any:
    return upsert(dialect, t.erasures, keep=["asked_by", "asked_at"])


def event_key(source: str, source_id: str) -> bytes:
    """What is remembered of an event that must not bring somebody back."""
    return sha256(f"{len(source)} {source} {source_id}".encode()).digest()


class Erasing:
    """One person's erasure, on the connection of one transaction."""

    def __init__(self, do: Do, dialect: str, client: str, words: PersonsWords) -> None:
        self._do = do
        self._dialect = dialect
        self._client = client
        self._words = words
        self._count: Counter[str] = Counter()

    def erase(self, by: str, at: datetime) -> Mapping[str, int]:
        """Everything that points at the person, then everything that only speaks of them."""
        self._adopt(at)
        self._relog()
        keys = {event_key(row.source, row.source_id) for row in self._do(EVENTS, {"client": self._client})}
        if keys:
            self._do(_gone(self._dialect), [{"key_sha256": key} for key in sorted(keys)])
        for table, going in GOES.items():
            self._count[table.name] += self._do(going, {"client": self._client}).rowcount
        self._do(EMPTY_CLIENT, {"of": self._client})
        self._do(CLOSE_FEED, {"of": self._client})
        row = {"client": self._client, "asked_by": by, "asked_at": at, "erased_by": by, "erased_at": at}
        self._do(_erased(self._dialect), row)
        self._blank_events()
        self._blank_deliveries(at)
        return {table: count for table, count in sorted(self._count.items()) if count}

    def _adopt(self, at: datetime) -> None:
        """Bookings nobody assigned that speak of the person, and are over, go with them."""
        for visit in self._do(UNASSIGNED).all():
            if self._certain(visit.title):
                if visit.end < at or visit.status in NOT_HELD:
                    self._do(ADOPT, {"is": visit.ref, "of": self._client})
                else:
                    self._count[""] += 1

    def _relog(self) -> None:
        """The trail without the person: what programs wrote down about who said something, too."""
        for entry in self._do(LOGGED, {"client": self._client}).all():
            said = json.dumps(dict(entry.detail), ensure_ascii=False)
            if self._speaks(entry.who):
                self._do(RELOG.values(who=THE_CLIENT), {"is": entry.id})
            if self._speaks(said):
                self._do(RELOG.values(detail={ERASED: "yes"}), {"is": entry.id})

    def _blank_events(self) -> None:
        """Events of our own calendars that nobody's appointment was read from."""
        for event in self._do(LOOSE_EVENTS).all():
            told = (event.title, event.description, *_guests(event.attendees))
            if not self._speaks(*told):
                continue
            source = {"of": f"calendar:{event.calendar}", "is": event.id}
            if self._do(OTHERS_EVENT, source).first() is not None:
                continue  # somebody else's appointment: a namesake, or a contact they share
            if self._certain(*told):
                self._do(BLANK_EVENT, {"of": event.calendar, "is": event.id})
                self._count[_c.name] += 1

    def _blank_deliveries(self, at: datetime) -> None:
        for row in mentioned_deliveries(self._do, self._words):
            self._do(BLANK_DELIVERY, {"of": row.source, "is": row.key, "when": at})
            self._count[t.deliveries.name] += 1

    def _speaks(self, *texts: str) -> bool:
        return self._words.certain_in(*texts) or self._words.named_in(*texts)

    def _certain(self, *texts: str) -> bool:
        """Whether the person is meant; a name that others bear too is counted as left."""
        if self._words.certain_in(*texts):
            return True
        self._count[""] += self._words.named_in(*texts)
        return False


def _guests(attendees: Iterable[Mapping[str, str]]) -> Iterable[str]:
    for guest in attendees:
        yield from (str(value) for value in guest.values())
