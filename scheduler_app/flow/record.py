"""record: what people know and decide, each with who said so; the client's bookings are judged anew.

Nothing is overwritten. A correction is a new record that replaces an old one; a record that was wrong is
withdrawn and stays to be seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from secrets import token_hex

from scheduler_app.domain.facts import (
    SPEAKERS,
    ConditionFact,
    Said,
    Screening,
    TreatmentFact,
    read_date,
)
from scheduler_app.errors import Invalid, NotFound
from scheduler_app.flow.flow import JUDGE, Flow
from scheduler_app.flow.story import in_force
from scheduler_app.ports import Transaction

PRACTITIONER = "practitioner"
LONGEST_NOTE = 500
LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who says so. role: one of facts.SPEAKERS; who: the person's name or account, for the audit log."""

    role: str
    who: str

    def __post_init__(self) -> None:
        if self.role not in SPEAKERS:
            raise Invalid("speaker-unknown", f"by must be one of {', '.join(SPEAKERS)}", "by")
        if not self.who.strip() or len(self.who) > LONGEST_NAME:
            raise Invalid("who-missing", "say who said so: a name or an account", "who")


def new_ref(kind: str) -> str:
    """An opaque name for a new record."""
    return kind + token_hex(12)


def record_treatment(
    flow: Flow,
    client: str,
    treatment: str,
    speaker: Speaker,
    *,
    on: str | None = None,
    started_on: str | None = None,
    ended_on: str | None = None,
    ongoing: bool = False,
    note: str = "",
    replaces: str | None = None,
) -> TreatmentFact:
    """A treatment had (`on`), or a medication course. Dates are YYYY-MM-DD or YYYY-MM.

    The end of a course that is on record as ongoing replaces that record. Raises Invalid naming the
    field, NotFound for the client or the record that is replaced.
    """
    now = flow.clock()
    known = flow.catalogue.treatments.get(treatment)
    if known is None:
        raise Invalid("treatment-unknown", "treatment is not in the catalogue; use its code", "treatment")
    said = Said(speaker.role, speaker.who, now)
    fact = TreatmentFact(
        new_ref("t"), client, treatment, said, on, started_on, ended_on, ongoing, replaces, note=_note(note)
    )
    fact.item(known.medication, flow.today(now))
    with flow.store.transaction() as tx:
        held = tx.records.treatments(_client(tx, client))
        if replaces is None:
            fact = replace(fact, replaces=_ends(fact, held))
        else:
            _among(replaces, [other.ref for other in held])
        tx.records.add_treatment(fact)
        _said(tx, flow, client, speaker, "treatment-recorded", fact.ref, fact.replaces)
    return fact


def _ends(fact: TreatmentFact, held: Sequence[TreatmentFact]) -> str | None:
    """The one ongoing course that this record tells the end, or the same, of."""
    if fact.on is not None or not fact.said.counts_fully:
        return None
    running = [
        other.ref
        for other in in_force(held)
        if other.treatment == fact.treatment and other.on is None and other.ended_on is None
    ]
    return running[0] if len(running) == 1 else None


def record_condition(
    flow: Flow,
    client: str,
    code: str,
    speaker: Speaker,
    *,
    present: bool = True,
    replaces: str | None = None,
) -> ConditionFact:
    """A condition the client has or (present=False) has no longer. Raises Invalid, NotFound."""
    _condition(flow, code)
    said = Said(speaker.role, speaker.who, flow.clock())
    fact = ConditionFact(new_ref("k"), client, code, said, present, replaces=replaces)
    with flow.store.transaction() as tx:
        held = tx.records.conditions(_client(tx, client))
        if replaces is not None:
            _among(replaces, [other.ref for other in held])
        tx.records.add_condition(fact)
        _said(tx, flow, client, speaker, "condition-recorded", fact.ref, replaces)
    return fact


def clear_condition(
    flow: Flow, client: str, code: str, speaker: Speaker, *, reason: str, until: str
) -> ConditionFact:
    """A practitioner clears a condition for this client, up to and with the day `until` (YYYY-MM-DD).

    An absolute contraindication cannot be cleared. Raises Invalid, NotFound where it is not on record.
    """
    now = flow.clock()
    if speaker.role != PRACTITIONER:
        raise Invalid("not-a-practitioner", "only a practitioner clears a condition", "by")
    if _condition(flow, code) == "absolute":
        raise Invalid("condition-absolute", "an absolute contraindication cannot be cleared", "code")
    if read_date(until, "until") < flow.today(now):
        raise Invalid("date-in-past", "until lies before today; a clearance holds for days ahead", "until")
    if not reason.strip():
        raise Invalid("reason-missing", "say why it is cleared", "reason")
    with flow.store.transaction() as tx:
        held = [
            f for f in in_force(tx.records.conditions(_client(tx, client))) if f.code == code and f.present
        ]
        if not held:
            raise NotFound("this condition is not on record for the client")
        fact = ConditionFact(
            new_ref("k"),
            client,
            code,
            Said(speaker.role, speaker.who, now),
            cleared_by=speaker.who,
            cleared_reason=_note(reason),
            cleared_until=until,
            replaces=held[-1].ref,
        )
        tx.records.add_condition(fact)
        _said(tx, flow, client, speaker, "condition-cleared", fact.ref, fact.replaces)
    return fact


def record_screening(
    flow: Flow, client: str, on: str, speaker: Speaker, *, conditions: Sequence[str] = ()
) -> Screening:
    """The health questions were asked on a day; conditions: the codes answered with yes.

    Raises Invalid for a day after today or an unknown code, NotFound for the client.
    """
    now = flow.clock()
    if read_date(on, "on") > flow.today(now):
        raise Invalid("date-in-future", "on lies after today; a screening cannot be dated ahead", "on")
    for code in conditions:
        _condition(flow, code)
    said = Said(speaker.role, speaker.who, now)
    screening = Screening(new_ref("s"), client, on, said)
    with flow.store.transaction() as tx:
        held = in_force(tx.records.conditions(_client(tx, client)))
        known = {fact.code for fact in held if fact.present and fact.said.counts_fully}
        tx.records.add_screening(screening)
        for code in dict.fromkeys(conditions):
            if code not in known:  # a clearance that was given stays with the record it was given on
                tx.records.add_condition(ConditionFact(new_ref("k"), client, code, said))
        _said(tx, flow, client, speaker, "screening-recorded", screening.ref)
    return screening


def withdraw(flow: Flow, ref: str, speaker: Speaker) -> str:
    """A record was wrong: it counts no longer, and stays to be seen; its client. Raises NotFound."""
    with flow.store.transaction() as tx:
        client = tx.records.withdraw(ref, speaker.who, flow.clock())
        _said(tx, flow, client, speaker, "record-withdrawn", ref)
    return client


def accept(flow: Flow, ref: str, speaker: Speaker) -> str:
    """A practitioner takes what a client said as fact; its client. Raises Invalid, NotFound."""
    if speaker.role != PRACTITIONER:
        raise Invalid("not-a-practitioner", "only a practitioner accepts what a client said", "by")
    with flow.store.transaction() as tx:
        client = tx.records.accept(ref, speaker.who, flow.clock())
        _said(tx, flow, client, speaker, "statement-accepted", ref)
    return client


def _said(
    tx: Transaction,
    flow: Flow,
    client: str,
    speaker: Speaker,
    what: str,
    ref: str,
    replaces: str | None = None,
) -> None:
    """In the audit log and in line for judging. Refs only: what it is about is nobody's business there."""
    detail = {"record": ref, "role": speaker.role} | ({"replaces": replaces} if replaces else {})
    tx.audit.write(flow.clock(), speaker.who, what, client, detail)
    tx.work.touch(JUDGE, client)


def _client(tx: Transaction, client: str) -> str:
    if tx.clients.get(client) is None or tx.personal.erased_at(client) is not None:
        raise NotFound("no client goes by this ref")
    return client


def _condition(flow: Flow, code: str) -> str:
    known = flow.rulebook.conditions.get(code)
    if known is None:
        raise Invalid("condition-unknown", "code is none of the clinic's conditions", "code")
    return known.kind


def _among(ref: str, refs: Sequence[str]) -> None:
    if ref not in refs:
        raise NotFound("no such record of this client can be replaced")


def _note(text: str) -> str:
    if len(text) > LONGEST_NOTE:
        raise Invalid("note-too-long", f"at most {LONGEST_NOTE} characters", "note")
    return text.strip()
