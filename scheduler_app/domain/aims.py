"""Which rules aim at a set of treatments: the index that keeps judging to the rules that matter."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from scheduler_app.domain.gaps import Gap
from scheduler_app.domain.rules import ALWAYS, Condition, GapRule, Rulebook

SLOWLY, AFTER, DAYS_BEFORE = range(3)  # ways to reckon a window (forbidden.py)
_KEPT = 4096  # combinations of treatments worth remembering per rulebook


class Aimed(NamedTuple):
    """One rule seen from the treatment being judged, taken apart for the judge's inner loop.

    way: which of the loop's ways to reckon suits the rule. Each threshold is a number of days, or of
    months where that is not None. after: the treatment judged is the later one. force is None for a
    rule that always holds.
    """

    way: int
    hard_days: int
    hard_months: int | None
    soft_days: int
    soft_months: int | None
    after: bool
    force: tuple[int, int] | None
    rule: GapRule
    own: str
    absolute_minimum: str
    minimum: str
    approved: bool


@dataclass(frozen=True, slots=True)
class Aim:
    """Everything in the rulebook that concerns one set of treatments.

    by_other: the rules between these treatments and another one, by the other's code.
    within: rules between two of these treatments. unknown: codes the catalogue does not have.
    """

    by_other: Mapping[str, tuple[Aimed, ...]]
    within: tuple[Aimed, ...]
    conditions: Mapping[str, Condition]
    unknown: tuple[str, ...]


def aim_at(treatments: tuple[str, ...], rulebook: Rulebook) -> Aim:
    """The index for these treatments, built once for each combination."""
    cached = rulebook.aims.get(treatments)
    if cached is None:
        if len(rulebook.aims) >= _KEPT:
            rulebook.aims.clear()
        cached = rulebook.aims[treatments] = _build(treatments, rulebook)
    return cached  # type: ignore[return-value]  # typed `object` there: rules.py lies below this file


def _build(treatments: tuple[str, ...], rulebook: Rulebook) -> Aim:
    distinct = tuple(dict.fromkeys(treatments))
    by_other: dict[str, list[Aimed]] = {}
    within = []
    for rule in rulebook.rules:
        if rule.later in distinct:
            by_other.setdefault(rule.earlier, []).append(_aimed(rule, rule.later, after=True))
        if rule.earlier in distinct:
            by_other.setdefault(rule.later, []).append(_aimed(rule, rule.earlier, after=False))
        both = rule.earlier in distinct and rule.later in distinct and rule.earlier != rule.later
        if both and rule.minimum.count:
            within.append(_aimed(rule, rule.later, after=True))
    conditions = {
        code: condition
        for code, condition in rulebook.conditions.items()
        if any(treatment in condition.treatments for treatment in distinct)
    }
    unknown = tuple(code for code in distinct if code not in rulebook.known)
    return Aim({code: tuple(aimed) for code, aimed in by_other.items()}, tuple(within), conditions, unknown)


def _aimed(rule: GapRule, own: str, *, after: bool) -> Aimed:
    hard_days, hard_months = _taken_apart(rule.absolute_minimum)
    soft_days, soft_months = _taken_apart(rule.minimum)
    always = rule.in_force == ALWAYS
    way = SLOWLY
    if always and after:
        way = AFTER
    elif always and hard_months is None and soft_months is None:
        way = DAYS_BEFORE
    return Aimed(
        way,
        hard_days,
        hard_months,
        soft_days,
        soft_months,
        after,
        None if always else rule.in_force,
        rule,
        own,
        str(rule.absolute_minimum),
        str(rule.minimum),
        rule.approved_by is not None,
    )


def _taken_apart(gap: Gap) -> tuple[int, int | None]:
    if gap.unit == "month":
        return 0, gap.count
    return gap.count * (7 if gap.unit == "week" else 1), None
