"""Is the process alive, can it do its work, and how much did it do."""

import logging
from collections.abc import Sequence
from datetime import datetime

from flask import Blueprint, Response, jsonify, request

from scheduler_app.domain.platforms import PlatformState
from scheduler_app.flow.hearing import EMBEDDED, Heard, hearing
from scheduler_app.flow.holds import escalated
from scheduler_app.flow.platforms.standing import standing
from scheduler_app.ports import Store
from scheduler_app.web.access import key_shown, require_local
from scheduler_app.web.deps import Deps

log = logging.getLogger(__name__)


def health(deps: Deps) -> Blueprint:
    """GET /healthz, /readyz, /metrics."""
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/healthz")
    def alive() -> Response:
        return _uncached(jsonify(status="alive"))

    @blueprint.get("/readyz")
    def ready() -> tuple[Response, int]:
        work = _overdue(deps.store)
        late = work is not None and work[1] > deps.overdue_limit
        answer = jsonify(
            status="ready" if work and not late else "late" if work else "not ready",
            database="reachable" if work else "away",
            overdue=work[0] if work else None,
            oldest_overdue_seconds=round(work[1], 1) if work else None,
            given_up=work[2] if work else None,
            rules=deps.rulebook.version,
            calendars=[_told(heard, deps.clock()) for heard in _hearing(deps)],
            platforms=[_stands(state, deps.clock()) for state in _standing(deps)],
        )
        # late work is for an alarm: taking the process out of service would not get it done
        return _uncached(answer), 200 if work else 503

    @blueprint.get("/metrics")
    def metrics() -> Response:
        if key_shown(request, deps.keys.find, "metrics") is None:
            require_local(request, deps.access)
        gauges = {}
        if work := _overdue(deps.store):
            gauges["scheduler_work_overdue"] = ("Rows of work that are due.", float(work[0]))
            gauges["scheduler_work_oldest_overdue_seconds"] = ("How late the oldest of them is.", work[1])
            gauges["scheduler_work_given_up"] = ("Rows of work that are no longer tried.", float(work[2]))
            late = _escalated(deps)
            gauges["scheduler_holds_escalated"] = ("Held visits that are near and not settled.", float(late))
        gauges["scheduler_database_reachable"] = ("1 while the database answers.", float(bool(work)))
        text = deps.counters.text(gauges, _by_calendar(_hearing(deps)), _by_platform(_standing(deps)))
        return _uncached(Response(text, content_type="text/plain; version=0.0.4; charset=utf-8"))

    return blueprint


def _overdue(store: Store) -> tuple[int, float, int] | None:
    """How many rows are due, how late the oldest is, how many were given up; None without a database."""
    try:
        with store.reading() as held:
            return (*held.work.overdue(), len(held.work.parked()))
    except Exception as fault:  # noqa: BLE001  whatever it is, the answer is "not ready"
        log.warning("the database does not answer: %s", type(fault).__name__)
        return None


def _hearing(deps: Deps) -> Sequence[Heard]:
    """How we hear of each calendar; nothing where the database does not answer."""
    try:
        return hearing(deps.flow)
    except Exception as fault:  # noqa: BLE001  the rest is told all the same
        log.warning("the database does not answer: %s", type(fault).__name__)
        return ()


def _told(heard: Heard, now: datetime) -> dict[str, str | int | None]:
    read = None if heard.read_at is None else max(0, round((now - heard.read_at).total_seconds()))
    return {
        "calendar": heard.calendar,
        "heard": heard.how,
        "last_read_seconds": read,
        "fault": heard.trouble or None,
    }


def _by_calendar(told: Sequence[Heard]) -> dict[str, tuple[str, dict[str, float]]]:
    elsewhere = [heard for heard in told if heard.how != EMBEDDED]
    if not elsewhere:
        return {}
    closed = {heard.calendar: float(bool(heard.fault)) for heard in elsewhere}
    channels = {heard.calendar: float(heard.channels) for heard in elsewhere}
    return {
        "scheduler_calendar_disconnected": ("1 while the calendar cannot be read or written in.", closed),
        "scheduler_calendar_channels": ("Channels that may bring notices of the calendar.", channels),
    }


def _standing(deps: Deps) -> Sequence[PlatformState]:
    """How we stand with each platform; nothing where the database does not answer."""
    try:
        return standing(deps.flow)
    except Exception as fault:  # noqa: BLE001  the rest is told all the same
        log.warning("the database does not answer: %s", type(fault).__name__)
        return ()


def _stands(state: PlatformState, now: datetime) -> dict[str, str | int | None]:
    read = None if state.read_until is None else max(0, round((now - state.read_until).total_seconds()))
    return {"platform": state.platform, "last_read_seconds": read, "fault": state.fault or None}


def _by_platform(states: Sequence[PlatformState]) -> dict[str, tuple[str, dict[str, float]]]:
    if not states:
        return {}
    closed = {state.platform: float(bool(state.fault)) for state in states}
    return {"scheduler_platform_disconnected": ("1 while the booking platform cannot be asked.", closed)}


def _escalated(deps: Deps) -> int:
    """How many held visits are past the time by which somebody should have settled them."""
    with deps.store.reading() as held:
        return len(escalated(held, deps.flow, deps.clock()))


def _uncached(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "no-store"
    return answer
