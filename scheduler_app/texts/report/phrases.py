"""The report's own words, in one language."""

from datetime import date
from functools import lru_cache

from babel.dates import format_date

from scheduler_app.domain.audits import AuditedVisit, AuditFinding, Listed
from scheduler_app.domain.catalogue import Catalogue
from scheduler_app.domain.outcome import Outcome
from scheduler_app.texts.dates import date_text
from scheduler_app.texts.report.visible import visible
from scheduler_app.texts.sentences import full
from scheduler_app.texts.words import REFERENCE, words

_ROOM = "report"
_LONGEST_TITLE = 120


class Phrases:
    """Everything the report says, in `language`; in the reference language where nobody has written it."""

    def __init__(self, catalogue: Catalogue, language: str = REFERENCE) -> None:
        self._catalogue = catalogue
        self._language = language
        self._said = words(language, _ROOM).sections

    def say(self, key: str, **values: object) -> str:
        """A phrase by "section.key", filled."""
        section, _, name = key.partition(".")
        return self._said[section][name](**values)

    def count(self, number: int, noun: str) -> str:
        """ "1 visit", "12 visits"; nouns stand in the section [count]."""
        return self.say(f"count.{noun}" if number == 1 else f"count.{noun}s", count=f"{number:,}")

    def treatment(self, code: str) -> str:
        """A treatment's name."""
        return self._catalogue.name(code)

    def day(self, day: int) -> str:
        """ "15 March 2026"."""
        return date_text(day, self._language)

    def weekday(self, day: int) -> str:
        """ "Sun 15 Mar 2026"."""
        return _weekday(day, self._language)

    def when(self, event: Listed) -> str:
        """Day and local time of an event."""
        return f"{self.weekday(event.day)} {event.clock}".rstrip()

    def titled(self, event: Listed) -> str:
        """An event's title, with nothing in it that could act on a screen, and not endless."""
        title = " ".join(visible(event.title).split())
        if len(title) > _LONGEST_TITLE:
            title = title[: _LONGEST_TITLE - 3] + "..."
        return title or self.say("report.untitled")

    def client(self, name: str | None) -> str:
        """A client's name, or that nobody knows it."""
        return " ".join(visible(name or "").split()) or self.say("report.nobody")

    def sentence(self, found: AuditFinding) -> str:
        """Why, in full, as everywhere else; and whose the other visit is where that is in question."""
        text = full(found.finding, self._catalogue, self._language)
        if found.bearer:
            text += " " + self.say("report.booked_for", bearer=self.client(found.bearer))
        return text

    def possible_from(self, visit: AuditedVisit) -> str:
        """When it would break no rule; "" where no gap rule is concerned."""
        if not visit.by_gap:
            return ""
        if visit.earliest is None:
            return self.say("date.none")
        key = "date.now" if visit.ahead else "date.then"
        soon = visit.earliest_not_blocked
        if visit.outcome is Outcome.BLOCKED and soon is not None and soon != visit.earliest:
            return self.say(f"{key}_both", earliest=self.day(visit.earliest), not_blocked=self.day(soon))
        return self.say(key, earliest=self.day(visit.earliest))

    def period(self, since: int | None, until: int | None) -> str:
        """Which days are reported; "" where all are."""
        if since is not None and until is not None:
            return self.say("report.period", since=self.day(since), until=self.day(until))
        if since is not None:
            return self.say("report.period_since", since=self.day(since))
        return "" if until is None else self.say("report.period_until", until=self.day(until))


@lru_cache(maxsize=65_536)
def _weekday(day: int, language: str) -> str:
    return format_date(date.fromordinal(day), format="EEE d MMM y", locale=words(language).locale)
