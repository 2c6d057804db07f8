"""Notices: which letters a client should have got by now. Pure.

What a client was told last is written down of every visit; what they should know follows from the book
and the verdicts. Where the two differ a letter is wanted, and none where they agree: signals that come
twice, late or in any order make no second letter.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from scheduler_app.domain.appointments import Appointment
from scheduler_app.domain.care import stands
from scheduler_app.domain.entries import APPOINTMENT, Entry, instant
from scheduler_app.domain.mail import (
    AFTERCARE,
    BOOKED,
    CANCEL,
    CANCELLED,
    CARE,
    CHANGED,
    CONFIRMED,
    EVERYTHING,
    HELD,
    INVITATIONS,
    NOTHING,
    REPLACED,
    REQUEST,
    TOLD,
    Mail,
)
from scheduler_app.domain.outcome import Outcome
from scheduler_app.domain.story import NOT_HELD
from scheduler_app.domain.verdict import Verdict

NEWS = timedelta(hours=72)  # an older booking nobody wrote about is no news: the client knows of it
WITHIN = timedelta(hours=24)  # aftercare that could not go out by then is not sent any more
_OVER = (CANCELLED, REPLACED)


@dataclass(frozen=True, slots=True)
class Told:
    """What a client was told last about one uid, and whether its entry stands in their calendar."""

    last: Mail
    invited: bool


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter that is wanted. presumed: it is only to be written down, because the client knows."""

    uid: str
    appointment: str
    kind: str
    sequence: int
    digest: str
    method: str = ""
    presumed: bool = False


@dataclass(frozen=True, slots=True)
class Outlook:
    """All that decides about one client's letters.

    care: compact care entries of all visits. told: by uid. floors: SEQUENCE of entries the feed showed
    before, by uid. silent: refs of visits nobody is written to about (their calendar is only observed).
    """

    visits: Sequence[Appointment]
    verdicts: Mapping[str, Verdict]
    care: Sequence[Entry]
    told: Mapping[str, Told]
    by_mail: str
    host: str
    now: datetime
    today: int
    floors: Mapping[str, int] = field(default_factory=dict)
    silent: frozenset[str] = frozenset()


def told_of(mails: Sequence[Mail]) -> dict[str, Told]:
    """What is told by these letters, by uid. mails: in order of sequence within each uid."""
    told: dict[str, Told] = {}
    for mail in mails:
        if mail.state in TOLD:
            before = told.get(mail.uid)
            arrived = mail.state in ("sending", "sent")
            told[mail.uid] = Told(mail, mail.invited if arrived else bool(before and before.invited))
    return told


def letters(outlook: Outlook) -> tuple[Letter, ...]:
    """Every letter that is wanted now, in the order in which they should arrive."""
    wanted = []
    # what was called off first, so that it leaves a calendar before something takes its place
    for visit in sorted(outlook.visits, key=lambda one: (one.status not in NOT_HELD, one.start, one.ref)):
        about = (_of_visit(visit, outlook), _aftercare(visit, outlook))
        wanted += [letter for letter in about if letter is not None]
        wanted += _of_care(visit, outlook)
    return tuple(wanted)


def standing(visit: Appointment, verdict: Verdict | None, outlook: Outlook) -> str:
    """What the client should know of the visit: `booked`, `held`, `cancelled`, `replaced`, or "" for nothing.

    Nobody is told about a visit that has begun: after an outage of days that would be no help any more.
    """
    if visit.start <= outlook.now or visit.status == "noshow":
        return ""
    if visit.status in NOT_HELD:
        live = {each.ref for each in outlook.visits if each.status not in NOT_HELD}
        return REPLACED if visit.replaced_by in live else CANCELLED
    if verdict is None:
        return ""
    if verdict.outcome is Outcome.BLOCKED and not stands(visit, verdict, outlook.today):
        return HELD
    return BOOKED if visit.status not in ("proposed", "pending") else ""


def uid_of(kind: str, ref: str, host: str) -> str:
    """As the feed names its entries."""
    return f"{kind}.{ref}@{host}"


def care_of(visit: Appointment, care: Sequence[Entry]) -> tuple[list[Entry], list[Entry]]:
    """The visit's care entries: those over by its start, and the others."""
    own = [entry for entry in care if entry.uid.partition(".")[2].partition("@")[0] == visit.ref]
    before = [entry for entry in own if instant(entry.end) <= visit.start]
    return before, [entry for entry in own if entry not in before]


def _of_visit(visit: Appointment, outlook: Outlook) -> Letter | None:
    uid = uid_of(APPOINTMENT, visit.ref, outlook.host)
    told = outlook.told.get(uid)
    known = standing(visit, outlook.verdicts.get(visit.ref), outlook)
    if not known or (known in _OVER and (told is None or told.last.kind in _OVER)):
        return None
    invited = bool(told and told.invited)
    if known == REPLACED and not invited:
        return None  # the letter about what took its place says it all
    method = _method(known, invited, outlook)
    digest = _digest(visit, known, method)
    if told is not None and told.last.digest == digest:
        return None
    silent = outlook.by_mail == NOTHING or visit.ref in outlook.silent
    moved_from = _told_of_predecessor(visit, outlook)
    old = told is None and not moved_from and not method and not _is_news(visit, outlook.now)
    kind = _kind(visit, known, told, moved_from)
    return Letter(uid, visit.ref, kind, _sequence(uid, told, outlook), digest, method, silent or old)


def _method(known: str, invited: bool, outlook: Outlook) -> str:
    if known in _OVER:
        return CANCEL if invited else ""
    if known == HELD:
        return REQUEST if invited else ""  # a visit that is not confirmed is not put into a calendar
    return REQUEST if invited or outlook.by_mail in (INVITATIONS, EVERYTHING) else ""


def _kind(visit: Appointment, known: str, told: Told | None, moved_from: bool) -> str:
    if known != BOOKED:
        return known
    if told is None:
        return CHANGED if moved_from else BOOKED
    if told.last.kind == HELD:
        return CONFIRMED
    same = told.last.digest == _digest(visit, known, told.last.method)
    return BOOKED if same or told.last.kind in _OVER else CHANGED


def _told_of_predecessor(visit: Appointment, outlook: Outlook) -> bool:
    return any(
        each.replaced_by == visit.ref and uid_of(APPOINTMENT, each.ref, outlook.host) in outlook.told
        for each in outlook.visits
    )


def _is_news(visit: Appointment, now: datetime) -> bool:
    return (visit.booked_at or visit.reported_at) > now - NEWS


def _sequence(uid: str, told: Told | None, outlook: Outlook) -> int:
    return max(told.last.sequence if told else -1, outlook.floors.get(uid, -1)) + 1


def _digest(visit: Appointment, known: str, method: str) -> str:
    said: tuple[str, ...] = (known, visit.start.isoformat(), method)
    if known == BOOKED:
        said += (visit.end.isoformat(), visit.location, *visit.treatments)
    return sha256("\0".join(said).encode("utf-8", "surrogatepass")).hexdigest()


def _aftercare(visit: Appointment, outlook: Outlook) -> Letter | None:
    uid = uid_of(AFTERCARE, visit.ref, outlook.host)
    done = visit.end <= outlook.now or (visit.status == "fulfilled" and visit.start <= outlook.now)
    late = outlook.now >= visit.end + WITHIN
    if not done or late or visit.status in NOT_HELD or uid in outlook.told:
        return None
    if outlook.by_mail == NOTHING or visit.ref in outlook.silent:
        return None
    if not stands(visit, outlook.verdicts.get(visit.ref), outlook.today):
        return None
    _, after = care_of(visit, outlook.care)
    if not any(instant(entry.end) > outlook.now for entry in after):
        return None
    return Letter(uid, visit.ref, AFTERCARE, 0, sha256(uid.encode()).hexdigest())


def _of_care(visit: Appointment, outlook: Outlook) -> list[Letter]:
    """Care entries as invitations, for clients who have them all by mail: one message each (RFC 6047)."""
    if visit.ref in outlook.silent or outlook.by_mail == NOTHING:
        return []
    before, after = care_of(visit, outlook.care)
    wanted = {entry.uid: entry for entry in (*before, *after)} if outlook.by_mail == EVERYTHING else {}
    found = []
    for uid, entry in sorted(wanted.items()):
        told = outlook.told.get(uid)
        digest = sha256(f"{entry.digest} {REQUEST}".encode()).hexdigest()
        if instant(entry.end) > outlook.now and (told is None or told.last.digest != digest):
            sequence = _sequence(uid, told, outlook)
            found.append(Letter(uid, visit.ref, CARE, sequence, digest, REQUEST))
    for uid, told in sorted(outlook.told.items()):
        mine = told.last.kind == CARE and told.last.appointment == visit.ref
        if mine and told.invited and uid not in wanted and outlook.now < visit.end + WITHIN:
            digest = sha256(f"{uid} {CANCEL}".encode()).hexdigest()
            if told.last.digest == digest:
                continue  # it was refused, and asking again would be refused again
            found.append(Letter(uid, visit.ref, CARE, told.last.sequence + 1, digest, CANCEL))
    return found
