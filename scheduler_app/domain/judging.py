"""The judge: one client's story and the clinic's rules in, verdicts out. Pure (design: judging, 1 to 11)."""

from collections.abc import Iterable, Sequence

from scheduler_app.domain.aims import Aim, aim_at
from scheduler_app.domain.forbidden import Window, blocked_on, first_free, sorted_spans, windows_against
from scheduler_app.domain.outcome import Outcome
from scheduler_app.domain.reasons import (
    condition_findings,
    doubt_findings,
    gap_findings,
    unknown_items,
    worst_first,
)
from scheduler_app.domain.rules import Rulebook
from scheduler_app.domain.story import NOT_HELD, Item, Story, Visit
from scheduler_app.domain.verdict import Finding, Verdict

CLEAR, REVIEW, BLOCKED = Outcome.CLEAR, Outcome.REVIEW, Outcome.BLOCKED


def judge(visit: Visit, story: Story, rulebook: Rulebook, today: int) -> Verdict:
    """Judge one appointment that is being asked for.

    It gives way to every booking in the story, or, with a booked_at of its own, to those booked no
    later. A visit of the same ref in the story is its own old slot and is left out.
    """
    aim = aim_at(visit.treatments, rulebook)
    if not story.visits:
        unknown = unknown_items(story.items, (), rulebook, today)
        return _verdict(visit, aim, story.items, unknown, story, rulebook, max(visit.day, today))
    others = [held for held in story.visits if held.ref != visit.ref and held.status not in NOT_HELD]
    items = list(story.items)
    ahead = []
    for held in others:
        if held.took_place(today):
            items += held.items(today)
        elif visit.booked_at is None or held.booked_at is None or held.booked_at <= visit.booked_at:
            ahead.append(held)
    for held in ahead:
        if not aim.by_other.keys().isdisjoint(held.treatments):
            items += standing_items(ahead, items, story, rulebook, today)
            break
    unknown = unknown_items(story.items, others, rulebook, today)
    return _verdict(visit, aim, items, unknown, story, rulebook, max(visit.day, today))


def judge_story(story: Story, rulebook: Rulebook, today: int) -> dict[str, Verdict]:
    """Judge every live visit of the story; verdicts by ref. The order of the story does not matter.

    Bookings give way to facts and to bookings of higher rank that stand. Visits that took place are
    judged in hindsight: against what came before them, so that a pair is reported once, at the later
    one, and `earliest` is the date on which it would have been possible.
    """
    live = [visit for visit in story.visits if visit.status not in NOT_HELD]
    items = list(story.items)
    past = sorted((v for v in live if v.took_place(today)), key=lambda v: (v.day, v.start, v.ref))
    unknown = unknown_items(story.items, live, rulebook, today)
    verdicts = {}
    for visit in past:
        aim = aim_at(visit.treatments, rulebook)
        earlier = [item for item in items if item.first <= visit.day]
        verdicts[visit.ref] = _verdict(
            visit, aim, earlier, _others(unknown, visit), story, rulebook, visit.day
        )
        items += visit.items(today)
    for visit in sorted((v for v in live if not v.took_place(today)), key=rank):
        aim = aim_at(visit.treatments, rulebook)
        start = max(visit.day, today)
        verdict = _verdict(visit, aim, items, _others(unknown, visit), story, rulebook, start)
        verdicts[visit.ref] = verdict
        if verdict.stands:
            items += visit.items(today)
    return verdicts


def rank(visit: Visit) -> tuple[bool, float, float, str]:
    """Sorts bookings by who gives way: the later in this order. Without booked_at first of all."""
    return (visit.booked_at is not None, visit.booked_at or 0.0, visit.start, visit.ref)


def standing_items(
    bookings: Iterable[Visit], facts: Sequence[Item], story: Story, rulebook: Rulebook, today: int
) -> list[Item]:
    """The items of those bookings that no fact and no higher-ranking booking blocks by a gap rule."""
    standing: list[Item] = []
    overridden = {override.appointment for override in story.overrides}
    for visit in sorted(bookings, key=rank):
        aim = aim_at(visit.treatments, rulebook)
        if not aim.by_other and not aim.within:
            standing += visit.items(today)
        elif visit.ref in overridden:
            before = (*facts, *standing)
            if _verdict(visit, aim, before, (), story, rulebook, max(visit.day, today)).stands:
                standing += visit.items(today)
        elif not blocked_on(visit.day, aim, facts) and not blocked_on(visit.day, aim, standing):
            standing += visit.items(today)
    return standing


def _others(items: Iterable[Item], visit: Visit) -> list[Item]:
    return [item for item in items if item.ref != visit.ref]


def _verdict(
    visit: Visit,
    aim: Aim,
    items: Sequence[Item],
    unknown: Sequence[Item],
    story: Story,
    rulebook: Rulebook,
    start: int,
) -> Verdict:
    windows = windows_against(aim, items, visit.day)
    findings = gap_findings(visit.day, windows) if windows else []
    findings += doubt_findings(visit, aim, unknown)
    possible = True
    if story.conditions is not None and aim.conditions:
        findings += condition_findings(visit, aim, story, rulebook)
    if not findings:
        return Verdict(CLEAR, (), *_earliest(windows, start))
    if story.overrides:
        findings = _with_overrides(visit, findings, story)
    if len(findings) > 1:
        findings.sort(key=worst_first)
    outcome = findings[0].outcome
    if story.overrides or story.conditions is not None:
        standing = [finding for finding in findings if not finding.overridden]
        outcome = standing[0].outcome if standing else CLEAR
        possible = not any(finding.outcome is BLOCKED and not finding.gap for finding in standing)
    earliest = _earliest(windows, start) if possible else (None, None)
    return Verdict(outcome, tuple(findings), *earliest)


def _earliest(windows: Sequence[Window], start: int) -> tuple[int | None, int | None]:
    if not windows:
        return start, start
    earliest = first_free(sorted_spans(windows, False, start), start)
    if earliest == start:
        return start, start
    return earliest, first_free(sorted_spans(windows, True, start), start)


def _with_overrides(visit: Visit, findings: list[Finding], story: Story) -> list[Finding]:
    answered = {
        override.finding
        for override in story.overrides
        if (override.appointment, override.day) == (visit.ref, visit.day)
        and set(override.treatments) == set(visit.treatments)
    }
    return [
        finding._replace(overridden=True)
        if finding.key in answered and finding.outcome >= REVIEW
        else finding
        for finding in findings
    ]
