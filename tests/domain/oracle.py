"""A second judge, written to be obviously right: it walks day by day and knows no intervals.

Months are added with the calendar alone: count months on, and if the day does not exist take the
first of the month after.
"""

from datetime import date, timedelta

from scheduler_app.domain.gaps import Gap
from scheduler_app.domain.rules import GapRule
from scheduler_app.domain.story import LONG_AGO, ONGOING, Item


def plus(start: date, gap: Gap) -> date:
    """The first permitted date after waiting the gap."""
    if gap.unit != "month":
        return start + timedelta(days=gap.count * (7 if gap.unit == "week" else 1))
    month = start.month - 1 + gap.count
    year, month = start.year + month // 12, month % 12 + 1
    try:
        return date(year, month, start.day)
    except ValueError:
        return date(year + month // 12, month % 12 + 1, 1)


def worst_on(day: int, treatments: tuple[str, ...], items: list[Item], rules: tuple[GapRule, ...]) -> int:
    """0 when no gap rule has a finding on that day, 1 for caution, 3 for blocked."""
    worst = 0
    for rule in rules:
        for item in items:
            if rule.later in treatments and rule.earlier == item.treatment:
                worst = max(worst, _after(day, item, rule))
            if rule.earlier in treatments and rule.later == item.treatment:
                worst = max(worst, _before(day, item, rule))
        both = rule.earlier in treatments and rule.later in treatments and rule.earlier != rule.later
        if both and rule.in_force[0] <= day <= rule.in_force[1]:
            worst = max(worst, 3 if rule.absolute_minimum.count else 1 if rule.minimum.count else 0)
    return worst


def _after(day: int, item: Item, rule: GapRule) -> int:
    if day < item.first or not rule.in_force[0] <= day <= rule.in_force[1]:
        return 0
    if item.course and day <= item.last:
        return 3
    if item.last >= ONGOING:
        return 0
    last, asked = date.fromordinal(item.last), date.fromordinal(day)
    if asked < plus(last, rule.absolute_minimum):
        return 3
    return 1 if asked < plus(last, rule.minimum) else 0


def _before(day: int, item: Item, rule: GapRule) -> int:
    if day > item.last:
        return 0
    # Where nobody knows when the course began, nobody knows which rules held then: it counts.
    if item.first > LONG_AGO and not rule.in_force[0] <= item.first <= rule.in_force[1]:
        return 0
    if item.course and day >= item.first:
        return 3
    asked, later = date.fromordinal(day), date.fromordinal(item.first)
    if plus(asked, rule.absolute_minimum) > later:
        return 3
    return 1 if plus(asked, rule.minimum) > later else 0
