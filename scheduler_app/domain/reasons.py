"""Findings: why an appointment does not stand, each rule held against each item, every one reported."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from operator import itemgetter

from scheduler_app.domain.aims import Aim
from scheduler_app.domain.forbidden import Window
from scheduler_app.domain.outcome import Outcome
from scheduler_app.domain.rules import Rulebook
from scheduler_app.domain.story import ONGOING, Item, Story, Visit
from scheduler_app.domain.verdict import Finding, Other

BLOCKED, CAUTION, REVIEW = Outcome.BLOCKED, Outcome.CAUTION, Outcome.REVIEW


# A named tuple made from a whole tuple skips its Python-level constructor: twice as fast, and a crowded
# story makes dozens.
_finding: Callable[[tuple[object, ...]], Finding] = partial(tuple.__new__, Finding)
_other: Callable[[tuple[object, ...]], Other] = partial(tuple.__new__, Other)


def gap_findings(day: int, windows: Sequence[Window]) -> list[Finding]:
    """One finding for every window that holds the day."""
    return [_gap_finding(day, window, windows) for window in windows if window[0] <= day < window[1]]


def _gap_finding(day: int, window: Window, windows: Sequence[Window]) -> Finding:
    _, end, hard_begin, hard_end, aimed, item = window
    _, _, _, _, _, after, force, rule, own, absolute_minimum, minimum, approved = aimed
    if item is None:
        other = Other(rule.earlier, day)
        days: int | None = 0
        until = None
    else:
        treatment, _, last, ref, presumed, _ = item
        if last < ONGOING:
            other = _other((treatment, last, ref, presumed))
            days = day - last if after else last - day
        else:
            other = Other(treatment, None, ref, presumed)
            days = None
        until = (end if force is None else _until(window, windows)) if after else None
        if until is not None and until >= ONGOING:
            until = None
    return _finding(
        (
            rule.id,
            BLOCKED if hard_begin <= day < hard_end else CAUTION,
            own,
            "after" if after else "before",
            other,
            days,
            absolute_minimum,
            minimum,
            until,
            rule.source,
            approved,
            False,
        )
    )


def _until(window: Window, windows: Sequence[Window]) -> int:
    """The first day the finding no longer holds: versions of one rule that follow each other count as one."""
    end, rule, item = window[1], window[4].rule, window[5]
    versions = (w for w in windows if w[4].rule.id == rule.id and w[5] is item and w[4].after)
    for following in sorted(versions, key=itemgetter(0)):
        if following[0] <= end < following[1]:
            end = following[1]
    return end


def unknown_items(
    items: Iterable[Item], visits: Iterable[Visit], rulebook: Rulebook, today: int
) -> list[Item]:
    """Whatever in a story the catalogue does not know."""
    known = rulebook.known
    unknown = [item for item in items if item[0] not in known]
    for visit in visits:
        if not known.issuperset(visit.treatments):
            unknown += [item for item in visit.items(today) if item.treatment not in known]
    return unknown


def doubt_findings(visit: Visit, aim: Aim, unknown: Iterable[Item]) -> list[Finding]:
    """What no rule can decide: an unknown treatment anywhere, and what the source left in doubt."""
    rule = "treatment-unknown"
    findings = [Finding(doubt, REVIEW) for doubt in visit.doubts] if visit.doubts else []
    for code in aim.unknown:
        findings.append(Finding(rule, REVIEW, code, other=Other(code, visit.day)))
    if not visit.treatments and rule not in visit.doubts:
        findings.append(Finding(rule, REVIEW))
    for item in unknown:
        on = item.last if item.last < ONGOING else None
        findings.append(Finding(rule, REVIEW, other=Other(item.treatment, on, item.ref, item.presumed)))
    return findings


def condition_findings(visit: Visit, aim: Aim, story: Story, rulebook: Rulebook) -> list[Finding]:
    """Conditions that speak against these treatments, and a screening that is missing or too old."""
    findings = []
    for code in dict.fromkeys(story.conditions or ()):
        condition = aim.conditions.get(code)
        if condition is None:
            continue
        if condition.kind != "absolute" and story.cleared.get(code, 0) >= visit.day:
            continue
        outcome = BLOCKED if condition.kind == "absolute" else REVIEW
        approved = condition.approved_by is not None
        findings.append(Finding(f"condition-{code}", outcome, source=condition.source, approved=approved))
    if story.screened_on is None:
        findings.append(Finding("screening-missing", REVIEW))
    elif rulebook.screening_lasts.after(story.screened_on) <= visit.day:
        findings.append(Finding("screening-expired", REVIEW))
    return findings


def worst_first(finding: Finding) -> tuple[int, int, str, str, int, str]:
    """Sorts findings: the worst first, then the one that holds longest, then by rule and item."""
    rule, outcome, _, direction, other, days, _, _, until, _, _, _ = finding
    return (
        -outcome,
        -(until or 0),
        rule,
        direction or "",
        days or 0,
        (other[2] or other[0]) if other else "",
    )
