"""What a person decides: a finding that may stand, whose booking it is, a plan that may go out."""

from scheduler_app.errors import Invalid
from scheduler_app.flow.decide import OVERRIDE_REASONS, add_client, confirm_client, override
from scheduler_app.flow.record import PRACTITIONER, Speaker
from scheduler_app.flow.release import approve, withhold
from scheduler_app.ports.phones import normal_phone
from scheduler_app.web.deps import Deps
from scheduler_app.web.desk.fields import Fields
from scheduler_app.web.desk.recording import NAME_NEEDED
from scheduler_app.web.through import story_through, visit_through

NEW = "new"  # chosen instead of a client's ref


def let_stand(deps: Deps, ref: str, form: Fields) -> bool:
    """A practitioner lets one finding stand; False when the form has mistakes. Raises NotFound."""
    by = form.text("by", "Give the practitioner's name: it is kept with the decision.")
    reason = form.choice("reason", OVERRIDE_REASONS, "Choose a reason.")
    comment = form.text("comment")
    if reason == "other" and not comment:
        form.wrong("comment", "Say which reason it is.")
    if not form.ok:
        return False
    try:
        override(
            deps.flow,
            ref,
            form.text("finding"),
            Speaker(PRACTITIONER, by),
            reason=reason,
            comment=comment,
        )
    except Invalid as fault:
        if fault.code == "finding-unknown":
            form.wrong("by", "This does not stand any more as it was shown. Look at it again.")
        else:
            form.blame(fault, "by")
        return False
    visit_through(deps, ref)
    return True


def say_whose(deps: Deps, ref: str, form: Fields) -> bool:
    """A person says whose booking it is, somebody known or somebody new; False for mistakes."""
    by = form.text("by", NAME_NEEDED)
    client = form.text("client", "Choose the client, or somebody new.")
    speaker = Speaker("staff", by) if by else None
    if client == NEW:
        client = _somebody_new(deps, form, speaker) if speaker else ""
    if speaker is None or not client or not form.ok:
        return False
    confirm_client(deps.flow, ref, client, speaker)
    story_through(deps, client)
    return True


def _somebody_new(deps: Deps, form: Fields, speaker: Speaker) -> str:
    name = form.text("name", "Give the new client's name.")
    email, phone = form.email("email"), form.phone("phone")
    number = normal_phone(phone, deps.clinic.location.country)
    if phone and number is None:
        form.wrong("phone", "This is no telephone number; check its digits.")
    if not form.ok:
        return ""
    try:
        return add_client(deps.flow, name, speaker, email=email or None, phone=number).ref
    except Invalid as fault:
        form.blame(fault, "name")
        return ""


def settle_plan(deps: Deps, form: Fields) -> bool:
    """A person lets a stopped plan go out, or refuses it; False for mistakes. Raises NotFound."""
    by = form.text("by", NAME_NEEDED)
    verdict = form.choice("do", ("approve", "withhold"), "Choose what to do with the plan.")
    if not form.ok:
        return False
    act = approve if verdict == "approve" else withhold
    act(deps.flow, form.text("plan"), by)
    deps.settle()
    return True
