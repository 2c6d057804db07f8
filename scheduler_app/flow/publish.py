"""publish: one client's feed is brought up to what their appointments and verdicts say, as stored bytes.

Polls are answered with these bytes and nothing is rendered then. Whatever is unchanged is not written:
the same story gives the same entries, blocks and bytes, so publishing twice is publishing once.
"""

import gzip
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from scheduler_app import ics
from scheduler_app.domain.appointments import Appointment
from scheduler_app.domain.care import entries
from scheduler_app.domain.carelines import CareLine, Precedence
from scheduler_app.domain.carewords import CareTerms
from scheduler_app.domain.catalogue import Catalogue
from scheduler_app.domain.clients import Client
from scheduler_app.domain.clinic import Clinic
from scheduler_app.domain.entries import Feed, FeedBytes, PublishedEntry
from scheduler_app.domain.judging import judge
from scheduler_app.domain.rules import Rulebook
from scheduler_app.domain.story import NOT_HELD, Visit
from scheduler_app.domain.tokens import checked_key, stored_form, token
from scheduler_app.domain.visits import once
from scheduler_app.errors import Invalid
from scheduler_app.flow.holds import settled_verdicts
from scheduler_app.flow.mailing.reach import terms_of
from scheduler_app.flow.revision import Moment, Revision, revise
from scheduler_app.flow.story import recorded, tell
from scheduler_app.ports import Store, Transaction
from scheduler_app.texts.care_phrases import care_phrases
from scheduler_app.texts.words import REFERENCE

LARGEST = 900_000  # bytes of entries in one feed: Google reads no calendar beyond a megabyte


@dataclass(frozen=True, slots=True)
class Press:
    """What every feed is made with, handed in once by bootstrap.

    care: every line in every language (rulebook). keys: for tokens, the newest first. publish_unapproved:
    texts nobody signed are shown, under a banner (the demo). Raises Invalid for keys that are none.
    """

    clinic: Clinic
    catalogue: Catalogue
    rulebook: Rulebook
    care: Mapping[str, Sequence[CareLine]]
    keys: Sequence[bytes]
    precedence: Sequence[Precedence] = ()
    publish_unapproved: bool = False
    names: Mapping[str, str] = field(init=False)
    lines: Mapping[str, Sequence[CareLine]] = field(init=False)

    def __post_init__(self) -> None:
        if not self.keys:
            raise Invalid("feed-key-missing", "feeds need a key for their tokens", "keys")
        for key in self.keys:
            checked_key(key)
        names = {code: treatment.name for code, treatment in self.catalogue.treatments.items()}
        object.__setattr__(self, "names", names)
        object.__setattr__(self, "lines", {language: self._lines(language) for language in self.care})

    def terms(self, client: Client) -> CareTerms:
        """On what terms this client's feed is written, as if nothing went by mail."""
        language = client.language if client.language in self.care else self.clinic.languages[0]
        return CareTerms(
            clinic=self.clinic,
            lines=self.lines.get(language, ()),
            phrases=care_phrases(language, self.clinic.name),
            precedence=self.precedence,
            names=self.names,
            privacy=client.privacy or self.clinic.privacy,
            publish_unapproved=self.publish_unapproved,
        )

    def _lines(self, language: str) -> Sequence[CareLine]:
        """The language's lines; one nobody signed as it was signed in English, or in the first language.

        To be told in another language what to do is better than not to be told.
        """
        spoken = REFERENCE if REFERENCE in self.care else self.clinic.languages[0]
        signed = {line.code: line for line in self.care.get(spoken, ()) if line.approved_by is not None}
        if self.publish_unapproved:
            return self.care[language]
        return [
            signed.get(line.code, line) if line.approved_by is None else line for line in self.care[language]
        ]

    def moment(self, now: datetime) -> Moment:
        """Now, and the clinic's local day."""
        today = now.astimezone(ZoneInfo(self.clinic.location.zone)).toordinal()
        return Moment(now, today, timedelta(days=self.clinic.feed.history_days))


@dataclass(frozen=True, slots=True)
class Due:
    """What has to be written to bring a feed up to date; served is None while it has no entry at all."""

    feed: Feed
    new: bool
    revision: Revision
    held: Mapping[str, PublishedEntry]
    stamp: tuple[str, datetime] | None


@dataclass(frozen=True, slots=True)
class Made:
    """Entries and bytes, ready to be stored."""

    rows: Sequence[PublishedEntry]
    served: FeedBytes | None


def publish(store: Store, press: Press, client: str, now: datetime) -> bool:
    """Bring the client's feed up to date; whether anything had to be written.

    The feed is opened with the client's first appointment. One whose link was withdrawn is kept up to
    date too: nobody is shown it, and a new link opens it as it should be.

    Everything is made outside the writing transaction, which is brief. What is booked or judged meanwhile
    asks for another publish of its own. Raises Unavailable; nothing is half written then.
    """
    with store.reading() as tx:
        found = due(tx, press, client, now)
    if found is None:
        return False
    made = make(press, found, now)
    with store.transaction() as tx:
        if tx.feeds.stamp(found.feed.ref) != found.stamp:  # somebody else published meanwhile
            found = due(tx, press, client, now)
            if found is None:
                return False
            made = make(press, found, now)
        write(tx, press, found, made)
    return True


def due(tx: Transaction, press: Press, client: str, now: datetime) -> Due | None:
    """What must be written, or None when the feed says what it should, or there is nothing to say."""
    told = tx.appointments.of_client(client, twins=True)
    book = once(told)
    feed = tx.feeds.of_client(client)
    known = tx.clients.get(client)
    if known is None or (feed is None and not book):
        return None
    new = feed is None
    feed = feed or Feed(feed_ref(client), client)
    held = {} if new else tx.feeds.entries(feed.ref)
    stamp = None if new else tx.feeds.stamp(feed.ref)
    terms = terms_of(tx, press, known)
    at = press.moment(now)
    wanted = entries(
        book,
        settled_verdicts(tx, client, told, now),
        terms,
        now,
        at.today,
        _possible_again(tx, press, client, told, at.today) if terms.clinic.feed.possible_again else None,
        frozenset(uid for uid, entry in held.items() if entry.block),
    )
    live = {visit.ref for visit in told if visit.status not in NOT_HELD}
    revision = revise(held, wanted, live, at, terms.phrases)
    if new or revision.changes or revision.retired or _stale(press, held, stamp, now):
        return Due(feed, new, revision, held, stamp)
    return None


def make(press: Press, due: Due, now: datetime) -> Made:
    """Render what changed, and join all of it."""
    rows = due.revision.rows()
    body = _body(press, {**due.held, **{row.uid: row for row in rows}}, now)
    return Made(rows, None if body is None else served(body, due.stamp, now))


def write(tx: Transaction, press: Press, due: Due, made: Made) -> None:
    """Store it: the entries that changed, and the bytes made of all of them."""
    if due.new:
        tx.feeds.put(due.feed, stored_form(token(press.keys[0], due.feed)))
    tx.feeds.put_entries(due.feed.ref, made.rows, ())
    if made.served is not None:
        tx.feeds.put_bytes(due.feed.ref, made.served)


def served(body: bytes, stamp: tuple[str, datetime] | None, now: datetime) -> FeedBytes:
    """The answer to polls, zipped once and lightly: level 1 costs a quarter of 6 and a seventh more bytes.

    Its time rises by a second at least with every change.
    """
    changed_at = now.replace(microsecond=0)
    if stamp is not None:
        changed_at = max(changed_at, stamp[1] + timedelta(seconds=1))
    return FeedBytes(body, gzip.compress(body, 1, mtime=0), _etag(body), changed_at)


def feed_ref(client: str) -> str:
    """A client has one feed, so its ref follows from theirs, and two publishers make the same one."""
    return "f" + sha256(f"feed {client}".encode()).hexdigest()[:24]


def _body(press: Press, shown: Mapping[str, PublishedEntry], now: datetime) -> bytes | None:
    blocks = [entry.block for _, entry in sorted(_fitting(shown, now).items()) if entry.block]
    if not blocks:
        return None  # a calendar without entries makes some programs drop it, others keep what is wrong
    return ics.join(ics.head(press.clinic.name, press.clinic.feed.refresh_hours), blocks)


def _fitting(shown: Mapping[str, PublishedEntry], now: datetime) -> Mapping[str, PublishedEntry]:
    """What a feed holds that must stay readable: first what comes next, then what was last."""
    if sum(len(entry.block) for entry in shown.values()) <= LARGEST:
        return shown
    size = 0
    kept: dict[str, PublishedEntry] = {}
    for entry in sorted(
        shown.values(), key=lambda each: (each.ends_at <= now, abs(each.ends_at - now), each.uid)
    ):
        size += len(entry.block)
        if kept and size > LARGEST:
            break
        kept[entry.uid] = entry
    return kept


def _stale(
    press: Press, held: Mapping[str, PublishedEntry], stamp: tuple[str, datetime] | None, now: datetime
) -> bool:
    """Whether the same entries make other bytes: the clinic changed its name, or the bytes were lost."""
    body = _body(press, held, now)
    return body is not None and (stamp is None or stamp[0] != _etag(body))


def _etag(body: bytes) -> str:
    return f'"{sha256(body).hexdigest()}"'


def _possible_again(
    tx: Transaction, press: Press, client: str, book: Sequence[Appointment], today: int
) -> Mapping[str, int]:
    """The first clear day of every treatment that is offered and not clear today."""
    story = tell(book, recorded(tx, client), press.catalogue, today)
    days = {}
    for code, treatment in press.catalogue.treatments.items():
        if treatment.offered and not treatment.medication:
            day = judge(Visit("", (code,), today), story, press.rulebook, today).earliest
            if day is not None and day > today:
                days[code] = day
    return days
