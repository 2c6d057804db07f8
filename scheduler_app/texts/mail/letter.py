"""One letter, written: subject, plain text by hand, HTML by template. The same facts give the same letter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from textwrap import fill
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time

from scheduler_app.domain.entries import Entry
from scheduler_app.domain.mail import AFTERCARE, CANCEL, CANCELLED, CARE, HELD, REPLACED
from scheduler_app.texts.templates import template_in
from scheduler_app.texts.words import REFERENCE, Words, words
from scheduler_app.texts.words import languages as written

_HERE = Path(__file__).parent
_ROOM = "mail"
_WIDTH = 72


@dataclass(frozen=True, slots=True)
class Facts:
    """What a letter tells. start is aware, zone the clinic's IANA name.

    treatments: their names, "" where they may not be named. sentence: the discreet one, of a hold or of a
    visit we called off where it was booked.
    before, after: care entries. link: the subscribe page, "" for none. method: of the invitation in it.
    """

    kind: str
    name: str
    clinic: str
    phone: str
    location: str
    start: datetime
    zone: str
    treatments: str = ""
    sentence: str = ""
    before: Sequence[Entry] = ()
    after: Sequence[Entry] = ()
    link: str = ""
    method: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """The letter's words."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class _Item:
    title: str
    when: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Parts:
    """What stands in a letter, from the top down. groups: a heading ("" for none) and what is below it."""

    hello: str
    opening: str
    closing: Sequence[str]
    link: str
    sign: str
    lines: Sequence[str] = ()
    groups: Sequence[tuple[str, Sequence[_Item]]] = ()


def languages() -> tuple[str, ...]:
    """The languages letters are written in."""
    return written(_ROOM)


def letter(facts: Facts, language: str = REFERENCE) -> Written:
    """The letter; in the reference language for one nobody has written, and line by line."""
    said = words(language, _ROOM)
    local = facts.start.astimezone(ZoneInfo(facts.zone))
    values = {
        "date": format_date(local.date(), format="full", locale=said.locale),
        "time": format_time(local.time(), format="short", locale=said.locale),
        "clinic": facts.clinic,
        "treatments": facts.treatments,
        "title": facts.before[0].title if facts.before else "",
    }
    subject, opening = _first(facts, said, values)
    parts = _Parts(
        hello=said.say("phrase", "hello" if facts.name else "hello_nobody", name=facts.name),
        opening=opening,
        lines=_lines(facts, said),
        groups=_groups(facts, said),
        closing=_closing(facts, said),
        link=facts.link,
        sign=facts.clinic,
    )
    return _written(" ".join(subject.split()), parts, said)


def link_letter(
    purpose: str, person: str, clinic: str, link: str, until: datetime, zone: str, language: str = REFERENCE
) -> Written:
    """What a private link is sent with. purpose: of domain.private_links; until: aware."""
    said = words(language, _ROOM)
    local = until.astimezone(ZoneInfo(zone))
    values = {
        "date": format_date(local.date(), format="full", locale=said.locale),
        "time": format_time(local.time(), format="short", locale=said.locale),
        "clinic": clinic,
    }
    parts = _Parts(
        hello=said.say("phrase", "hello" if person else "hello_nobody", name=person),
        opening=said.say("link", purpose, **values),
        closing=[
            _linked(said, "link", "open", link),
            said.say("link", "until", **values),
            said.say("link", "not_you"),
        ],
        link=link,
        sign=clinic,
    )
    return _written(said.say("link", f"{purpose}_subject", **values), parts, said)


def _written(subject: str, parts: _Parts, said: Words) -> Written:
    html = template_in(_HERE, "letter.html").render(
        parts=parts, subject=subject, language=said.code, direction=said.direction
    )
    return Written(subject, _plain(parts), html)


def _first(facts: Facts, said: Words, values: Mapping[str, str]) -> tuple[str, str]:
    kind = "care_cancelled" if facts.kind == CARE and facts.method == CANCEL else facts.kind
    plain = facts.treatments and kind in said.sections["subject_plain"]
    section = "subject_plain" if plain else "subject"
    return said.say(section, kind, **values), said.say("opening", kind, **values)


def _lines(facts: Facts, said: Words) -> list[str]:
    lines = []
    if facts.kind in (HELD, CANCELLED):
        lines.append(facts.sentence)
    elif facts.kind not in (CANCELLED, REPLACED, AFTERCARE, CARE):
        lines.append(said.say("phrase", "where", location=facts.location))
    if facts.treatments and facts.kind != CARE:
        lines.append(said.say("phrase", "treatments", treatments=facts.treatments))
    return [line for line in lines if line]


def _groups(facts: Facts, said: Words) -> list[tuple[str, list[_Item]]]:
    groups = []
    for heading, entries in (("before", facts.before), ("after", facts.after)):
        if entries:
            title = "" if facts.kind == CARE else said.say("phrase", heading)
            groups.append((title, [_item(entry, facts.zone, said) for entry in entries]))
    return groups


def _item(entry: Entry, zone: str, said: Words) -> _Item:
    if isinstance(entry.start, datetime) and isinstance(entry.end, datetime):
        start, end = (moment.astimezone(ZoneInfo(zone)) for moment in (entry.start, entry.end))
        first = _day(start.date(), said) + " " + _clock(start, said)
        last = _clock(end, said)
        if end.date() != start.date():
            last = f"{_day(end.date(), said)} {last}"
    else:
        first = _day(entry.start, said)
        last = _day(entry.end - timedelta(days=1), said)
    when = said.say("phrase", "stretch", start=first, end=last)
    return _Item(entry.title, when, tuple(part.strip() for part in entry.text.split("\n\n") if part.strip()))


def _day(day: date, said: Words) -> str:
    return format_date(day, format="EEE d MMM", locale=said.locale)


def _clock(moment: datetime, said: Words) -> str:
    return format_time(moment.time(), format="short", locale=said.locale)


def _closing(facts: Facts, said: Words) -> list[str]:
    lines = []
    if facts.method:
        lines.append(said.say("phrase", "invitation_cancelled" if facts.method == CANCEL else "invitation"))
    over = facts.kind in (CANCELLED, REPLACED, AFTERCARE, CARE, HELD)
    lines.append(said.say("phrase", "questions" if over else "call", phone=facts.phone))
    if facts.link:
        lines += [_linked(said, "phrase", "link", facts.link), said.say("phrase", "link_private")]
    return lines


def _linked(said: Words, section: str, key: str, link: str) -> str:
    """A line with an address in it. No isolate stands around that: programs would take it for its end."""
    return said.sections[section][key](link=link)


def _plain(parts: _Parts) -> str:
    """Paragraphs of 72 columns; a link is never broken."""
    blocks = [parts.hello, _wrapped(parts.opening)]
    blocks += ["\n".join(_wrapped(line) for line in parts.lines)] if parts.lines else []
    for heading, items in parts.groups:
        blocks += [f"{heading}\n{'-' * len(heading)}"] if heading else []
        for item in items:
            head = f"{_wrapped(item.title, '* ')}\n{_wrapped(item.when, '  ')}"
            blocks += [head, *(_wrapped(part, "  ") for part in item.paragraphs)]
    blocks += [_wrapped(line) for line in parts.closing]
    blocks.append(parts.sign)
    return "\n\n".join(blocks) + "\n"


def _wrapped(text: str, indent: str = "") -> str:
    return "\n".join(
        fill(
            line,
            _WIDTH,
            initial_indent=indent,
            subsequent_indent=" " * len(indent),
            break_long_words=False,
            break_on_hyphens=False,
        )
        for line in text.splitlines()
    )
