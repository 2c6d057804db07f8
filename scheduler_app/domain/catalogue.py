"""Treatments, and the words people use for them."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Treatment:
    """A procedure or a medication, by code.

    aliases: the words receptionists use, matched as whole words, longest first.
    prefixes, suffixes: declared forms for languages that join words: a prefix written onto an alias
    (Hebrew, Arabic) or a compound's other half (German "Microneedlingbehandlung").
    decoys: phrases that contain an alias and mean something else ("plasma facial").
    """

    code: str
    name: str
    kind: str = "procedure"  # or "medication"
    aliases: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = ()
    offered: bool = True  # may be booked here; offered ones appear in the forecast

    @property
    def medication(self) -> bool:
        """Whether it is taken as a course instead of being done on a day."""
        return self.kind == "medication"


@dataclass(frozen=True, slots=True)
class Wording:
    """The words around treatments that change what a title means. All matched as whole words.

    no_booking: training, meeting, lunch: the entry is no appointment.
    decoys: phrases that hold an alias but mean something else; they consume their words.
    negations: "no", "without": what follows is not what is booked, so a person must look.
    service_labels: description lines such as "Service:" that are read like a title.
    """

    no_booking: tuple[str, ...] = ()
    decoys: tuple[str, ...] = ()
    negations: tuple[str, ...] = ()
    noise: tuple[str, ...] = ()
    service_labels: tuple[str, ...] = ("service",)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every treatment of the clinic, by code, and how titles are read."""

    treatments: Mapping[str, Treatment]
    wording: Wording = field(default_factory=Wording)

    def __contains__(self, code: object) -> bool:
        return code in self.treatments

    def name(self, code: str) -> str:
        """What people call it; an unknown code is its own name."""
        known = self.treatments.get(code)
        return known.name if known else code
