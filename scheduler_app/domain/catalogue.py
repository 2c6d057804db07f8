"""Treatments, and the words people use for them.

Every word and phrase here is matched the same way: whole words, case, accents and width ignored, hyphens
and spaces alike ("micro-needling" is "micro needling"), longest phrase first; what a phrase consumed
nothing else may read. "#" in a phrase stands for any number ("# ml lips").
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Treatment:
    """A procedure or a medication, by code.

    aliases: the words receptionists use for it, beside its name and code. Claimed by one treatment only.
    hints: words that may mean it; the title is then for a person to read. An alias of another treatment
    may be a hint here ("plasma facial" is a facial that may involve needles).
    tails: words that belong to the alias they follow ("microneedling *facial*", "Botox *top-up*").
    prefixes, suffixes: declared forms for languages that join words: a prefix written onto an alias
    (Hebrew, Arabic) or a compound's other half (German "Botox*behandlung*"). Wording holds those that
    every treatment shares.
    absorbs: the treatment named beside it is only talked about ("Botox consultation"); its suffixes make
    compounds of the other treatments' aliases ("Botoxberatung").
    """

    code: str
    name: str
    kind: str = "procedure"  # or "medication"
    aliases: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = ()
    offered: bool = True  # may be booked here; offered ones appear in the forecast
    hints: tuple[str, ...] = ()
    tails: tuple[str, ...] = ()
    absorbs: bool = False

    @property
    def medication(self) -> bool:
        """Whether it is taken as a course instead of being done on a day."""
        return self.kind == "medication"


@dataclass(frozen=True, slots=True)
class Wording:
    """The words around treatments that change what a title means.

    no_booking: training, meeting: the entry is no appointment, whatever else it says.
    absence: lunch, holiday: no appointment when the title names no treatment; beside one, a doubt.
    decoys: phrases that hold an alias but mean something else; they consume their words.
    uncatalogued: treatments and products the catalogue does not have; a doubt.
    generic: words for some treatment or other ("injections", "skin"); a doubt where none is named.
    negations: "no", "without": what follows is not what is booked; a doubt.
    mentions: "post", "had": what follows is only talked about; a doubt.
    follow_ups: "review", "2 week check": the treatment beside them is not given again, or is; a doubt.
    repeats: "top-up": more of the treatment named with them; alone a doubt.
    cancelled, missed: the title says that the visit does not or did not take place; a doubt.
    tentative: "tbc", "waitlist"; a doubt. alternatives: "or" between two treatments; a doubt.
    joins: words that join treatments as "+" does. links: "for", "of", between a consultation and its matter.
    topics: "re", "about": as links beside a consultation, as mentions elsewhere ("call Anna re Botox").
    hosts: "with": the name that follows is somebody who works here. staff: who that is; never a client.
    units: words that count ("ml", "units") or date ("March") when they stand beside a number.
    noise: words that mean nothing here. lookalikes: words near an alias that are no misspelling of it.
    service_labels: description lines such as "Service:" that are read like a title.
    name_labels: description lines such as "Client:" that hold the client's name.
    client_codes: what stands before the digits (three to twelve) of the clinic's own client codes.
    own_contacts: the clinic's own e-mail addresses and numbers; they identify no client.
    prefixes, suffixes: as in Treatment, for all of them.
    """

    no_booking: tuple[str, ...] = ()
    decoys: tuple[str, ...] = ()
    negations: tuple[str, ...] = ()
    noise: tuple[str, ...] = ()
    service_labels: tuple[str, ...] = ("service",)
    absence: tuple[str, ...] = ()
    uncatalogued: tuple[str, ...] = ()
    generic: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    follow_ups: tuple[str, ...] = ()
    repeats: tuple[str, ...] = ()
    cancelled: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()
    tentative: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()
    joins: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    staff: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    lookalikes: tuple[str, ...] = ()
    name_labels: tuple[str, ...] = ()
    client_codes: tuple[str, ...] = ("#C", "C-")
    own_contacts: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CalendarDefaults:
    """What a title that holds only a client's name stands for in one calendar; values are codes.

    colours and labels map the calendar's own words (a colour id, a label) to treatments; they go before
    `treatments`, which hold for the whole calendar. unrecognised: an entry in which nothing is
    recognised is for a person to read (`review`) or no appointment (`ignore`: a calendar shared with
    private entries).
    """

    colours: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    treatments: tuple[str, ...] = ()
    unrecognised: str = "review"


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
