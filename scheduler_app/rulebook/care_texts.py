"""What care texts may say: placeholders that can be filled, nothing revealing where others look on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from string import Formatter

from scheduler_app.domain.carelines import PLACEHOLDERS
from scheduler_app.domain.catalogue import Catalogue
from scheduler_app.domain.rules import Condition
from scheduler_app.rulebook.care_languages import CONDITIONS, STOPPING
from scheduler_app.rulebook.entries import Entry, did_you_mean
from scheduler_app.rulebook.files import Notebook
from scheduler_app.rulebook.shapes import TextShape
from scheduler_app.rulebook.treatments import plain_words

_KEYS = ("title", "text", "discreet_title", "discreet_text")
_TELLING = ("treatments",)
_TIMES = ("from_time", "until_time")


@dataclass(frozen=True, slots=True)
class Revealing:
    """Words that tell a bystander what a client has or has done, as they are compared."""

    words: Mapping[str, str]
    longest: int

    @classmethod
    def of(cls, catalogue: Catalogue, conditions: Mapping[str, Condition]) -> "Revealing":
        """Names and aliases of treatments, and names of conditions. A consultation reveals nothing."""
        words = {}
        for treatment in catalogue.treatments.values():
            if not treatment.absorbs:
                for word in (treatment.name, treatment.code.replace("_", " "), *treatment.aliases):
                    words[plain_words(word)] = treatment.code
        for condition in conditions.values():
            elsewhere = CONDITIONS.get(condition.code, ())
            for word in (condition.name, condition.code.replace("_", " "), *elsewhere):
                words[plain_words(word)] = condition.code
        words.pop("", None)
        return cls(words, max((word.count(" ") + 1 for word in words), default=0))

    def found_in(self, text: str) -> str | None:
        """The first word or phrase of the text that reveals something."""
        said = plain_words(text).split()
        for start in range(len(said)):
            for end in range(start + 1, min(start + self.longest, len(said)) + 1):
                phrase = " ".join(said[start:end])
                if phrase in self.words:
                    return phrase
        return None


def check_texts(entry: Entry[TextShape], all_day: bool, revealing: Revealing, notebook: Notebook) -> None:
    """Note what one line's four texts may not say."""
    for key in filter(entry.sound, _KEYS):
        text = getattr(entry.shape, key)
        where, line = entry.where(key), f"the care line {entry.label}"
        discreet = key.startswith("discreet")
        for fault, cure in _placeholder_faults(text, discreet, all_day):
            notebook.mistake(entry.file.name, where, f"{line} {fault}", cure)
        found = revealing.found_in(text) if discreet else None
        if found:
            fault = f"{line} reveals {found!r} ({revealing.words[found]}) in a discreet text"
            notebook.mistake(entry.file.name, where, fault, "Say what to do, not what was done.")
        if any(stopping.search(text) for stopping in STOPPING):
            fault = f"{line} may tell somebody to stop a medicine"
            cure = "Only its prescriber may say so: send people to their prescriber and to the clinic."
            notebook.warning(entry.file.name, where, fault, cure)


def _placeholder_faults(text: str, discreet: bool, all_day: bool) -> Iterator[tuple[str, str]]:
    try:
        found = list(Formatter().parse(text))
    except ValueError:
        yield "has a { or } that belongs to nothing", "Write {{ or }} for the sign itself."
        return
    for _, name, layout, conversion in found:
        if name is None:
            continue
        if name in PLACEHOLDERS and (layout or conversion):
            yield f"has more than a name in {{{name}}}", f"Write {{{name}}}."
        elif name not in PLACEHOLDERS:
            near = did_you_mean(name, PLACEHOLDERS)
            yield (
                f"has the unknown placeholder {{{name}}}",
                f"{near}Known are: {', '.join(PLACEHOLDERS)}.",
            )
        elif discreet and name in _TELLING:
            yield f"names {{{name}}} in a discreet text", "Say what to do, not what was done."
        elif all_day and name in _TIMES:
            yield f"lies on whole days and has {{{name}}}", "Use {from_date} or {until_date}."
