"""decide: what a person settles about one appointment: a finding that may stand, and who the client is."""

from dataclasses import replace

from scheduler_app.domain.appointments import Appointment
from scheduler_app.domain.clients import Client, Identifier
from scheduler_app.domain.identity import normal_code, normal_email
from scheduler_app.domain.outcome import Outcome
from scheduler_app.domain.story import Override
from scheduler_app.domain.visits import as_one, name_of
from scheduler_app.errors import Invalid, NotFound
from scheduler_app.flow.flow import JUDGE, Flow
from scheduler_app.flow.pairing import keys_of_copies
from scheduler_app.flow.record import LONGEST_NAME, LONGEST_NOTE, PRACTITIONER, Speaker
from scheduler_app.flow.take import judge_key, new_client_ref
from scheduler_app.ports import Transaction

OVERRIDE_REASONS = (
    "clinical-judgement",
    "treated-area-differs",
    "history-not-relevant",
    "agreed-with-prescriber",
    "other",  # needs a comment
)
_ABOUT_THE_PERSON = frozenset({"client-unknown", "identity-doubtful"})


def override(
    flow: Flow, appointment: str, finding: str, speaker: Speaker, *, reason: str, comment: str = ""
) -> Override:
    """A practitioner lets one blocked or review finding stand. finding: its Finding.key.

    It holds for this date and these treatments only: move the visit and it is void. Raises Invalid for
    a reason that is none, a finding that does not stand (any more) or needs no override, NotFound.
    """
    _may_override(speaker, reason, comment)
    now = flow.clock()
    with flow.store.transaction() as tx:
        visit = _whole(tx, _visit(tx, appointment))
        appointment = visit.ref
        if visit.client is None:
            raise Invalid("client-unknown", "say first whose appointment it is", "appointment")
        held = tx.verdicts.get(appointment)
        found = [f for f in held.verdict.findings if f.key == finding] if held else []
        if not found or found[0].outcome < Outcome.REVIEW:
            raise Invalid(
                "finding-unknown",
                "no blocked or review finding of this key stands now; look at the appointment again",
                "finding",
            )
        given = Override(
            appointment,
            visit.day,
            visit.treatments,
            finding,
            reason,
            speaker.who,
            comment.strip(),
            now.timestamp(),
        )
        tx.records.add_override(given, visit.client)
        tx.audit.write(now, speaker.who, "finding-overridden", appointment, {"reason": reason})
        tx.work.touch(JUDGE, visit.client)
    return given


def _may_override(speaker: Speaker, reason: str, comment: str) -> None:
    if speaker.role != PRACTITIONER:
        raise Invalid("not-a-practitioner", "only a practitioner lets a finding stand", "by")
    if reason not in OVERRIDE_REASONS:
        raise Invalid("reason-unknown", f"reason must be one of {', '.join(OVERRIDE_REASONS)}", "reason")
    if reason == "other" and not comment.strip():
        raise Invalid("comment-missing", "say in the comment why", "comment")
    if len(comment) > LONGEST_NOTE:
        raise Invalid("note-too-long", f"at most {LONGEST_NOTE} characters", "comment")


def confirm_client(flow: Flow, appointment: str, client: str, speaker: Speaker) -> Appointment:
    """A person says whose appointment it is. It holds for this one, whatever its source says later.

    Of a series it holds for all instances, but those about which a person said something else; of a
    booking also for its copy in the calendar. Raises NotFound for either. What a name, an address or a
    number means elsewhere does not change.
    """
    now = flow.clock()
    with flow.store.transaction() as tx:
        visit = _visit(tx, appointment)
        if tx.clients.get(client) is None or tx.personal.erased_at(client) is not None:
            raise NotFound("no client goes by this ref")
        tx.clients.confirm(visit.source, visit.source_id, client, speaker.who, now)
        same = [visit, *tx.appointments.twins(visit.ref)]
        for twin in same[1:]:
            tx.clients.confirm(twin.source, twin.source_id, client, speaker.who, now)
        if visit.series:
            tx.clients.confirm(visit.source, visit.series, client, speaker.who, now)
            same += [
                other
                for other in tx.appointments.of_series(visit.source, visit.series)
                if other.ref != visit.ref and tx.clients.confirmed(other.source, other.source_id) is None
            ]
        tx.audit.write(now, speaker.who, "client-confirmed", appointment, {"client": client})
        keys = set()
        for each in same:
            doubts = tuple(doubt for doubt in each.doubts if doubt not in _ABOUT_THE_PERSON)
            after = replace(each, client=client, doubts=doubts)
            tx.appointments.put(after, by=speaker.who, at=now)
            keys |= {judge_key(each), judge_key(after)}
        tx.work.touch_all(JUDGE, keys | keys_of_copies(tx, map(name_of, same)))
        confirmed = tx.appointments.get(visit.ref)
    return confirmed or visit


def add_client(
    flow: Flow,
    name: str,
    speaker: Speaker,
    *,
    email: str | None = None,
    phone: str | None = None,
    code: str | None = None,
    language: str | None = None,
) -> Client:
    """A new person. phone is E.164 already. Raises Invalid for what cannot be used, naming the field."""
    known = name.strip()
    if not known or len(known) > LONGEST_NAME:
        raise Invalid("name-missing", f"a name of 1 to {LONGEST_NAME} characters is needed", "name")
    address, own = normal_email(email), normal_code(code)
    if email and address is None:
        raise Invalid("email-unreadable", "email is no address", "email")
    if language is not None and language not in flow.clinic.languages:
        raise Invalid("language-unknown", f"one of {', '.join(flow.clinic.languages)}", "language")
    now = flow.clock()
    client = Client(new_client_ref(), known, now, own, language or flow.clinic.languages[0])
    signs = (("email", address), ("phone", phone), ("code", own))
    with flow.store.transaction() as tx:
        tx.clients.add(client, [Identifier(kind, value) for kind, value in signs if value])
        tx.audit.write(now, speaker.who, "client-added", client.ref, {})
    return client


def _whole(tx: Transaction, told: Appointment) -> Appointment:
    """The visit as it is judged, whichever of its two halves is asked about."""
    visit = _visit(tx, told.same_as) if told.same_as else told
    for twin in tx.appointments.twins(visit.ref):
        visit = as_one(visit, twin)
    return visit


def _visit(tx: Transaction, ref: str) -> Appointment:
    visit = tx.appointments.get(ref)
    if visit is None:
        raise NotFound("no appointment goes by this ref")
    return visit
