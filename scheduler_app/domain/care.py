"""Care: what one client's feed holds, out of their appointments, verdicts and the clinic's care lines."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from itertools import groupby

from scheduler_app.domain import carelines
from scheduler_app.domain.appointments import Appointment
from scheduler_app.domain.carelines import ANY_TREATMENT, VISIT, CareLine
from scheduler_app.domain.carewords import CareTerms, under_banner, words
from scheduler_app.domain.clinic import COMPACT
from scheduler_app.domain.entries import APPOINTMENT, POSSIBLE_AGAIN, Entry, instant
from scheduler_app.domain.gaps import Gap
from scheduler_app.domain.instructions import Instruction, instructions, lay, reach, settled
from scheduler_app.domain.outcome import Outcome
from scheduler_app.domain.story import NOT_HELD
from scheduler_app.domain.verdict import Verdict

_ASKED_FOR = frozenset({"proposed", "pending"})


def entries(
    visits: Sequence[Appointment],
    verdicts: Mapping[str, Verdict],
    terms: CareTerms,
    now: datetime,
    today: int,
    possible_again: Mapping[str, int] | None = None,
    published: Collection[str] = (),
) -> tuple[Entry, ...]:
    """Everything the feed holds now, sorted by start and uid (design: what a client's feed holds).

    A visit that is called off has no entries; that they are shown as cancelled for a while is known
    only from what was published. A booking that is blocked, or not judged yet, and lies ahead has one:
    the appointment, marked as not confirmed. possible_again: first clear day by treatment. published:
    uids in the feed already, which do not leave it by lying beyond the horizon.
    """
    live = [visit for visit in visits if visit.status not in NOT_HELD]
    near = _near(live, terms, now)
    laid = []
    for visit in () if terms.care_by_mail else near:
        if stands(visit, verdicts.get(visit.ref), today):
            laid += instructions(visit, [line for line in terms.lines if _care(line) and terms.shows(line)])
    drafts = list(_grouped(settled(laid, terms.precedence), terms))
    if not terms.invitations:
        drafts += [[_appointment(visit, terms)] for visit in near]
    drafts = [draft for draft in drafts if _uid(draft[0], terms) not in terms.mailed]
    written = [_entry(draft, verdicts, terms, today) for draft in _in_window(drafts, terms, now, published)]
    if live and possible_again and terms.clinic.feed.possible_again:
        written += _possible(possible_again, terms, live[0].client or "", today)
    return tuple(sorted(written, key=lambda entry: (instant(entry.start), entry.uid)))


def stands(visit: Appointment, verdict: Verdict | None, today: int) -> bool:
    """Whether care is given for the visit: it took place, or it was judged and nothing blocks it."""
    if visit.visit().took_place(today):
        return True
    return verdict is not None and verdict.outcome is not Outcome.BLOCKED


def _care(line: CareLine) -> bool:
    return line.moment != carelines.APPOINTMENT


def _near(live: Sequence[Appointment], terms: CareTerms, now: datetime) -> Sequence[Appointment]:
    """Visits that can still have an entry; the last one where none can, so that the feed is not empty."""
    gone = now - timedelta(days=terms.clinic.feed.history_days) - reach(terms.lines)
    near = [visit for visit in live if visit.end > gone]
    return near or ([max(live, key=lambda visit: (visit.end, visit.ref))] if live else [])


def _grouped(laid: Sequence[Instruction], terms: CareTerms) -> list[list[Instruction]]:
    """One draft a line, or one a group of each visit."""
    compact = terms.clinic.feed.detail == COMPACT

    def key(one: Instruction) -> tuple[str, str]:
        return one.visit.ref, one.line.group if compact else one.line.code

    return [sorted(draft, key=lambda one: one.order) for _, draft in groupby(sorted(laid, key=key), key)]


def _appointment(visit: Appointment, terms: CareTerms) -> Instruction:
    """The visit itself; in plain words where the clinic's own are missing or nobody signed them."""
    found = [line for line in terms.lines if not _care(line) and terms.shows(line)]
    fitting = [line for line in found if any(line.concerns(code) for code in visit.treatments or ("",))]
    own = sorted(fitting, key=lambda line: line.treatment == ANY_TREATMENT)
    return lay(own[0] if own else _bare_appointment(terms.phrases.appointment), visit)


@lru_cache(maxsize=64)  # a booking is no care text: it needs no signature to be shown
def _bare_appointment(title: str) -> CareLine:
    zero = timedelta()
    return CareLine(
        APPOINTMENT, APPOINTMENT, ANY_TREATMENT, carelines.APPOINTMENT, VISIT, zero, zero,
        title, "", title, "", source="", grade="", approved_by="bare",
    )  # fmt: skip


def _in_window(
    drafts: Sequence[list[Instruction]], terms: CareTerms, now: datetime, published: Collection[str]
) -> Sequence[list[Instruction]]:
    settings = terms.clinic.feed
    oldest = now - timedelta(days=settings.history_days)
    newest = Gap(settings.horizon_months, "month").after(now.toordinal())
    kept = [
        draft
        for draft in drafts
        if _end(draft) > oldest
        and (draft[0].begin.toordinal() <= newest or _uid(draft[0], terms) in published)
    ]
    if kept or not drafts:
        return kept
    return [max(drafts, key=lambda draft: (_end(draft), _uid(draft[0], terms)))]


def _end(draft: Sequence[Instruction]) -> datetime:
    return max(one.end for one in draft)


def _kind(one: Instruction, terms: CareTerms) -> str:
    if not _care(one.line):
        return APPOINTMENT
    return one.line.group if terms.clinic.feed.detail == COMPACT else one.line.code


def _uid(one: Instruction, terms: CareTerms) -> str:
    return f"{_kind(one, terms)}.{one.visit.ref}@{terms.clinic.host}"


def _entry(
    draft: Sequence[Instruction], verdicts: Mapping[str, Verdict], terms: CareTerms, today: int
) -> Entry:
    first, visit = draft[0], draft[0].visit
    title, text = words(draft, terms)
    kind = _kind(first, terms)
    start: datetime | date = first.begin
    end: datetime | date = _end(draft)
    days = [one.days for one in draft if one.days is not None]
    if len(days) == len(draft):
        start, end = min(day[0] for day in days), max(day[1] for day in days)
    tentative = False
    if kind == APPOINTMENT:
        verdict = verdicts.get(visit.ref)
        tentative = visit.status in _ASKED_FOR or not stands(visit, verdict, today)
        if tentative:
            said = terms.phrases.refusal(verdict) if verdict else ""
            title = terms.phrases.not_confirmed_title(title)
            text = terms.phrases.not_confirmed_text(said).strip()
    return Entry(
        uid=_uid(first, terms),
        kind=kind,
        start=start,
        end=end,
        title=title,
        text=under_banner(text, draft, terms),
        busy=kind == APPOINTMENT,
        alarm=_alarm(draft),
        related=None if kind == APPOINTMENT else f"{APPOINTMENT}.{visit.ref}@{terms.clinic.host}",
        tentative=tentative,
    )


def _alarm(draft: Sequence[Instruction]) -> int | None:
    """Minutes before the entry: of what begins with it, for a trigger after the start is never sent."""
    alarms = [one.line.alarm or 0 for one in draft if one.begin == draft[0].begin]
    return max((alarm for alarm in alarms if alarm > 0), default=None)


def _possible(days: Mapping[str, int], terms: CareTerms, client: str, today: int) -> list[Entry]:
    """From when treatments that are not clear today can be booked again, all day on that date."""
    written = []
    for treatment, day in sorted(days.items()):
        if day <= today:
            continue
        name = terms.names.get(treatment, treatment)
        title, text = terms.phrases.possible(name, terms.clinic.phone, terms.discreet)
        # A uid is copied wherever the calendar goes, so it is as discreet as the title.
        word = sha256(f"{client} {treatment}".encode()).hexdigest()[:8] if terms.discreet else treatment
        kind = f"{POSSIBLE_AGAIN}-{word}"
        start = date.fromordinal(day)
        uid = f"{kind}.{client}@{terms.clinic.host}"
        written.append(Entry(uid, kind, start, start + timedelta(days=1), title, text))
    return written
