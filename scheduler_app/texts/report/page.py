"""The report as one self-contained page: no script, nothing fetched, readable on a phone and on paper."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from babel.dates import format_date

from scheduler_app.domain.audits import Audit, AuditedClient
from scheduler_app.domain.catalogue import Catalogue
from scheduler_app.domain.outcome import Outcome
from scheduler_app.texts.dates import short_date
from scheduler_app.texts.report.grouping import ahead_then_past, by_reason
from scheduler_app.texts.report.phrases import Phrases
from scheduler_app.texts.report.terminal import tallies
from scheduler_app.texts.report.timeline import Wording, pictures
from scheduler_app.texts.report.visible import visible
from scheduler_app.texts.templates import template_in
from scheduler_app.texts.words import REFERENCE, outcome_text, words

_HERE = Path(__file__).parent


def html_report(audit: Audit, catalogue: Catalogue, language: str = REFERENCE) -> Iterator[str]:
    """Pieces of one HTML document. Whatever comes from the calendar is escaped."""
    said = Phrases(catalogue, language)
    wording = _wording(said, language)
    cards = _cards(audit.clients)
    doubts = [visit for client in audit.clients for visit in client.visits if not visit.by_gap]
    ahead, past = ahead_then_past(doubts)
    return template_in(_HERE, "report.html").generate(
        audit=audit,
        said=said,
        visible=visible,
        language=language,
        tallies=tallies(audit),
        cards=cards,
        possible=_ahead_first(audit.possible),
        above=_above(audit, cards, len(doubts)),
        doubts=list(by_reason((*ahead, *past), said.sentence)),
        outcome_text=lambda outcome: outcome_text(outcome, language),
        pictures=lambda client: _pictures(client, audit, wording),
    )


def _cards(clients: Iterable[AuditedClient]) -> dict[str, list[AuditedClient]]:
    """Clients with broken gap rules, under the worst of those visits; doubts alone are told elsewhere."""
    cards: dict[str, list[AuditedClient]] = {outcome.word: [] for outcome in Outcome}
    for client in clients:
        visits = tuple(visit for visit in client.visits if visit.by_gap)
        if visits:
            card = replace(client, visits=visits)
            cards[card.outcome.word].append(card)
    return {name: _ahead_first(those) for name, those in cards.items()}


def _ahead_first(clients: Iterable[AuditedClient]) -> list[AuditedClient]:
    """Clients about whom something can still be done, then the others; each in their order."""
    return sorted(clients, key=lambda client: not any(visit.ahead for visit in client.visits))


def _above(audit: Audit, cards: dict[str, list[AuditedClient]], doubts: int) -> dict[str, int]:
    """How many visits of each outcome stand with a client who is told under a worse one."""
    counts = {"blocked": audit.counts.blocked, "caution": audit.counts.caution, "review": audit.counts.review}
    for name, clients in cards.items():
        if name in counts:
            counts[name] -= sum(visit.outcome.word == name for client in clients for visit in client.visits)
    counts["review"] -= doubts
    return counts


def _pictures(client: AuditedClient, audit: Audit, wording: Wording) -> list[object]:
    return list(pictures(client, audit.today, wording))


def _wording(said: Phrases, language: str) -> Wording:
    return Wording(
        treatment=said.treatment,
        short=lambda day: short_date(day, language),
        month=lambda day: _month(day, language),
        visit=lambda treatment, day, outcome: said.say(
            "picture.visit", treatment=treatment, date=said.day(day), outcome=outcome_text(outcome, language)
        ),
        days=lambda kind, treatment, first, last: said.say(
            f"picture.{kind}_days", treatment=treatment, first=said.day(first), last=said.day(last)
        ),
        whole=lambda first, last: said.say("picture.label", first=said.day(first), last=said.day(last)),
    )


def _month(day: int, language: str) -> str:
    return format_date(date.fromordinal(day), format="MMM y", locale=words(language).locale)
