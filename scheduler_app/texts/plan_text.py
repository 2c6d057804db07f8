"""A client's entries in plain words, day by day: for a page, for a mail, and as plain text."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from scheduler_app.domain.entries import Entry
from scheduler_app.texts.dates import clock_text, date_text, weekday_text
from scheduler_app.texts.words import REFERENCE, phrase, words

_RIGHT_TO_LEFT = "\u200f"  # a line that begins with a digit would be laid out from the left


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One entry. time: when, in words; texts: its paragraphs, the banner of unsigned ones taken off."""

    time: str
    title: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlanDay:
    """What begins on one day, or is going on already."""

    title: str
    lines: tuple[PlanLine, ...]


def plan_days(
    entries: Sequence[tuple[Entry, str]], now: datetime, language: str = REFERENCE
) -> tuple[PlanDay, ...]:
    """Entries in order of start, each with the IANA zone it is lived in, by the day they begin on."""
    told = [(_day(entry, zone, now), entry, zone) for entry, zone in entries]
    told.sort(key=lambda one: (one[0], not isinstance(one[1].start, datetime)))  # whole days last
    days = []
    for day, each in groupby(told, key=lambda one: one[0]):
        title = weekday_text(day, language) if day else words(language).sections["subscribe"]["now"]()
        days.append(PlanDay(title, tuple(_line(entry, zone, day, language) for _, entry, zone in each)))
    return tuple(days)


def plan_text(title: str, days: Iterable[PlanDay], language: str = REFERENCE) -> str:
    """The same as plain text, ending with a line break."""
    said = words(language)
    lines = [title, ""]
    for day in days:
        lines += [day.title, ""]
        for line in day.lines:
            lines += [f"  {line.time}", f"  {line.title}", *(f"  {text}" for text in line.texts), ""]
    if len(lines) == 2:
        lines.append(said.sections["subscribe"]["nothing"]())
    text = "\n".join(lines).rstrip("\n") + "\n"
    return text.replace("\n  ", f"\n  {_RIGHT_TO_LEFT}") if said.right_to_left else text


def _day(entry: Entry, zone: str, now: datetime) -> int:
    """The local day it begins on; 0 for what has begun."""
    if not isinstance(entry.start, datetime):
        begun = entry.start <= now.astimezone(ZoneInfo(zone)).date()
        return 0 if begun else entry.start.toordinal()
    return 0 if entry.start <= now else entry.start.astimezone(ZoneInfo(zone)).toordinal()


def _line(entry: Entry, zone: str, day: int, language: str) -> PlanLine:
    banner = phrase("demo_banner", language)
    paragraphs = [text for text in entry.text.split("\n") if text.strip() and text != banner]
    return PlanLine(_when(entry, zone, day, language), entry.title, tuple(paragraphs))


def _when(entry: Entry, zone: str, day: int, language: str) -> str:
    said = words(language).sections["subscribe"]
    if not isinstance(entry.start, datetime) or not isinstance(entry.end, datetime):
        last = entry.end.toordinal() - 1
        one_day = entry.start.toordinal() == last
        return said["all_day"]() if one_day else said["days_until"](date=date_text(last, language))
    begins, ends = entry.start.astimezone(ZoneInfo(zone)), entry.end.astimezone(ZoneInfo(zone))
    told = [_moment(moment, day, language) for moment in (begins, ends)]
    return said["until"](**dict(zip(("from", "to"), told, strict=True)))


def _moment(moment: datetime, day: int, language: str) -> str:
    """The time of day, with the date wherever it is another one than the heading's."""
    clock = clock_text(moment, language)
    if moment.toordinal() == day:
        return clock
    said = words(language).sections["subscribe"]
    return said["moment"](date=date_text(moment.toordinal(), language), time=clock)
