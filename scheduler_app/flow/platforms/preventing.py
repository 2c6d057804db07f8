"""preventing: a platform asks before it books; the answer comes from what we hold, and nothing is stored."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from scheduler_app.domain.identity import Identified, identify
from scheduler_app.domain.judging import judge
from scheduler_app.domain.outcome import Outcome
from scheduler_app.domain.platforms import REFUSE, Asked
from scheduler_app.domain.story import Story, Visit
from scheduler_app.flow.flow import Flow
from scheduler_app.flow.platforms.wishes import preventing
from scheduler_app.flow.story import recorded, tell
from scheduler_app.flow.take import normal_clues
from scheduler_app.flow.treatments import known_treatments
from scheduler_app.ports import Transaction
from scheduler_app.texts.sentences import refusal, unchecked

ASKED = "\0asked"  # a ref no appointment has


@dataclass(frozen=True, slots=True)
class Answered:
    """What the platform is told. refusal: what the client reads, None where it may be booked."""

    refusal: str | None
    outcome: Outcome


def answer(flow: Flow, name: str, asked: Asked) -> Answered:
    """Whether it may be booked. Refused are gap findings and absolute contraindications, as for free slots.

    Somebody nobody knows stays bookable, and is flagged once the booking is read. Raises Unavailable.
    """
    now = flow.clock()
    today = now.astimezone(ZoneInfo(asked.zone)).toordinal()
    with flow.store.reading() as tx:
        client = _whose(tx, name, asked)
        story = _story(tx, flow, client, name, asked, today)
        known = tx.clients.get(client) if client else None
    verdict = judge(_visit(flow, asked, client, now), story, flow.rulebook, today)
    against = preventing(verdict, flow.clinic.platforms[name].terms)
    if not against:
        return Answered(None, verdict.outcome)
    language = (known.language if known else "") or flow.language
    return Answered(refusal(verdict, language, flow.clinic), verdict.outcome)


def when_down(flow: Flow, name: str) -> str | None:
    """What the platform is told when we cannot look: the clinic decides which way to err."""
    if flow.clinic.platforms[name].terms.when_down == REFUSE:
        return unchecked(flow.language, flow.clinic)
    return None


def _whose(tx: Transaction, name: str, asked: Asked) -> str | None:
    clues = normal_clues(asked.clues)
    found = identify(clues, tx.clients.candidates(clues, name))
    return found.client if isinstance(found, Identified) else None


def _story(tx: Transaction, flow: Flow, client: str | None, name: str, asked: Asked, today: int) -> Story:
    if client is None:
        return Story()
    # a visit that is being moved is not in its own way
    moved = tx.appointments.by_source(name, asked.booking_id) if asked.booking_id else None
    book = tx.appointments.of_client(client, twins=True)
    if moved is not None:
        book = [each for each in book if moved.ref not in (each.ref, each.same_as)]
    return tell(book, recorded(tx, client), flow.catalogue, today)


def _visit(flow: Flow, asked: Asked, client: str | None, now: datetime) -> Visit:
    day = asked.start.astimezone(ZoneInfo(asked.zone)).toordinal()
    doubts = asked.doubts if client else (*asked.doubts, "client-unknown")
    codes = known_treatments(flow, asked.treatments)
    return Visit(ASKED, codes, day, asked.start.timestamp(), now.timestamp(), doubts=doubts)
