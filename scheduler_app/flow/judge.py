"""judge: one client's whole story is judged; verdicts, plan and outbox are written in one transaction."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from scheduler_app.domain.actions import PLANNED
from scheduler_app.domain.appointments import Appointment
from scheduler_app.domain.judging import judge_story
from scheduler_app.domain.story import Story
from scheduler_app.domain.verdict import Verdict
from scheduler_app.domain.visits import once
from scheduler_app.errors import Unavailable
from scheduler_app.flow.crowds import is_crowd, judge_crowd
from scheduler_app.flow.flow import JUDGE, MAIL, PUBLISH, RELEASE, Flow, plan_name
from scheduler_app.flow.mail import mail_plan
from scheduler_app.flow.mailing.outlook import concerns_mail
from scheduler_app.flow.marking import plan_marks
from scheduler_app.flow.pairing import ABOUT_THE_PERSON, alone, of_twins, paired
from scheduler_app.flow.platforms.planning import plan_acts
from scheduler_app.flow.story import recorded, tell
from scheduler_app.flow.take import UNASSIGNED
from scheduler_app.ports import Claim, HeldVerdict, Transaction

log = logging.getLogger(__name__)

DAY = "day:"  # begins the plan under which everybody is judged at night, mostly as the day before
TOGETHER = 200  # stories in one transaction, which others wait for no longer than for one webhook's


@dataclass(frozen=True, slots=True)
class Judged:
    """How many verdicts changed, and how many actions were planned."""

    verdicts: int = 0
    actions: int = 0


def judge_client(flow: Flow, key: str, plan: str = "") -> Judged:
    """Judge the story of the client (or of the one appointment nobody knows the client of).

    What no longer fits what stands outside is planned under `plan`, or under a plan of its own.
    """
    now = flow.clock()
    with flow.store.transaction() as tx:
        done = _judge(tx, flow, key, plan, now, flow.today(now))
        tx.work.touch_all(PUBLISH, _clients_among([key]))
        _leave(tx, plan, key)
    return done


def judge_due(flow: Flow, claim: Claim) -> Judged:
    """Judge the story that was claimed, and others that are due with it, all in one transaction.

    A row that was tried before is judged alone, and so is this one when anything breaks: one story that
    cannot be judged never stops the rest.
    """
    if claim.attempts <= 1:
        try:
            return _judge_together(flow, claim)
        except Unavailable:
            raise
        except Exception as fault:  # noqa: BLE001 - whose fault it was shows when each is judged alone
            log.warning("stories judged together broke, judging one: %s", type(fault).__name__)
    return judge_client(flow, claim.key, claim.plan)


def _judge_together(flow: Flow, claim: Claim) -> Judged:
    now = flow.clock()
    with flow.store.transaction() as tx:
        due = {claim.key: claim.plan}
        due |= {row.key: row.plan for row in tx.work.take_along(JUDGE, TOGETHER)}
        clients = _clients_among(due)
        alone = [key.removeprefix(UNASSIGNED) for key in due if key.startswith(UNASSIGNED)]
        tx.expect_stories(clients, alone)
        today = flow.today(now)
        done = [_judge(tx, flow, key, plan, now, today) for key, plan in due.items()]
        tx.work.touch_all(PUBLISH, clients)
        for plan in sorted(set(due.values())):
            _leave(tx, plan, claim.key)
    return Judged(sum(each.verdicts for each in done), sum(each.actions for each in done))


def _clients_among(keys: Iterable[str]) -> list[str]:
    return [key for key in keys if not key.startswith(UNASSIGNED)]


def _judge(tx: Transaction, flow: Flow, key: str, plan: str, now: datetime, today: int) -> Judged:
    if key.startswith(UNASSIGNED):
        client, book, story = "", *_unassigned(tx, flow, key.removeprefix(UNASSIGNED), now)
    else:
        client, book = key, tx.appointments.of_client(key, twins=True)
        book = book if is_crowd(book) else paired(tx, book, now)
        story = tell(book, recorded(tx, key), flow.catalogue, today)
    judged = judge_crowd if is_crowd(book) else judge_story
    verdicts = judged(story, flow.rulebook, today)
    before = _before(tx, client, book)
    changed = _keep(tx, flow, client, verdicts, before, now, today)
    plan_under = plan or plan_name(JUDGE, key)
    planned = plan_marks(tx, flow, book, of_twins(verdicts, book), plan_under, now)
    if flow.platforms:
        planned += plan_acts(tx, flow, book, verdicts, plan_under, now)
    if client and flow.post is not None and _may_write(tx, flow, book, now, changed, plan):
        tx.work.touch(MAIL, client, plan=mail_plan(plan_under))
    return Judged(changed, planned)


def _may_write(
    tx: Transaction, flow: Flow, book: Sequence[Appointment], now: datetime, changed: int, plan: str
) -> bool:
    if plan.startswith(DAY) and not changed:
        return False
    return not book or concerns_mail(tx, flow.clinic, book, now)


def _leave(tx: Transaction, plan: str, key: str) -> None:
    """The plan need not wait until the row is settled; whoever leaves it last has it released."""
    if plan and tx.work.leave(plan, JUDGE, key) and _unreleased(tx, plan):
        tx.work.touch(RELEASE, plan)


def _unreleased(tx: Transaction, plan: str) -> bool:
    return any(action.state == PLANNED for action in tx.outbox.in_plan(plan))


def _unassigned(tx: Transaction, flow: Flow, ref: str, now: datetime) -> tuple[Sequence[Appointment], Story]:
    """An appointment on its own: nobody knows whose story it belongs to."""
    book = alone(tx, flow, ref, now)
    visits = []
    for each in once(book):
        known = ABOUT_THE_PERSON.intersection(each.doubts)
        visits.append(
            each.visit()._replace(doubts=each.doubts if known else (*each.doubts, "client-unknown"))
        )
    return book, Story(visits=tuple(visits))


def _before(tx: Transaction, client: str, book: Sequence[Appointment]) -> Mapping[str, HeldVerdict]:
    if client:
        return tx.verdicts.of_client(client)
    return {a.ref: known for a in book if (known := tx.verdicts.get(a.ref)) is not None}


def _keep(
    tx: Transaction,
    flow: Flow,
    client: str,
    verdicts: Mapping[str, Verdict],
    before: Mapping[str, HeldVerdict],
    now: datetime,
    today: int,
) -> int:
    """Write down what is new; how many verdicts are not what they were."""
    version = flow.rulebook.version
    fresh = []
    changed = 0
    for ref, verdict in verdicts.items():
        known = before.get(ref)
        same = known is not None and known.verdict == verdict and known.client == client
        changed += not same
        if known is None or not same or (known.rulebook, known.day) != (version, today):
            fresh.append(HeldVerdict(ref, client, verdict, version, today, now))
    gone = sorted(before.keys() - verdicts.keys())
    if fresh:
        tx.verdicts.put(fresh)
    if gone:
        tx.verdicts.drop(gone)
    return changed + len(gone)
