"""composing: one letter that was written down becomes words, out of what we hold when it is sent. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from scheduler_app import ics
from scheduler_app.domain.appointments import Appointment
from scheduler_app.domain.care import entries
from scheduler_app.domain.clinic import Clinic
from scheduler_app.domain.entries import APPOINTMENT, Entry
from scheduler_app.domain.mail import (
    AFTERCARE,
    CANCEL,
    CANCELLED,
    CARE,
    EVERYTHING,
    HELD,
    REPLACED,
    Mail,
    Mailbox,
    OutgoingMail,
    message_id,
)
from scheduler_app.domain.notices import care_of, uid_of
from scheduler_app.flow.mailing.outlook import View
from scheduler_app.texts.mail.letter import Facts, letter


def compose(seen: View, mail: Mail, visit: Appointment, link: str) -> OutgoingMail:
    """The letter, whole. The same state of the same visit gives the same bytes, whoever sends it again.

    link: to the subscribe page; "" for none.
    """
    clinic = seen.terms.clinic
    sender = sender_of(clinic)
    recipient = Mailbox(seen.address, seen.client.name)
    entry = _entry(seen, mail, visit)
    said = letter(_facts(seen, mail, visit, entry, link), seen.client.language)
    invitation = None
    if mail.method:
        invitation = ics.invitation(entry, mail.sequence, mail.created_at, mail.method, sender, recipient)
    return OutgoingMail(
        id=message_id(mail.key, clinic.host),
        sender=sender,
        recipient=recipient,
        subject=said.subject,
        text=said.text,
        html=said.html,
        at=mail.created_at,
        invitation=invitation,
        method=mail.method,
        language=seen.client.language,
    )


def sender_of(clinic: Clinic) -> Mailbox:
    """Who letters are from, and who organises what is in them: replies and answers reach somebody there."""
    return Mailbox(clinic.mail.sender or clinic.email, clinic.mail.sender_name or clinic.name)


def _facts(seen: View, mail: Mail, visit: Appointment, entry: Entry, link: str) -> Facts:
    terms, clinic = seen.terms, seen.terms.clinic
    place = clinic.locations.get(visit.location, clinic.location)
    verdict = seen.verdict(visit.ref)
    before, after = care_of(visit, seen.outlook.care)
    over = mail.kind in (CANCELLED, REPLACED, HELD)
    named = "" if terms.discreet else ", ".join(terms.names.get(code, code) for code in visit.treatments)
    if mail.kind == CARE:
        before, after = [entry], []
    elif over:
        before, after = [], []
    elif mail.kind == AFTERCARE:
        before = []
    else:
        after = []
    return Facts(
        kind=mail.kind,
        name=seen.client.name,
        clinic=clinic.name,
        phone=clinic.phone,
        location=place.name,
        start=visit.start,
        zone=visit.zone,
        treatments=named,
        sentence=terms.phrases.refusal(verdict) if verdict else seen.said.get(visit.ref, ""),
        before=before,
        after=after,
        # a feed that holds nothing is not offered
        link="" if mail.kind == CARE or seen.outlook.by_mail == EVERYTHING else link,
        method=mail.method,
    )


def _entry(seen: View, mail: Mail, visit: Appointment) -> Entry:
    """The entry the letter is about, called off where it says so."""
    uid = mail.uid if mail.kind == CARE else uid_of(APPOINTMENT, visit.ref, seen.terms.clinic.host)
    entry = _found(uid, seen.shown) or _found(uid, _as_if_on(seen, visit)) or _bare(uid, seen, visit)
    if mail.method != CANCEL:
        return entry
    phrases = seen.terms.phrases
    title = phrases.cancelled_title(entry.title.removeprefix(phrases.not_confirmed_title("")))
    return replace(entry, title=title, text="", cancelled=True, tentative=False, alarm=None)


def _found(uid: str, shown: Sequence[Entry]) -> Entry | None:
    return next((entry for entry in shown if entry.uid == uid), None)


def _as_if_on(seen: View, visit: Appointment) -> Sequence[Entry]:
    """The entries the visit would have if it took place: what is called off has none, but had some."""
    outlook = seen.outlook
    uid = uid_of(APPOINTMENT, visit.ref, outlook.host)
    on = replace(visit, status="fulfilled")
    return entries([on], {}, seen.terms, outlook.now, outlook.today, None, frozenset({uid}))


def _bare(uid: str, seen: View, visit: Appointment) -> Entry:
    title = seen.terms.phrases.appointment
    return Entry(
        uid, uid.partition(".")[0], visit.start, visit.end, title, "", busy=uid.startswith(APPOINTMENT)
    )
