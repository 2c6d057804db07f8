"""Gap rules and conditions, as values, and the index the judge works with."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from scheduler_app.domain.gaps import Gap

ALWAYS = (0, 10_000_000)  # day ordinals before and after every date there is


@dataclass(frozen=True, slots=True)
class GapRule:
    """`later` not until `minimum` after `earlier`; blocked before `absolute_minimum`.

    in_force: first and last day ordinal on which the rule holds, judged on the later item's date.
    approved_by is None until the clinic signs; an unapproved rule is enforced and labelled so.
    """

    id: str
    earlier: str
    later: str
    absolute_minimum: Gap
    minimum: Gap
    source: str
    grade: str
    approved_by: str | None = None
    in_force: tuple[int, int] = ALWAYS
    note: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """Something about a client that speaks against treatments.

    kind: `absolute` blocks; `not_recommended` and `ask` give review until a practitioner clears it.
    """

    code: str
    name: str
    kind: str
    treatments: tuple[str, ...]
    source: str
    grade: str
    approved_by: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Everything the clinic signed: gap rules, conditions, how long a screening lasts.

    version is a hash of the content; verdicts are stored with it. aims is the judge's cache (aims.py).
    """

    rules: tuple[GapRule, ...]
    conditions: Mapping[str, Condition]
    known: frozenset[str]
    medications: frozenset[str] = frozenset()
    screening_lasts: Gap = field(default_factory=lambda: Gap(6, "month"))
    version: str = ""
    aims: dict[tuple[str, ...], object] = field(default_factory=dict, init=False, compare=False, repr=False)
