"""Answer whether one appointment breaks a rule, from what the question itself says. Nothing is stored.

The question and the answer are design.md's objects, the same on the command line and over HTTP.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from scheduler_app.domain.catalogue import Catalogue
from scheduler_app.domain.judging import judge
from scheduler_app.domain.outcome import WORDS
from scheduler_app.domain.rules import Rulebook
from scheduler_app.domain.story import Story
from scheduler_app.domain.verdict import Finding, Verdict
from scheduler_app.errors import Invalid
from scheduler_app.flow.question import Question, read_question, story_of, visit_of
from scheduler_app.texts.sentences import discreet, full

LONGEST_LINE = 1_048_576  # bytes: a story of ten thousand items fits
PIECE = 65_536
TOO_LONG = b"(longer than a line may be)"

_encode = msgspec.json.Encoder().encode
_iso = lru_cache(maxsize=16_384)(lambda day: date.fromordinal(day).isoformat())


@dataclass(frozen=True, slots=True)
class Checker:
    """Judges questions by one clinic's rules. now gives the time for questions without `today`."""

    rulebook: Rulebook
    catalogue: Catalogue
    zone: str
    now: Callable[[], datetime]
    language: str = "en"

    def check(
        self,
        raw: bytes,
        stored: Callable[[dict[str, str], int], Story | None] | None = None,
        *,
        name_others: bool = True,
    ) -> dict[str, Any]:
        """The answer to one question. Raises Invalid naming the field at fault.

        stored looks up the story of the question's `client` on a given day (ordinal), None for one
        nobody knows: then a person must look. Without it the question may name no client.
        name_others=False leaves `other` out of the findings.
        """
        question = read_question(raw)
        if question.client is not None and stored is None:
            raise Invalid(
                "client-not-here", "only a server with a book knows clients; leave `client` out", "client"
            )
        zone = _zone(question.zone or self.zone)
        today = self._today(question, zone)
        visit = visit_of(question, zone)
        story = story_of(question, zone, today, self.rulebook)
        if question.client is not None and stored is not None:
            held = stored(question.client, today)
            if held is None:
                visit = visit._replace(doubts=("client-unknown",))
            else:
                story = _joined(story, held)
        verdict = judge(visit, story, self.rulebook, today)
        return self.answer(question.id, verdict, name_others)

    def check_line(self, raw: bytes) -> tuple[bytes, bool]:
        """One line in, one line out (with its newline); False when the answer is an error."""
        try:
            return _encode(self.check(raw)) + b"\n", True
        except Invalid as fault:
            return _encode(error_answer(raw, fault)) + b"\n", False

    def check_lines(self, lines: Iterable[bytes]) -> tuple[bytes, bool]:
        """The answers to some lines, in their order; False when one of them is an error."""
        answers = [self.check_line(line) for line in lines]
        return b"".join([answer for answer, _ in answers]), all([fine for _, fine in answers])

    def _today(self, question: Question, zone: ZoneInfo) -> int:
        if question.today is None:
            return self.now().astimezone(zone).toordinal()
        return question.day("today", question.today)

    def answer(self, ident: Any, verdict: Verdict, name_others: bool = True) -> dict[str, Any]:
        """A verdict as every interface tells it."""
        outcome, findings, earliest, not_blocked = verdict
        return {
            "id": ident,
            "outcome": WORDS[outcome],
            "earliest": None if earliest is None else _iso(earliest),
            "earliest_not_blocked": None if not_blocked is None else _iso(not_blocked),
            "findings": [self._finding(finding, name_others) for finding in findings],
        }

    def _finding(self, finding: Finding, name_others: bool) -> dict[str, Any]:
        other = finding.other
        told: dict[str, Any] = {
            "rule": finding.rule,
            "outcome": WORDS[finding.outcome],
            "direction": finding.direction,
            "other": None,
            "days": finding.days,
            "absolute_minimum": finding.absolute_minimum,
            "minimum": finding.minimum,
            "until": None if finding.until is None else _iso(finding.until),
        }
        if not name_others:
            told["message"] = discreet(finding, self.language)
        else:
            told["message"] = full(finding, self.catalogue, self.language)
            if other is not None:
                on = None if other.on is None else _iso(other.on)
                ref = None if other.ref is None or other.ref.startswith("\0") else other.ref
                told["other"] = {"treatment": other.treatment, "on": on, "ref": ref}
        return told


def error_answer(raw: bytes, fault: Invalid) -> dict[str, Any]:
    """The answer in place of one that cannot be given; with the question's id where it can be read."""
    try:
        read = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        read = None
    ident = read.get("id") if isinstance(read, dict) else None
    if isinstance(ident, bool) or not isinstance(ident, str | int | None):
        ident = None
    return {"id": ident, "error": {"code": fault.code, "message": fault.message, "path": fault.path}}


def lines_as_they_come(read: Callable[[int], bytes]) -> Iterator[list[bytes]]:
    """The complete lines of each piece of a stream, so that who asks line by line is answered at once.

    read gives at most so many bytes, b"" at the end (`read1` of a buffered reader). A line longer than
    LONGEST_LINE is not kept: a stump stands for it, which is no JSON and is answered so.
    """
    rest = b""
    dropping = False
    while piece := read(PIECE):
        *lines, rest = (rest + piece).split(b"\n")
        if lines and dropping:
            lines[0], dropping = TOO_LONG, False
        if len(rest) > LONGEST_LINE:
            rest, dropping = b"", True
        if lines:
            yield lines
    if rest or dropping:
        yield [TOO_LONG if dropping else rest]


@lru_cache(maxsize=512)
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        raise Invalid(
            "zone-unknown", "zone is no IANA time zone; write it like 'Europe/London'", "zone"
        ) from None


def _joined(asked: Story, held: Story) -> Story:
    """What the question says, added to what we hold."""
    conditions = (
        held.conditions if asked.conditions is None else (*asked.conditions, *(held.conditions or ()))
    )
    screened = [day for day in (asked.screened_on, held.screened_on) if day is not None]
    return Story(
        (*held.items, *asked.items),
        (*held.visits, *asked.visits),
        conditions,
        held.cleared,
        max(screened, default=None),
        held.overrides,
    )
