"""Where a visit's treatments come from when its title does not say."""

from collections.abc import Iterable

from scheduler_app.domain import doubts
from scheduler_app.domain.catalogue import CalendarDefaults
from scheduler_app.domain.sense import Sense

# Doubts that say nothing about a treatment: with them alone, an entry is still unrecognised.
_ABOUT_NO_TREATMENT = frozenset(
    {doubts.QUESTION, doubts.TENTATIVE, doubts.CANCELLED, doubts.SEVERAL, doubts.TOO_LONG, doubts.UNKNOWN}
)


def settle(
    sense: Sense,
    bare: bool,
    service: Sense | None,
    colour: str,
    labels: Iterable[str],
    defaults: CalendarDefaults,
) -> str | None:
    """Complete `sense` with treatments from elsewhere, and say where they come from.

    The title goes first, then the description's service line; only a title that is bare (a name at most)
    takes the colour's, the label's or the calendar's treatments. None means that it is no appointment;
    lunch and the like by themselves never come here.
    """
    origin = "title" if sense.treatments else ""
    if sense.absence:
        sense.doubt(doubts.CONTRADICTORY)
    if service is not None:
        origin = _take_service(sense, service)
    elif bare:
        origin = _take_default(sense, colour, labels, defaults)
    if sense.treatments:
        return origin
    unrecognised = sense.doubts <= _ABOUT_NO_TREATMENT and not sense.guesses
    if unrecognised and defaults.unrecognised == "ignore":
        return None
    if sense.repeats:
        sense.doubt(doubts.DOUBTFUL)
    elif unrecognised:
        sense.doubt(doubts.UNKNOWN)
    return origin


def _take_service(sense: Sense, service: Sense) -> str:
    """The title wins over a service line; where both name treatments and differ, a person looks."""
    if sense.treatments:
        if set(sense.treatments) != set(service.treatments):
            sense.doubt(doubts.SERVICE_DISAGREES, *service.treatments)
        return "title"
    sense.treatments += service.treatments
    sense.doubts |= service.doubts
    sense.guesses += service.guesses
    sense.told = True
    return "service" if service.treatments else ""


def _take_default(sense: Sense, colour: str, labels: Iterable[str], defaults: CalendarDefaults) -> str:
    by_colour = defaults.colours.get(colour, ())
    by_label = tuple(code for label in labels for code in defaults.labels.get(label, ()))
    if by_colour and by_label and set(by_colour) != set(by_label):
        sense.doubt(doubts.DEFAULTS_DISAGREE, *by_label)
    for origin, codes in (("colour", by_colour), ("label", by_label), ("calendar", defaults.treatments)):
        if codes:
            sense.treatments += codes
            return origin
    return ""
