"""sweep: whatever a crash, a lost signal or the turn of a day left undone wants doing again.

The rows of work are signals, and signals may be lost; what wants doing can always be seen in what we
hold. So the sweep looks there.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from scheduler_app.flow.erase import SCRUB
from scheduler_app.flow.flow import (
    DISPATCH,
    INGEST,
    JUDGE,
    KINDS,
    RECONCILE,
    RELEASE,
    SWEEP,
    SYNC,
    WATCH,
    Flow,
    plan_name,
)
from scheduler_app.flow.given_up import note_given_up
from scheduler_app.flow.holds import escalate
from scheduler_app.flow.mail import look_at_mail
from scheduler_app.flow.overdue import look_at_hold, look_at_marks
from scheduler_app.flow.platforms.reconciling import latest_reading
from scheduler_app.flow.polling import longest_wait
from scheduler_app.flow.reading import is_elsewhere
from scheduler_app.flow.release import RULES
from scheduler_app.flow.retention import keep_no_longer
from scheduler_app.flow.slots import HELD
from scheduler_app.flow.take import UNASSIGNED
from scheduler_app.flow.watch import forget_ended, superfluous, wants_asking
from scheduler_app.ports import Transaction, WatchableCalendar

ROUND, NIGHTLY = "round", "nightly"
EVERY = 300.0  # seconds between rounds
AFTER_MIDNIGHT = time(0, 5)
RULEBOOK = "rulebook"  # what the audit log files changes of the rules under
TOGETHER = 1000  # rows touched in one transaction

RunNext = Callable[[Sequence[str]], bool]


def begin(flow: Flow) -> None:
    """Once at start-up: let there be the row that keeps everything else going."""
    with flow.store.transaction() as tx:
        tx.work.touch(SWEEP, ROUND)


def sweep(flow: Flow, key: str) -> float | None:
    """One sweep of the kind that key names; seconds until the next, None where there is none."""
    now = flow.clock()
    if key.startswith(RULES):
        everybody(flow, key)
        return None
    if key.startswith(HELD):
        return look_at_hold(flow, key.removeprefix(HELD))
    if key == SCRUB:
        flow.store.scrub()
        return None
    if key == NIGHTLY:
        keep_no_longer(flow)
        # days pass: visits are presumed to have taken place, the first possible dates move on
        everybody(flow, plan_name("day", date.fromordinal(flow.today(now)).isoformat()))
        return until_night(flow, now)
    tidy(flow)
    rules_changed(flow)
    with flow.store.transaction() as tx:
        forget_ended(tx, now)
        tx.work.touch(SWEEP, NIGHTLY, delay=until_night(flow, now))  # one that is due stays due
    return EVERY


def tidy(flow: Flow, *, at_once: bool = False) -> None:
    """Give a row to everything that wants doing and may have none.

    at_once: also read calendars now that have been read before, and would wait for their next look.
    """
    with flow.store.reading() as tx:
        wanting = (
            *((INGEST, source) for source in tx.deliveries.sources_pending()),
            *((RELEASE, plan) for plan in tx.outbox.unreleased()),
            *((DISPATCH, target) for target in tx.outbox.due_targets()),
            *((WATCH, calendar) for calendar in sorted(flow.gateways) if _watch_due(tx, flow, calendar)),
        )
        looks = {c: 0.0 if at_once else _next_look(tx, flow, c) for c in sorted(flow.gateways)}
    look_at_marks(flow)
    look_at_mail(flow)
    escalate(flow)
    note_given_up(flow)
    with flow.store.transaction() as tx:
        for kind, key in wanting:
            tx.work.touch(kind, key)
        for calendar, delay in looks.items():
            tx.work.touch(SYNC, calendar, delay=delay)
        for platform in flow.platforms:
            delay = 0.0 if at_once else _next_reading(tx, flow, platform)
            tx.work.touch(RECONCILE, platform, delay=delay)


def _next_look(tx: Transaction, flow: Flow, calendar: str) -> float:
    """So late that a look which is planned already stays as it is."""
    if is_elsewhere(flow, calendar):
        state = tx.states.get(calendar)
        if tx.cursors.get(calendar) or state.fault:
            return longest_wait(state, tx.channels.of_calendar(calendar), flow.clock())
        return 0.0
    return flow.poll if tx.cursors.get(calendar) else 0.0


def _next_reading(tx: Transaction, flow: Flow, platform: str) -> float:
    """So late that a reading which is planned already stays as it is."""
    return latest_reading(flow, platform) if tx.platforms.get(platform).read_until else 0.0


def _watch_due(tx: Transaction, flow: Flow, calendar: str) -> bool:
    if not isinstance(flow.gateways[calendar], WatchableCalendar) or tx.states.get(calendar).closed:
        return False
    channels, now = tx.channels.of_calendar(calendar), flow.clock()
    return wants_asking(flow, channels, now) or bool(
        superfluous(channels, now, wanted=bool(flow.push_address))
    )


def rules_changed(flow: Flow) -> bool:
    """Judge everybody anew when verdicts were judged by other rules, as one plan that may have to wait."""
    version = flow.rulebook.version
    now = flow.clock()
    with flow.store.transaction() as tx:
        others = sorted(other for other in tx.verdicts.versions() if other != version)
        newest = tx.audit.entries(RULEBOOK, limit=1)
        if not others or (newest and newest[0].get("version") == version):
            return False
        # the plan is named by the moment too: a return to former rules is a change of its own
        plan = plan_name(RULES, version, now.isoformat())
        detail = {"version": version, "before": ", ".join(others), "plan": plan}
        tx.audit.write(now, "scheduler", "rules-changed", RULEBOOK, detail)
        tx.work.touch(SWEEP, plan)
    return True


def everybody(flow: Flow, plan: str) -> int:
    """Say that every story wants judging, as one plan; how many there are."""
    with flow.store.reading() as tx:
        clients = list(tx.clients.refs())
        alone = [UNASSIGNED + appointment.ref for appointment in tx.appointments.unassigned()]
    keys = iter((*clients, *alone))
    total = len(clients) + len(alone)
    # in several transactions nobody is judged before the last of them, or the plan would go out in parts
    delay = 0.0 if total <= TOGETHER else total / TOGETHER
    while chunk := list(islice(keys, TOGETHER)):
        with flow.store.transaction() as tx:
            _touch(tx, chunk, plan, delay)
    return total


def _touch(tx: Transaction, keys: Iterable[str], plan: str, delay: float) -> None:
    for key in keys:
        tx.work.touch(JUDGE, key, delay=delay, plan=plan)


def until_night(flow: Flow, now: datetime) -> float:
    """Seconds to the clinic's next night, shortly after its midnight."""
    zone = ZoneInfo(flow.clinic.location.zone)
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    night = datetime.combine(tomorrow, AFTER_MIDNIGHT, zone).astimezone(UTC)
    return (night - now).total_seconds()


def sync_all(flow: Flow, run_next: RunNext, counted: Counter[str]) -> Mapping[str, int]:
    """Bring the database to the state the flow would have reached, in the caller's thread.

    run_next runs one due row of the given kinds (work.Runner over `runs(flow, tally)`), counted is what
    its tally adds to. Answers what changed; a second call changes nothing. Rows that failed are left to
    be tried again when their time comes.
    """
    tidy(flow, at_once=True)
    if not rules_changed(flow):
        everybody(flow, plan_name("all", flow.clock().isoformat()))
    while any([_drained(run_next, kind) for kind in KINDS]):
        pass
    return {what: count for what, count in sorted(counted.items()) if count}


def _drained(run_next: RunNext, kind: str) -> bool:
    ran = False
    while run_next((kind,)):
        ran = True
    return ran
