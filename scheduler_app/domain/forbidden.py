"""Forbidden dates, represented once: windows of days on which a treatment breaks a rule.

The verdict asks which windows hold its day, the earliest date walks over them, the filter of free
slots and the forecast cut them out of a calendar. All days are ordinals, all ranges half-open.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence

from scheduler_app.domain.aims import AFTER, SLOWLY, Aim, Aimed
from scheduler_app.domain.gaps import add_months
from scheduler_app.domain.story import LONG_AGO, ONGOING, Item

Span = tuple[int, int]

# begin, end: days with a finding. hard_begin, hard_end: those on which it blocks. The item is None for
# two treatments of the same visit, which forbid each other on every day. A bare tuple: a crowded story
# makes dozens of them for every verdict.
Window = tuple[int, int, int, int, Aimed, Item | None]


def windows_against(aim: Aim, items: Iterable[Item], from_day: int = LONG_AGO) -> list[Window]:
    """Every window that the items, and the treatments among themselves, lay over from_day and later."""
    windows: list[Window] = [_within(aimed) for aimed in aim.within] if aim.within else []
    get = aim.by_other.get
    for item in items:
        aimed_here = get(item[0])
        if aimed_here is None:
            continue
        _, first, last, _, _, course = item
        for aimed in aimed_here:
            way, hard_days, hard_months, soft_days, soft_months, after, _, _, _, _, _, _ = aimed
            if course or way == SLOWLY:
                window = _after(aimed, item) if after else _before(aimed, item)
                if window is not None and window[1] > from_day:
                    windows.append(window)
            elif way == AFTER:
                hard = last + hard_days if hard_months is None else add_months(last, hard_months)
                end = last + soft_days if soft_months is None else add_months(last, soft_months)
                if end > from_day and end > first:
                    windows.append((first, end, first, hard, aimed, item))
            elif last >= from_day and soft_days:
                windows.append(
                    (first - soft_days + 1, last + 1, first - hard_days + 1, last + 1, aimed, item)
                )
    return windows


def blocked_on(day: int, aim: Aim, items: Iterable[Item]) -> bool:
    """Whether any window blocks that day: the same reckoning as windows_against, stopped at the first."""
    get = aim.by_other.get
    for item in items:
        aimed_here = get(item[0])
        if aimed_here is None:
            continue
        _, first, last, _, _, course = item
        for aimed in aimed_here:
            way, hard_days, hard_months, _, _, after, _, _, _, _, _, _ = aimed
            if course or way == SLOWLY:
                window = _after(aimed, item) if after else _before(aimed, item)
                if window is not None and window[2] <= day < window[3]:
                    return True
            elif way == AFTER:
                if (
                    first
                    <= day
                    < (last + hard_days if hard_months is None else add_months(last, hard_months))
                ):
                    return True
            elif first - hard_days < day <= last:
                return True
    return any(window[2] <= day < window[3] for window in map(_within, aim.within))


def _after(aimed: Aimed, item: Item) -> Window | None:
    # A course blocks on every day it runs; the gap counts from its last dose.
    first, last = item.first, item.last
    if last >= ONGOING:
        hard = end = ONGOING
    else:
        hard = max(aimed.rule.absolute_minimum.after(last), last + 1 if item.course else first)
        end = max(aimed.rule.minimum.after(last), hard)
    force_first, force_last = aimed.rule.in_force
    begin, end = max(first, force_first), min(end, force_last + 1)
    if begin >= end:
        return None
    return (begin, end, begin, min(hard, end), aimed, item)


def _before(aimed: Aimed, item: Item) -> Window | None:
    # Each day of a course is a later dose, so what must come a while before it is forbidden throughout.
    first, end = item.first, item.last + 1 if item.last < ONGOING else ONGOING
    if first <= LONG_AGO:
        return (LONG_AGO, end, LONG_AGO, end, aimed, item)
    force_first, force_last = aimed.rule.in_force
    if not force_first <= first <= force_last:
        return None
    hard = aimed.rule.absolute_minimum.before(first)
    if item.course:
        hard = min(hard, first)
    begin = min(aimed.rule.minimum.before(first), hard)
    return (begin, end, min(hard, end), end, aimed, item) if begin < end else None


def _within(aimed: Aimed) -> Window:
    first, last = aimed.rule.in_force
    hard = last + 1 if aimed.rule.absolute_minimum.count else first
    return (first, last + 1, first, hard, aimed, None)


def spans(windows: Iterable[Window], *, hard: bool, from_day: int = LONG_AGO) -> list[Span]:
    """The days with any finding, or (hard) with a blocking one: sorted, disjoint, none touching."""
    merged: list[Span] = []
    for begin, end in sorted_spans(windows, hard, from_day):
        if merged and begin <= merged[-1][1]:
            if end > merged[-1][1]:
                merged[-1] = (merged[-1][0], end)
        else:
            merged.append((begin, end))
    return merged


def sorted_spans(windows: Iterable[Window], hard: bool, from_day: int) -> list[Span]:
    """The same before merging, which a walk to the earliest date does not need; none over before from_day."""
    if hard:
        return sorted([(w[2], w[3]) for w in windows if w[2] < w[3] > from_day])
    return sorted([(w[0], w[1]) for w in windows if w[1] > from_day])


def first_free(forbidden: Sequence[Span], day: int) -> int | None:
    """The first day on or after `day` outside the sorted spans; None where there is none."""
    for begin, end in forbidden:
        if begin > day:
            break
        if day < end:
            day = end
    return day if day < ONGOING else None


def free_spans(forbidden: Sequence[Span], first: int, last: int) -> list[Span]:
    """What the merged spans leave of first <= day < last."""
    left = []
    day = first
    for begin, end in forbidden:
        if begin >= last:
            break
        if begin > day:
            left.append((day, begin))
        day = max(day, end)
    if day < last:
        left.append((day, last))
    return left


def permitted(
    starts: list[float], forbidden: Sequence[Span], midnight: Callable[[int], float]
) -> list[float]:
    """The sorted slot starts (seconds since 1970) that lie on permitted days; forbidden is merged.

    midnight gives the instant a day ordinal begins in the location's zone. The few edges are turned
    into instants and the slots are sliced, so that 600 slots cost little more than copying them.
    """
    kept: list[float] = []
    position = 0
    size = len(starts)
    for begin, end in forbidden:
        if position >= size:
            break
        stop = bisect_left(starts, midnight(begin), position) if begin > LONG_AGO else position
        kept += starts[position:stop]
        position = bisect_left(starts, midnight(end), stop) if end < ONGOING else size
    return kept + starts[position:]
