"""What titles were read as, kept for the next title that differs in nothing but a name."""

from collections.abc import Hashable
from dataclasses import dataclass, field

from scheduler_app.domain.appointments import Clues
from scheduler_app.domain.catalogue import CalendarDefaults
from scheduler_app.domain.quick import quickly_made


@quickly_made
@dataclass(frozen=True, slots=True)
class Reading:
    """What a title says.

    treatments: codes in the order of the title, each once. booking: False for what is no appointment.
    doubts: from DOUBTS, in their order; any of them means review. guesses: codes a doubt may stand for.
    status: `cancelled` or `noshow` where the title claims so; a doubt, not a fact.
    clues: name, e-mail, phone and client code as they were typed, not normalised; none for no booking.
    origin: where the treatments come from: title, service, colour, label, calendar, or "" for nowhere.
    seen: the phrases that counted, each with its code or kind, to explain the reading.
    """

    treatments: tuple[str, ...] = ()
    booking: bool = True
    doubts: tuple[str, ...] = ()
    guesses: tuple[str, ...] = ()
    status: str = ""
    clues: Clues = field(default_factory=Clues)
    origin: str = ""
    seen: tuple[tuple[str, str], ...] = ()

    @property
    def name(self) -> str | None:
        """The client's name, as it was typed."""
        return self.clues.name


class Told:
    """Whole readings by everything they come from but the words of a name. Bounded; threads may share it."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._known: dict[Hashable, tuple[CalendarDefaults | None, Reading, slice | None]] = {}

    def recall(
        self, come_from: Hashable, defaults: CalendarDefaults | None, words: list[str]
    ) -> Reading | None:
        """The reading with the name that is among these words, None where nothing is known."""
        known = self._known.get(come_from)
        if known is None or known[0] is not defaults:
            return None
        _, reading, place = known
        if place is None or not reading.booking:
            return reading
        clues = reading.clues
        return Reading(
            reading.treatments,
            True,
            reading.doubts,
            reading.guesses,
            reading.status,
            Clues(" ".join(words[place]), clues.email, clues.phone, clues.code),
            reading.origin,
            reading.seen,
        )

    def keep(
        self, come_from: Hashable, defaults: CalendarDefaults | None, reading: Reading, place: slice | None
    ) -> None:
        """place: which of the words are the name; None for a title without one."""
        if len(self._known) >= self._most:
            self._known.clear()
        self._known[come_from] = (defaults, reading, place)
