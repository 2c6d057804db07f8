"""The words of an entry: the clinic's texts, their blanks filled in, as one client may read them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from scheduler_app.domain.carelines import CareLine, Precedence
from scheduler_app.domain.clinic import DISCREET, Clinic
from scheduler_app.domain.instructions import Instruction
from scheduler_app.domain.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Phrases:
    """The words around care lines, in one language. Days are ordinals, times are local and aware.

    refusal: one discreet sentence for a verdict. possible takes (treatment's name, telephone number,
    discreet) and gives title and text. embed: a name or number as it has to stand in this language.
    """

    day: Callable[[int], str]
    clock: Callable[[datetime], str]
    appointment: str
    banner: str
    not_confirmed_title: Callable[[str], str]
    not_confirmed_text: Callable[[str], str]
    cancelled_title: Callable[[str], str]
    refusal: Callable[[Verdict], str]
    possible: Callable[[str, str, bool], tuple[str, str]]
    embed: Callable[[str], str] = str


@dataclass(frozen=True, slots=True)
class CareTerms:
    """On what terms one client's feed is written: the clinic's texts and settings, and the client's own.

    names: treatments by code, as people call them. invitations: the appointment goes by mail, so the
    feed leaves it out. publish_unapproved: texts nobody signed are shown, under a banner (the demo).
    care_by_mail: so does care. mailed: uids that stand in the client's own calendar by invitation.
    """

    clinic: Clinic
    lines: Sequence[CareLine]
    phrases: Phrases
    precedence: Sequence[Precedence] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    privacy: str = DISCREET
    invitations: bool = False
    publish_unapproved: bool = False
    care_by_mail: bool = False
    mailed: frozenset[str] = frozenset()

    @property
    def discreet(self) -> bool:
        """Whether no treatment may be named."""
        return self.privacy == DISCREET

    def shows(self, line: CareLine) -> bool:
        """Whether the line may be published at all."""
        return line.approved_by is not None or self.publish_unapproved


def under_banner(text: str, draft: Sequence[Instruction], terms: CareTerms) -> str:
    """The text, under the banner unless somebody signed every line in it."""
    signed = all(one.line.approved_by is not None for one in draft)
    return text if signed else f"{terms.phrases.banner}\n\n{text}".strip()


def words(draft: Sequence[Instruction], terms: CareTerms) -> tuple[str, str]:
    """Titles joined, texts one below the other in order of time; a later one says from when it counts."""
    titles, texts = [], []
    for one in draft:
        values = _values(one, terms)
        title, text = (
            (one.line.discreet_title, one.line.discreet_text)
            if terms.discreet
            else (one.line.title, one.line.text)
        )
        titles.append(title.format_map(values))
        text = text.format_map(values)
        if text and one.begin != draft[0].begin:
            text = f"{_stretch(one, draft[0], terms)}: {text}"
        texts.append(text)
    return " · ".join(dict.fromkeys(titles)), "\n\n".join(dict.fromkeys(filter(None, texts)))


def _stretch(one: Instruction, first: Instruction, terms: CareTerms) -> str:
    """From when to when, with the day wherever it is another one than the entry began on."""
    zone = ZoneInfo(one.visit.zone)
    opened = first.begin.astimezone(zone).toordinal()
    said = []
    for moment in (one.begin.astimezone(zone), one.end.astimezone(zone)):
        day = moment.toordinal()
        clock = terms.phrases.clock(moment)
        said.append(clock if day == opened else f"{terms.phrases.day(day)} {clock}")
    return " – ".join(said)


def _values(one: Instruction, terms: CareTerms) -> dict[str, str]:
    """What the placeholders of a text stand for at this visit (carelines.PLACEHOLDERS)."""
    phrases, clinic, visit = terms.phrases, terms.clinic, one.visit
    zone = ZoneInfo(visit.zone)
    start, begin, end = (moment.astimezone(zone) for moment in (visit.start, one.begin, one.end))
    last = end.toordinal() - 1 if one.days else end.toordinal()
    place = clinic.locations.get(visit.location, clinic.location)
    values = {
        "date": phrases.day(start.toordinal()),
        "time": phrases.clock(start),
        "from_date": phrases.day(begin.toordinal()),
        "from_time": phrases.clock(begin),
        "until_date": phrases.day(last),
        "until_time": phrases.clock(end),
        "clinic": phrases.embed(clinic.name),
        "location": phrases.embed(place.name),
        "phone": phrases.embed(clinic.phone),
    }
    if not terms.discreet:
        values["treatments"] = ", ".join(
            phrases.embed(terms.names.get(code, code)) for code in visit.treatments
        )
    return values
