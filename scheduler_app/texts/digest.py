"""The digest as plain text, for a terminal, a mail or the desk's page. For staff only."""

from collections.abc import Iterable
from datetime import datetime

from babel.dates import format_datetime

from scheduler_app.domain.digests import CalendarLine, Digest, HeldLine, OnlineLine
from scheduler_app.texts.dates import date_text
from scheduler_app.texts.words import REFERENCE, words

# for each standing and fault there is a text; whatever is new is shown as its code
_FAULT = "fault_"


def digest_text(digest: Digest, language: str = REFERENCE) -> str:
    """Every section that has something to say, most urgent first; ends with a line break."""
    said = words(language).sections["digest"]
    late = [line for line in digest.held if line.escalated]
    taken_off = [line for line in digest.held if line.left_alone]
    waiting = [line for line in digest.held if not line.escalated and not line.left_alone]
    sections = [
        (said["escalated"](), [_held(line, language) for line in late]),
        (said["left_alone"](), [_held(line, language) for line in taken_off]),
        (said["held"](), [_held(line, language) for line in waiting]),
        (said["online"](), [_online(line, language) for line in digest.online]),
        (said["online_closed"](), [f"{platform}: {code}" for platform, code in digest.closed]),
        (said["given_up"](), [said["given_up_work"](count=str(digest.given_up))] if digest.given_up else []),
        (said["reviews"](), [f"{count:>3}  {_review(kind, language)}" for kind, count in digest.reviews]),
        (
            said["unrecognised"](),
            [
                f"{_moment(line.start, language)}  {line.title or said['untitled']()}"
                for line in digest.unrecognised
            ],
        ),
        (said["calendars"](), [_calendar(line, language) for line in digest.calendars if _tells(line)]),
    ]
    told = [part for heading, lines in sections if lines for part in _section(heading, lines)]
    title = said["title"](at=_moment(digest.at, language))
    return "\n".join([title, *(told or ["", said["nothing"]()])]) + "\n"


def calendar_standing(line: CalendarLine, language: str = REFERENCE) -> str:
    """In a sentence: whether anything is written there, and on what."""
    return words(language).sections["digest"][f"standing_{line.standing}"](mode=line.mode)


def fault_text(line: CalendarLine, language: str = REFERENCE) -> str:
    """Why the calendar, or what of it, cannot be read or written, in sentences; "" while all is well."""
    said = words(language).sections["digest"]
    parts = []
    if line.fault:
        template = said.get(_FAULT + line.fault.replace("-", "_")) or said["fault_other"]
        since = _moment(line.fault_since, language) if line.fault_since else "?"
        parts.append(template(code=line.fault, since=since))
    if line.paused_until:
        parts.append(said["paused"](until=_moment(line.paused_until, language)))
    if line.unreadable:
        parts.append(said["unreadable"](count=str(line.unreadable)))
    return " ".join(parts)


def _section(heading: str, lines: Iterable[str]) -> list[str]:
    return ["", heading, *(f"  {line}" for line in lines)]


def _held(line: HeldLine, language: str) -> str:
    said = words(language).sections["digest"]
    notes = [said["owner"](owner=line.owner or said["desk"](), deadline=_moment(line.deadline, language))]
    if line.clash:
        notes.append(said["clash"]())
    elif line.earliest is not None:
        notes.append(said["from"](date=date_text(line.earliest, language)))
    if line.free:
        notes.append(said["free"]())
    return f"{_moment(line.start, language)}  {line.title or said['untitled']()}: {'; '.join(notes)}"


def _online(line: OnlineLine, language: str) -> str:
    said = words(language).sections["digest"]
    return f"{_moment(line.start, language)}  {line.title or said['untitled']()}: {line.platform}"


def _review(kind: str, language: str) -> str:
    return words(language).sections["digest"][f"review_{kind}"]()


def _calendar(line: CalendarLine, language: str) -> str:
    told = (calendar_standing(line, language), fault_text(line, language))
    return f"{line.name}: {' '.join(filter(None, told))}"


def _tells(line: CalendarLine) -> bool:
    return line.standing == "observing" or bool(line.fault or line.paused_until or line.unreadable)


def _moment(moment: datetime, language: str) -> str:
    return format_datetime(moment, "EEE d MMM HH:mm", locale=words(language).locale)
