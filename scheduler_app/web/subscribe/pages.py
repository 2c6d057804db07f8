"""The pages: what is shown on each, and how much of it, so that all told they stay small."""

from collections.abc import Sequence
from datetime import datetime
from itertools import islice
from zoneinfo import ZoneInfo

from flask import Response
from markupsafe import Markup

from scheduler_app.domain.clinic import Clinic
from scheduler_app.flow.opening import Opened, Planned
from scheduler_app.texts import intake
from scheduler_app.texts.dates import clock_text, date_text
from scheduler_app.texts.plan_text import PlanDay, plan_days
from scheduler_app.texts.words import phrase, words
from scheduler_app.web.deps import Deps
from scheduler_app.web.sheets import Sheets
from scheduler_app.web.subscribe.addresses import Addresses, picture

SHEETS = Sheets("subscribe", script="copy.html")
# A page stays under 60 kB all told: what does not fit is in the plain text.
SHOWN_AT_MOST = 20_000  # bytes of plan
LINES_AT_MOST = 50
VISITS_AT_MOST = 20


def page(deps: Deps, found: Opened, at: Addresses) -> Response:
    """How to subscribe, and what there is to see."""
    now = deps.clock()
    shown = _as_fits(found.planned)
    said = words(found.language)
    return SHEETS.page(
        "page.html",
        said,
        deps.clinic,
        at=at,
        days=days(shown, now, found.language),
        more=len(found.planned) - len(shown),
        banner=phrase("demo_banner", found.language) if is_unsigned(found) else "",
        visits=[
            (ref, date_text(start.toordinal(), found.language), clock_text(start, found.language))
            for ref, start in islice(found.starts.items(), VISITS_AT_MOST)
        ],
        mail=at.mail(said.say("subscribe", "send_subject"), said.say("subscribe", "send_body")),
        code=Markup(picture(at.page, 4)),  # noqa: S704 - drawn here
        asked=as_of(deps.clinic, found.language, now),
        record=intake.tongue(found.language).say("ask", "title"),
    )


def card(deps: Deps, found: Opened, at: Addresses) -> Response:
    """For the reception to print and hand over; it names nobody."""
    code = Markup(picture(at.page, 8))  # noqa: S704 - drawn here
    return SHEETS.page("card.html", words(found.language), deps.clinic, at=at, code=code)


def closed(clinic: Clinic, status: int, why: str) -> Response:
    """A link that opens nothing, told in every language of the clinic. why: missing, gone or away."""
    return SHEETS.closed([words(language) for language in clinic.languages], clinic, status, why)


def days(planned: Sequence[Planned], now: datetime, language: str) -> tuple[PlanDay, ...]:
    """In plain words, day by day."""
    return plan_days([(each.entry, each.zone) for each in planned], now, language)


def as_of(clinic: Clinic, language: str, now: datetime) -> str:
    """When this was read: a page that was kept may be older than it looks."""
    local = now.astimezone(ZoneInfo(clinic.location.zone))
    date, time = date_text(local.toordinal(), language), clock_text(local, language)
    return words(language).say("subscribe", "asked_at", date=date, time=time)


def _as_fits(planned: Sequence[Planned]) -> Sequence[Planned]:
    size, shown = 0, 0
    for each in planned[:LINES_AT_MOST]:
        size += len(f"{each.entry.title}{each.entry.text}".encode())
        if size > SHOWN_AT_MOST:
            break
        shown += 1
    return planned[:shown]


def is_unsigned(found: Opened) -> bool:
    """Whether something in it was signed by nobody (the demo)."""
    banner = phrase("demo_banner", found.language)
    return any(each.entry.text.startswith(banner) for each in found.planned)
