"""Findings and verdicts: what the judge answers.

Named tuples, like Item and Visit and for the same reason: a crowded story has dozens of findings.
"""

from typing import NamedTuple

from scheduler_app.domain.outcome import Outcome


class Other(NamedTuple):
    """The item in the way. on is a day ordinal, None while a course is being taken."""

    treatment: str
    on: int | None
    ref: str | None = None
    presumed: bool = False


class Finding(NamedTuple):
    """One rule held against one other item.

    treatment is the judged appointment's own. direction: `after` (the judged appointment is the later
    one), `before`, or None for conditions, screening and doubts. days: whole local days between the
    two. until: for `after`, the first day ordinal on which this finding no longer holds. approved:
    whether the clinic signed the rule.
    """

    rule: str
    outcome: Outcome
    treatment: str | None = None
    direction: str | None = None
    other: Other | None = None
    days: int | None = None
    absolute_minimum: str | None = None
    minimum: str | None = None
    until: int | None = None
    source: str = ""
    approved: bool = True
    overridden: bool = False

    @property
    def key(self) -> str:
        """Names this finding within its appointment; an override is tied to it."""
        other = self.other[:3] if self.other else ()
        return "|".join("" if part is None else str(part) for part in (self.rule, self.direction, *other))

    @property
    def gap(self) -> bool:
        """Whether a gap rule was broken; conditions, screening and doubts are other things."""
        return self.direction is not None


class Verdict(NamedTuple):
    """The worst outcome, every finding worst first, and the earliest permitted dates (day ordinals).

    outcome leaves overridden findings out. earliest: first day with no gap finding at all;
    earliest_not_blocked: first without a blocking one. None where no date can do.
    """

    outcome: Outcome
    findings: tuple[Finding, ...]
    earliest: int | None
    earliest_not_blocked: int | None

    @property
    def stands(self) -> bool:
        """Whether later bookings must respect it: no gap rule blocks it (overridden ones stand)."""
        return not any(f.gap and f.outcome is Outcome.BLOCKED and not f.overridden for f in self.findings)

    @property
    def overridden(self) -> bool:
        """Whether a practitioner let something stand here."""
        return any(finding.overridden for finding in self.findings)
