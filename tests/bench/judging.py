"""The judge against zen-engine's compiled expressions, and the filter of slots against a list copy."""

import random
from datetime import date

import zen

from scheduler_app.domain.aims import aim_at
from scheduler_app.domain.forbidden import permitted, spans, windows_against
from scheduler_app.domain.gaps import Gap
from scheduler_app.domain.judging import judge
from scheduler_app.domain.rules import GapRule, Rulebook
from scheduler_app.domain.story import Item, Story, Visit
from tests.bench.rows import Row, per_call, side_by_side

TODAY = date(2026, 11, 22).toordinal()
CODES = tuple(f"treatment{index}" for index in range(8))
ASKED = CODES[0]
GAPS = ("2 weeks", "6 months", "10 days", "4 weeks", "3 months", "3 weeks")


def rulebook(aimed: int) -> Rulebook:
    """Ten rules, `aimed` of them at the treatment asked for, a third of them in months."""
    rules = []
    for index in range(10):
        later = ASKED if index < aimed else CODES[1 + index % 7]
        gap = Gap.parse(GAPS[index % len(GAPS)])
        name = f"rule-{index}"
        rules.append(GapRule(name, CODES[index % 8], later, gap, gap, "sheet", "practice", "Dr A"))
    return Rulebook(tuple(rules), {}, frozenset(CODES))


def story(over_days: int) -> Story:
    """Twenty treatments had over so many days."""
    chance = random.Random(7)
    days = sorted(TODAY - chance.randrange(1, over_days) for _ in range(20))
    return Story(tuple(Item(CODES[index % 8], day, day, f"f{index}") for index, day in enumerate(days)))


def against_zen(name: str, aimed: int, over_days: int, limit: float) -> Row:
    """One row: our verdict with reasons and dates; zen only says which of the 200 pairs are broken."""
    book, held = rulebook(aimed), story(over_days)
    visit = Visit("asked", (ASKED,), TODAY + 3)
    compiled = [
        zen.compile_expression(
            f'kind == "{rule.later}" and earlier == "{rule.earlier}" and day >= first and day < end'
        )
        for rule in book.rules
    ]
    # The months are added for zen beforehand, which flatters it.
    pairs = [
        (rule.id, item.ref, expression, context(rule, item, visit.day))
        for rule, expression in zip(book.rules, compiled, strict=True)
        for item in held.items
    ]

    def ours() -> object:
        return judge(visit, held, book, TODAY)

    def theirs() -> object:
        return [(rule, ref) for rule, ref, expression, told in pairs if expression.evaluate(told)]

    found = {(f.rule, f.other.ref) for f in judge(visit, held, book, TODAY).findings if f.other}
    assert found == set(theirs()), "the two engines disagree"  # type: ignore[call-overload]
    our_time, zen_time = side_by_side((ours, theirs), calls=200)
    told = f"zen-engine {per_call(zen_time)}"
    note = f"{len(found)} findings; the engines agree"
    return Row(
        f"verdict, reasons, earliest: 20 items x 10 rules, {name}",
        per_call(our_time),
        told,
        zen_time / our_time,
        limit,
        note=note,
    )


def context(rule: GapRule, item: Item, day: int) -> dict[str, object]:
    """What zen is asked about one pair."""
    return {
        "kind": ASKED,
        "earlier": item.treatment,
        "day": day,
        "first": item.last,
        "end": rule.minimum.after(item.last),
    }


def slots(limit: float) -> Row:
    """600 slots filtered, against copying the list of them."""
    forbidden = spans(windows_against(aim_at((ASKED,), rulebook(10)), story(730).items), hard=False)
    first = (TODAY - 200) * 86_400.0
    starts = [first + index * 43_200.0 for index in range(600)]
    ours, copy = side_by_side(
        (lambda: permitted(starts, forbidden, lambda day: day * 86_400.0), lambda: list(starts)), calls=500
    )
    return Row(
        "600 slots filtered by forbidden dates",
        per_call(ours),
        f"copying the list {per_call(copy)}",
        ours / copy,
        limit,
        most=True,
    )


def rows() -> list[Row]:
    """Every promise about the judge."""
    return [
        against_zen("few rules aim at it", 2, 730, 20),
        against_zen("all aim at it", 10, 90, 5),
        slots(8),
    ]
