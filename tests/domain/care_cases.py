"""A clinic, its care lines and visits, as small as the tests of feeds need them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from scheduler_app.domain.appointments import Appointment
from scheduler_app.domain.care import entries
from scheduler_app.domain.carelines import CareLine, Precedence
from scheduler_app.domain.carewords import CareTerms, Phrases
from scheduler_app.domain.clinic import FULL, Clinic, FeedTerms, Location
from scheduler_app.domain.entries import Entry
from scheduler_app.domain.outcome import Outcome
from scheduler_app.domain.verdict import Finding, Verdict

MADRID = ZoneInfo("Europe/Madrid")
NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
TODAY = date(2026, 7, 1).toordinal()
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ZERO = timedelta()

CLEAR = Verdict(Outcome.CLEAR, (), None, None)
CAUTION = Verdict(Outcome.CAUTION, (Finding("r", Outcome.CAUTION, direction="after"),), None, None)
REVIEW = Verdict(Outcome.REVIEW, (Finding("screening-missing", Outcome.REVIEW),), None, None)
BLOCKED = Verdict(Outcome.BLOCKED, (Finding("r", Outcome.BLOCKED, direction="after"),), None, None)
OVERRIDDEN = Verdict(
    Outcome.CLEAR, (Finding("r", Outcome.BLOCKED, direction="after", overridden=True),), None, None
)

PHRASES = Phrases(
    day=lambda day: date.fromordinal(day).isoformat(),
    clock=lambda moment: f"{moment:%H:%M}",
    appointment="Appointment",
    banner="DEMO",
    not_confirmed_title=lambda title: f"Not confirmed: {title}",
    not_confirmed_text=lambda sentence: f"Not confirmed. {sentence}",
    cancelled_title=lambda title: f"Cancelled: {title}",
    refusal=lambda verdict: "Call us." if verdict.findings else "",
    possible=lambda name, phone, discreet: (f"Again{'' if discreet else ' ' + name}", f"Call {phone}"),
)


def line(
    code: str,
    group: str,
    anchor: str,
    begins: timedelta,
    ends: timedelta,
    *,
    treatment: str = "microneedling",
    approved_by: str | None = "Dr Vega",
    alarm: int | None = None,
) -> CareLine:
    """A line whose plain texts name the treatment and whose discreet ones do not."""
    moment = {"visit": "appointment"}.get(anchor, "after" if ends > ZERO else "before")
    return CareLine(
        code, group, treatment, moment, anchor, begins, ends,
        f"{code} for {treatment}", f"{code} text until {{until_date}} {{until_time}}",
        f"{code}", f"{code} until {{until_time}}", "sheet", "practice", approved_by, alarm,
    )  # fmt: skip


LINES = (
    line("appointment", "appointment", "visit", ZERO, ZERO, treatment="*"),
    line("retinoids-before", "before", "start", -24 * HOUR, ZERO),
    line("avoid-sun-before", "before", "start", -24 * HOUR, ZERO),
    line("no-face-washing", "first-hours", "end", ZERO, 5 * HOUR),
    line("better-no-face-washing", "first-hours", "end", 5 * HOUR, 12 * HOUR),
    line("what-to-expect", "first-hours", "end", ZERO, 5 * HOUR),
    line("no-makeup", "two-days", "end", ZERO, 48 * HOUR),
    line("no-direct-sun", "two-days", "end", ZERO, 48 * HOUR),
    line("hyaluronic-serum", "serum", "end", ZERO, 72 * HOUR),
    line("first-week-care", "first-week", "day", ZERO, 7 * DAY),
)
PRECEDENCE = (Precedence("no-face-washing", "better-no-face-washing"),)

CLINIC = Clinic(
    name="Clínica Sol",
    host="feeds.example",
    phone="+34 600 000 000",
    email="hello@feeds.example",
    default_location="main",
    locations={"main": Location("main", "Calle Mayor", "Europe/Madrid", "ES")},
    calendars={},
)
COMPACT_TERMS = CareTerms(CLINIC, LINES, PHRASES, PRECEDENCE, {"microneedling": "Microneedling"})
FULL_TERMS = replace(COMPACT_TERMS, clinic=replace(CLINIC, feed=FeedTerms(detail=FULL)))


def visit(
    ref: str,
    start: datetime,
    *,
    minutes: int = 60,
    status: str = "booked",
    treatments: Sequence[str] = ("microneedling",),
    zone: str = "Europe/Madrid",
) -> Appointment:
    """One visit of client c1."""
    return Appointment(
        ref=ref,
        source="hooks:test",
        source_id=ref,
        client="c1",
        treatments=tuple(treatments),
        start=start,
        end=start + timedelta(minutes=minutes),
        zone=zone,
        status=status,
        booked_at=NOW,
        reported_at=NOW,
    )


def madrid(*when: int) -> datetime:
    """A local time in Madrid."""
    return datetime(*when, tzinfo=MADRID)  # type: ignore[arg-type, misc]


def feed_of(
    *visits: Appointment,
    terms: CareTerms = FULL_TERMS,
    verdicts: Mapping[str, Verdict] | None = None,
    now: datetime = NOW,
) -> dict[str, Entry]:
    """Entries by kind and visit ("no-makeup.v1")."""
    judged = {each.ref: CLEAR for each in visits} if verdicts is None else verdicts
    made = entries(visits, judged, terms, now, now.toordinal())
    assert len({entry.uid for entry in made}) == len(made)
    return {entry.uid.partition("@")[0]: entry for entry in made}
