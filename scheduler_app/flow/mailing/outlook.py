"""outlook: everything that decides about one client's letters, read from what we hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from scheduler_app.domain.appointments import Appointment
from scheduler_app.domain.care import entries
from scheduler_app.domain.carewords import CareTerms
from scheduler_app.domain.clients import Client
from scheduler_app.domain.clinic import COMPACT, OBSERVE, Clinic
from scheduler_app.domain.entries import APPOINTMENT, Entry
from scheduler_app.domain.mail import EVERYTHING, INVITATIONS, REPLACED, TOLD, Mail, chosen
from scheduler_app.domain.notices import WITHIN, Letter, Outlook, Told, letters, told_of, uid_of
from scheduler_app.domain.story import NOT_HELD
from scheduler_app.domain.verdict import Verdict
from scheduler_app.domain.visits import once, twins_among
from scheduler_app.flow.platforms.told import told_about
from scheduler_app.flow.publish import Press
from scheduler_app.ports import Mailer, Transaction

EMBEDDED = "embedded"


@dataclass(frozen=True, slots=True)
class Post:
    """What letters are made and sent with, handed in once by bootstrap.

    root: where subscribe pages are reached, "https://care.clinic.example/"; "" writes no link.
    """

    mailer: Mailer
    press: Press
    root: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """One client as letters see them. shown: every entry of the feed as it would be without letters. said:
    by visit, what was to be told where it was booked when we called it off."""

    client: Client
    address: str
    outlook: Outlook
    mails: Sequence[Mail]
    terms: CareTerms
    shown: Sequence[Entry]
    said: Mapping[str, str] = field(default_factory=dict)

    def wanted(self) -> tuple[Letter, ...]:
        """The letters that are wanted now."""
        return letters(self.outlook)

    def visit(self, ref: str) -> Appointment | None:
        """One of the client's visits."""
        return next((visit for visit in self.outlook.visits if visit.ref == ref), None)

    def verdict(self, ref: str) -> Verdict | None:
        """What the visit was judged to be."""
        return self.outlook.verdicts.get(ref)


def view(tx: Transaction, press: Press, client: str, now: datetime) -> View | None:
    """The client, or None for one nobody can write to: unknown, without an address, erased."""
    known = tx.clients.get(client)
    address = tx.mails.address(client)
    if known is None or address is None:
        return None
    mails = tx.mails.of_client(client)
    held = tx.appointments.of_client(client, twins=True)
    told = told_of(mails)
    copies = _copies(held, told, press.clinic.host)
    book = [*once(held), *copies, *_taken_away(tx, client, mails)]
    verdicts = {ref: held.verdict for ref, held in tx.verdicts.of_client(client).items()}
    moment = press.moment(now)
    terms = _terms(press, known)
    shown = entries(
        book,
        verdicts,
        terms,
        now,
        moment.today,
        None,
        # however far ahead an appointment lies, its invitation needs the entry
        frozenset(uid_of(APPOINTMENT, visit.ref, press.clinic.host) for visit in book),
    )
    by_mail = chosen(tx.mails.choice(client), known, press.clinic)
    outlook = Outlook(
        visits=book,
        verdicts=verdicts,
        care=[entry for entry in shown if entry.kind != APPOINTMENT],
        told=told,
        by_mail=by_mail,
        host=press.clinic.host,
        now=now,
        today=moment.today,
        floors=_floors(tx, client, mails, by_mail),
        silent=frozenset(visit.ref for visit in book if not covered(tx, press.clinic, visit)),
    )
    ended = (visit for visit in book if visit.status in NOT_HELD and visit.source in press.clinic.platforms)
    said = {visit.ref: told_about(tx, visit) for visit in ended}
    return View(known, address, outlook, mails, terms, shown, said)


def _taken_away(tx: Transaction, client: str, mails: Sequence[Mail]) -> list[Appointment]:
    """Visits the client was told of and that turned out to be somebody else's: for them, called off."""
    told = sorted({mail.appointment for mail in mails})
    visits = [visit for visit in map(tx.appointments.get, told) if visit and visit.client != client]
    return [replace(visit, status="entered-in-error", replaced_by=None) for visit in visits]


def _copies(book: Sequence[Appointment], told: dict[str, Told], host: str) -> list[Appointment]:
    """Events the client was told of before they turned out to be copies of bookings.

    What was put into the client's calendar for one leaves it for the booking's entry. Whoever was only
    written to knows of the booking from that letter, which is added to `told`.
    """
    invited = {each.last.appointment for each in told.values() if each.invited}
    copies = []
    halves = twins_among(book)
    for event in (each for each in book if each.ref in halves):
        booking = halves[event.ref]
        letter = told.get(uid_of(APPOINTMENT, event.ref, host))
        if event.ref in invited or (letter is not None and letter.last.kind == REPLACED):
            copies.append(replace(event, status="cancelled", replaced_by=booking))
        elif letter is not None:
            told.setdefault(uid_of(APPOINTMENT, booking, host), letter)
    return copies


def concerns_mail(tx: Transaction, clinic: Clinic, book: Sequence[Appointment], now: datetime) -> bool:
    """Whether a letter may be wanted at all: most of a book is over, or only observed."""
    return any(visit.end > now - WITHIN and covered(tx, clinic, visit) for visit in book)


def covered(tx: Transaction, clinic: Clinic, visit: Appointment) -> bool:
    """Whether clients may be written to about it: not while its calendar is only observed."""
    kept = clinic.calendars.get(visit.calendar or "")
    if kept is None:
        return True  # it came from a platform, which has no such state
    if kept.marks.mode == OBSERVE:
        return False
    return kept.kind == EMBEDDED or tx.states.get(kept.id).covers_booking(visit.booked_at)


def _terms(press: Press, client: Client) -> CareTerms:
    """As the feed is written, with everything in it, one entry a group."""
    terms = press.terms(client)
    feed = replace(press.clinic.feed, detail=COMPACT, possible_again=False)
    return replace(terms, clinic=replace(press.clinic, feed=feed))


def _floors(tx: Transaction, client: str, mails: Sequence[Mail], by_mail: str) -> dict[str, int]:
    """SEQUENCE of what the feed showed before it went by mail: an invitation must not fall below it."""
    asked = by_mail in (INVITATIONS, EVERYTHING)
    feed = tx.feeds.of_client(client) if asked else None
    if feed is None:
        return {}
    sent = {mail.uid for mail in mails if mail.method and mail.state in TOLD}
    return {uid: held.sequence for uid, held in tx.feeds.entries(feed.ref).items() if uid not in sent}
