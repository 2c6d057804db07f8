"""What people tell about a client, from form to record. The flow decides what is valid; faults come back."""

from collections.abc import Callable, Mapping

from scheduler_app.errors import Invalid
from scheduler_app.flow import record
from scheduler_app.flow.record import PRACTITIONER, Speaker
from scheduler_app.web.deps import Deps
from scheduler_app.web.desk.fields import Fields
from scheduler_app.web.through import story_through

NAME_NEEDED = "Give your name: it is kept with what was said."
ROLES = ("staff", "client", PRACTITIONER)

# Faults as a person at the desk reads them; the flow's own words are for programs.
_PLAIN = {
    "date-in-future": "This day has not come yet.",
    "date-in-past": "This day is over; choose one that lies ahead.",
    "date-unreadable": "Write the day as 2026-03-15, or the month as 2026-03.",
    "date-out-of-range": "Check the year.",
    "fact-date-missing": "Say when.",
    "not-a-practitioner": "Only a practitioner may do this: choose “a practitioner” above.",
    "condition-absolute": "This condition cannot be set aside: the clinic does not do the treatment then.",
    "reason-missing": "Say why.",
}


def record_form(deps: Deps, client: str, kind: str, form: Fields) -> bool:
    """Keep what the form says and have the client's bookings judged; False when it has mistakes.

    kind: a key of KINDS. Raises NotFound for a client or a record that is not there.
    """
    by = form.text("by", NAME_NEEDED)
    role = PRACTITIONER if kind in ("accept", "clear") else form.typed.get("said_by", "staff")
    if role not in ROLES:
        form.wrong("said_by", "Choose who says so.")
    if not form.ok:
        return False
    try:
        KINDS[kind](deps, client, form, Speaker(role, by))
    except Invalid as fault:
        form.wrong(*_beside(fault, form, kind))
    if form.mistakes:
        return False
    story_through(deps, client)
    return True


def _treatment(deps: Deps, client: str, form: Fields, speaker: Speaker) -> None:
    code = form.choice("treatment", _codes(deps, medication=False), "Choose the treatment.")
    on = form.text("on", "Say when: the day, or the month where that is all the client knows.")
    note, replaces = form.text("note"), form.text("replaces") or None
    if form.ok:
        record.record_treatment(deps.flow, client, code, speaker, on=on, note=note, replaces=replaces)


def _course(deps: Deps, client: str, form: Fields, speaker: Speaker) -> None:
    code = form.choice("treatment", _codes(deps, medication=True), "Choose the medication.")
    started, ended = form.text("started_on") or None, form.text("ended_on") or None
    ongoing = form.ticked("ongoing")
    if ongoing and ended:
        form.wrong("ended_on", "Give the last dose, or say that the client still takes it; not both.")
    if not ongoing and not ended:
        form.wrong("ended_on", "Give the last dose, or say that the client still takes it.")
    note, replaces = form.text("note"), form.text("replaces") or None
    if form.ok:
        record.record_treatment(
            deps.flow,
            client,
            code,
            speaker,
            started_on=started,
            ended_on=ended,
            ongoing=ongoing,
            note=note,
            replaces=replaces,
        )


def _screening(deps: Deps, client: str, form: Fields, speaker: Speaker) -> None:
    on = form.day("on")
    answered = [code for code in deps.rulebook.conditions if form.ticked(f"has-{code}")]
    if on is not None:
        record.record_screening(deps.flow, client, on.isoformat(), speaker, conditions=answered)


def _condition(deps: Deps, client: str, form: Fields, speaker: Speaker) -> None:
    code = form.choice("code", deps.rulebook.conditions, "Choose the condition.")
    present = form.choice("present", ("yes", "no"), "Say whether the client has it.")
    replaces = form.text("replaces") or None
    if form.ok:
        record.record_condition(deps.flow, client, code, speaker, present=present == "yes", replaces=replaces)


def _clear(deps: Deps, client: str, form: Fields, speaker: Speaker) -> None:
    code = form.choice("code", deps.rulebook.conditions, "Choose the condition.")
    reason, until = form.text("reason", "Say why."), form.day("until")
    if form.ok and until is not None:
        record.clear_condition(deps.flow, client, code, speaker, reason=reason, until=until.isoformat())


def _withdraw(deps: Deps, _client: str, form: Fields, speaker: Speaker) -> None:
    record.withdraw(deps.flow, form.text("fact"), speaker)


def _accept(deps: Deps, _client: str, form: Fields, speaker: Speaker) -> None:
    record.accept(deps.flow, form.text("fact"), speaker)


def _codes(deps: Deps, medication: bool) -> list[str]:
    return [known.code for known in deps.catalogue.treatments.values() if known.medication == medication]


def _beside(fault: Invalid, form: Fields, kind: str) -> tuple[str, str]:
    """The field a fault belongs to, and the words for it."""
    field = {"who": "by", "by": "said_by"}.get(fault.path or "", (fault.path or "").rpartition(".")[2])
    if field not in form.typed:
        field = {"treatment": "on", "course": "ended_on", "screening": "on"}.get(kind, "by")
    return field, _PLAIN.get(fault.code, fault.message[0].upper() + fault.message[1:])


KINDS: Mapping[str, Callable[[Deps, str, Fields, Speaker], None]] = {
    "treatment": _treatment,
    "course": _course,
    "screening": _screening,
    "condition": _condition,
    "clear": _clear,
    "withdraw": _withdraw,
    "accept": _accept,
}
