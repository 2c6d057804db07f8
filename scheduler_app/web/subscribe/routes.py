"""GET /c/<token> and what lies below it. The token opens these pages and the feed, and nothing else.

Nothing here ever logs an address: the token in it is the key to somebody's health.
"""

import logging
import traceback
from collections.abc import Callable

from flask import Blueprint, Response, request

from scheduler_app import ics
from scheduler_app.errors import Unavailable
from scheduler_app.flow.opening import Closed, Opened, opened
from scheduler_app.texts.plan_text import plan_text
from scheduler_app.texts.words import phrase, words
from scheduler_app.web.deps import Deps
from scheduler_app.web.subscribe.addresses import Addresses
from scheduler_app.web.subscribe.pages import SHEETS, as_of, card, closed, days, is_unsigned, page

log = logging.getLogger(__name__)

Answer = Callable[[Opened, Addresses], Response]


def subscribe(deps: Deps) -> Blueprint:
    """The routes of a client's link."""
    blueprint = Blueprint("subscribe", __name__, url_prefix="/c")

    def answer(token: str, made: Answer) -> Response:
        try:
            with deps.store.reading() as held:
                found = opened(held, deps.clinic, token, deps.clock())
        except Unavailable:
            return closed(deps.clinic, 503, "away")
        if isinstance(found, Closed):
            return closed(
                deps.clinic, 410 if found.withdrawn else 404, "gone" if found.withdrawn else "missing"
            )
        root = deps.public_url.rstrip("/") or request.url_root.rstrip("/")
        return made(found, Addresses(root, token))

    @blueprint.get("/<token>")
    def how_to_subscribe(token: str) -> Response:
        return answer(token, lambda found, at: page(deps, found, at))

    @blueprint.get("/<token>/card")
    def card_to_print(token: str) -> Response:
        return answer(token, lambda found, at: card(deps, found, at))

    @blueprint.get("/<token>/plan.txt")
    def plan(token: str) -> Response:
        return answer(token, lambda found, _at: _plan(deps, found))

    @blueprint.get("/<token>/visits/<visit>.ics")
    def one_visit(token: str, visit: str) -> Response:
        return answer(token, lambda found, _at: _visit(deps, found, visit))

    _misses(blueprint, deps)
    return blueprint


def _misses(blueprint: Blueprint, deps: Deps) -> None:
    """Whatever else is asked for, and whatever goes wrong, is answered by a plain page too."""

    @blueprint.get("/", defaults={"rest": ""})
    @blueprint.get("/<path:rest>")
    def nothing(rest: str) -> Response:  # noqa: ARG001 - whatever it is
        return closed(deps.clinic, 404, "missing")

    @blueprint.errorhandler(Exception)
    def unforeseen(fault: Exception) -> Response:
        place = traceback.extract_tb(fault.__traceback__)[-1]
        log.error("a client's page: %s at %s:%s", type(fault).__name__, place.name, place.lineno)
        return closed(deps.clinic, 500, "away")


def _plan(deps: Deps, found: Opened) -> Response:
    """Everything that is ahead, as plain text."""
    now, language = deps.clock(), found.language
    title = words(language).say("subscribe", "title", clinic=deps.clinic.name)
    unsigned = f"{phrase('demo_banner', language)}\n\n" if is_unsigned(found) else ""
    asked = as_of(deps.clinic, language, now)
    text = f"{unsigned}{plan_text(title, days(found.planned, now, language), language)}\n{asked}\n"
    answer = Response(text, content_type="text/plain; charset=utf-8")
    answer.headers.update(SHEETS.headers())
    return answer


def _visit(deps: Deps, found: Opened, visit: str) -> Response:
    """One visit with its care, for programs that cannot subscribe: the same UIDs as in the feed."""
    blocks = [each.block for each in found.of_visit(visit)] if visit else []
    if not blocks:
        return closed(deps.clinic, 404, "missing")
    answer = Response(ics.join(ics.file_head(), blocks), content_type="text/calendar; charset=utf-8")
    answer.headers.update(SHEETS.headers())
    answer.headers["Content-Disposition"] = 'attachment; filename="appointment.ics"'
    return answer
