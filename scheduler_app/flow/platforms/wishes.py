"""From a verdict to what should be done about a booking on its platform. Pure.

What the clinic's people booked or let through is never undone by us, nor what has begun or starts soon;
whatever is not done by itself is shown to a person.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from scheduler_app.domain.appointments import Appointment
from scheduler_app.domain.outcome import Outcome
from scheduler_app.domain.platforms import CANCEL, HOLD, PREVENT, PlatformTerms
from scheduler_app.domain.story import NOT_HELD
from scheduler_app.domain.verdict import Finding, Verdict
from scheduler_app.flow.plan import begun

CONFIRM, DECLINE, CALL_OFF = "confirm", "decline", "cancel"
WAITS = ("proposed", "pending")
SCREENING = "screening-"  # begins the rules that a first visit breaks by being the first


@dataclass(frozen=True, slots=True)
class Reach:
    """What can be done on the platform, and how far the clinic lets it be done by itself."""

    capabilities: frozenset[str]
    terms: PlatformTerms


def wanted(visit: Appointment, verdict: Verdict | None, reach: Reach, now: datetime) -> str:
    """What should be done by itself: `confirm`, `decline`, `cancel` or "" for nothing."""
    if verdict is None or begun(visit, now):
        return ""
    against = refusing(verdict)
    if visit.status in WAITS:
        return _of_one_that_waits(visit, verdict, against, reach)
    if visit.status == "booked" and against and may_call_off(visit, reach, now):
        return CALL_OFF if _any_may(reach.terms, CANCEL, against) else ""
    return ""


def refusing(verdict: Verdict) -> list[Finding]:
    """The findings that stand and block: gaps that are broken and absolute contraindications."""
    return [f for f in verdict.findings if not f.overridden and f.outcome is Outcome.BLOCKED]


def preventing(verdict: Verdict, terms: PlatformTerms) -> list[Finding]:
    """The findings for which nothing is booked in the first place: any gap, absolute contraindications.

    The same that keep a date out of the free slots. All others stay bookable and are flagged.
    """
    against = [f for f in verdict.findings if not f.overridden and (f.gap or f.outcome is Outcome.BLOCKED)]
    return [finding for finding in against if terms.may(PREVENT, finding.rule)]


def is_done(kind: str, status: str) -> bool:
    """Whether a booking of this status is as the act wants it: by us, or by somebody else."""
    return status not in WAITS if kind == CONFIRM else status in NOT_HELD


def may_call_off(visit: Appointment, reach: Reach, now: datetime) -> bool:
    """Whether it is one of those that may be called off by us at all."""
    soon = visit.start <= now + timedelta(hours=reach.terms.cancel_hours)
    return CANCEL in reach.capabilities and not visit.by_staff and not soon


def _of_one_that_waits(visit: Appointment, verdict: Verdict, against: list[Finding], reach: Reach) -> str:
    if HOLD not in reach.capabilities:
        return ""
    if against:
        return DECLINE if not visit.by_staff and _any_may(reach.terms, HOLD, against) else ""
    if not reach.terms.hold:
        return ""
    if verdict.outcome is Outcome.REVIEW:
        asked = [f for f in verdict.findings if not f.overridden and f.outcome is Outcome.REVIEW]
        first_visit = all(finding.rule.startswith(SCREENING) for finding in asked)
        return CONFIRM if reach.terms.confirm_reviews and first_visit else ""
    return CONFIRM


def _any_may(terms: PlatformTerms, capability: str, findings: list[Finding]) -> bool:
    return any(terms.may(capability, finding.rule) for finding in findings)
