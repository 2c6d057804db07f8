"""The report as people read it in a terminal: counts first, then the worst, what was not read at the end."""

import textwrap
from collections.abc import Iterable, Iterator

from scheduler_app.domain.audits import Audit, AuditedVisit
from scheduler_app.domain.catalogue import Catalogue
from scheduler_app.domain.outcome import Outcome
from scheduler_app.texts.report.grouping import ahead_then_past, by_reason, of_outcome
from scheduler_app.texts.report.phrases import Phrases
from scheduler_app.texts.report.visible import ascii_only, visible
from scheduler_app.texts.words import REFERENCE

_NARROWEST, _WIDEST = 50, 110
_INDENT = "    "


def text_report(
    audit: Audit,
    catalogue: Catalogue,
    language: str = REFERENCE,
    *,
    width: int = 80,
    ascii_screen: bool = False,
) -> Iterator[str]:
    """Lines, each with its end. ascii_screen: for a screen that shows ASCII only."""
    said = Phrases(catalogue, language)
    lines = _Lines(said, max(_NARROWEST, min(width, _WIDEST)))
    for line in lines.report(audit):
        yield (ascii_only(line) if ascii_screen else line) + "\n"


class _Lines:
    def __init__(self, said: Phrases, width: int) -> None:
        self._said = said
        self._width = width

    def report(self, audit: Audit) -> Iterator[str]:
        yield from self._top(audit)
        for outcome in (Outcome.BLOCKED, Outcome.CAUTION):
            visits = of_outcome(audit.clients, outcome)
            yield from self._heading(outcome.word, len(visits))
            yield from self._by_time(visits)
        yield from self._reviews(of_outcome(audit.clients, Outcome.REVIEW))
        yield from self._heading("possible", audit.counts.possible)
        for client in audit.possible:
            yield from ("", self._said.client(client.name))
            for visit in client.visits:
                yield from self._visit(visit)
        yield from self._heading("unrecognised", len(audit.unrecognised))
        for event in audit.unrecognised:
            yield from self._wrapped(f"{self._said.when(event)}  {self._said.titled(event)}", "", _INDENT)
        yield from self._heading("unreadable", len(audit.unreadable))
        for lost in audit.unreadable:
            yield from self._wrapped(f"{visible(lost.where)}: {visible(lost.why)}", "", _INDENT)

    def _top(self, audit: Audit) -> Iterator[str]:
        said = self._said
        title = said.say("report.title")
        yield from (title, "=" * len(title), said.say("report.as_of", today=said.day(audit.today)))
        if period := said.period(audit.since, audit.until):
            yield period
        for key in ("privacy", "purpose"):
            yield ""
            yield from self._wrapped(said.say(f"report.{key}"))
        yield ""
        yield from self._counts(audit)

    def _counts(self, audit: Audit) -> Iterator[str]:
        said, counts = self._said, audit.counts
        yield from self._wrapped(
            said.say(
                "report.counted",
                events=said.count(counts.events, "event"),
                visits=said.count(counts.visits, "visit"),
                clients=said.count(counts.clients, "client"),
                unrecognised=len(audit.unrecognised),
                cancelled=counts.cancelled,
                idle=counts.idle,
            )
        )
        yield ""
        for name, number, ahead in tallies(audit):
            told = f"{_INDENT}{number:>7,}  {said.say(f'heading.{name}')}"
            yield told + (f" ({said.say('count.of_which_ahead', count=ahead)})" if ahead else "")
        if not (counts.blocked or counts.caution or counts.review or counts.possible):
            yield from ("", said.say("report.nothing"))

    def _heading(self, name: str, number: int) -> Iterator[str]:
        if number:
            heading = f"{self._said.say(f'heading.{name}')} ({number:,})"
            yield from ("", "", heading, "-" * len(heading))
            yield from self._wrapped(self._said.say(f"explained.{name}"))
            if name in ("unrecognised", "unreadable"):
                yield ""

    def _by_time(self, visits: Iterable[AuditedVisit]) -> Iterator[str]:
        for key, told in zip(("ahead", "past"), ahead_then_past(visits), strict=True):
            if told:
                yield from ("", f"[{self._said.say(f'report.{key}')}]")
            for visit in told:
                yield from self._visit(visit)

    def _reviews(self, visits: list[AuditedVisit]) -> Iterator[str]:
        yield from self._heading("review", len(visits))
        for reasons, alike in by_reason(visits, self._said.sentence):
            yield ""
            for reason in reasons:
                yield from self._wrapped(reason)
            ahead, past = ahead_then_past(alike)
            for visit in (*ahead, *past):
                yield from self._wrapped(self._named(visit), _INDENT, _INDENT * 2)

    def _visit(self, visit: AuditedVisit) -> Iterator[str]:
        yield ""
        yield from self._wrapped(self._named(visit), "", _INDENT)
        for found in visit.findings:
            yield from self._wrapped(self._said.sentence(found), _INDENT + "- ", _INDENT + "  ")
        if dates := self._said.possible_from(visit):
            yield from self._wrapped(dates, _INDENT + "> ", _INDENT + "  ")

    def _named(self, visit: AuditedVisit) -> str:
        said = self._said
        return f'{said.when(visit.event)}  {said.client(visit.client)}  "{said.titled(visit.event)}"'

    def _wrapped(self, text: str, first: str = "", rest: str | None = None) -> list[str]:
        return textwrap.wrap(
            text,
            self._width,
            initial_indent=first,
            subsequent_indent=first if rest is None else rest,
            break_on_hyphens=False,
        )


def tallies(audit: Audit) -> list[tuple[str, int, int]]:
    """The numbers at the top of a report: what, how many, and how many of them are still ahead."""
    counts = audit.counts
    ahead = {
        outcome: sum(visit.ahead for visit in of_outcome(audit.clients, outcome))
        for outcome in (Outcome.BLOCKED, Outcome.CAUTION, Outcome.REVIEW)
    }
    possible = sum(visit.ahead for client in audit.possible for visit in client.visits)
    return [
        ("blocked", counts.blocked, ahead[Outcome.BLOCKED]),
        ("caution", counts.caution, ahead[Outcome.CAUTION]),
        ("review", counts.review, ahead[Outcome.REVIEW]),
        ("possible", counts.possible, possible),
        ("unrecognised", len(audit.unrecognised), 0),
        ("unreadable", len(audit.unreadable), 0),
    ]
