"""mail: what a client should be told by letter is written down; nothing is sent here.

Level-triggered like the rest: what is wanted follows from the book, the verdicts and what was told before.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from scheduler_app.domain.mail import AFTERCARE, DROPPED, DUE, PLANNED, PRESUMED, WAITING, Mail, mail_key
from scheduler_app.domain.notices import WITHIN, Letter
from scheduler_app.flow.flow import JUDGE, MAIL, POST, SEND, Flow, plan_name
from scheduler_app.flow.mailing.outlook import View, view
from scheduler_app.ports import Transaction

PLAN = "mail:"  # begins the name of the plan under which letters of one cause go out
TOGETHER = 1000  # clients looked at by one sweep


def mail_plan(cause: str) -> str:
    """The plan of the letters that the plan `cause` brings about."""
    return PLAN + cause


def write_down(flow: Flow, client: str, plan: str = "") -> int:
    """Write down the letters the client should get, under `plan`; how many are new.

    Letters that were written down, and that the world has overtaken before they were sent, are dropped.
    """
    if flow.post is None:
        return 0
    press, now = flow.post.press, flow.clock()
    with flow.store.reading() as tx:
        seen = view(tx, press, client, now)
    if seen is None or not (seen.wanted() or _waiting(seen.mails)):
        return 0  # nearly always: it costs no write
    plan = plan or mail_plan(plan_name(JUDGE, client))
    with flow.store.transaction() as tx:
        seen = view(tx, press, client, now)
        return 0 if seen is None else _bring_up_to_date(tx, seen, client, plan, now)


def _bring_up_to_date(tx: Transaction, seen: View, client: str, plan: str, now: datetime) -> int:
    wanted = {letter.uid: letter for letter in seen.wanted()}
    standing = set()
    for mail in _waiting(seen.mails):
        letter = wanted.get(mail.uid)
        if letter is not None and (mail.digest, mail.sequence) == (letter.digest, letter.sequence):
            standing.add(mail.uid)
        else:
            tx.mails.put(replace(mail, state=DROPPED))
    fresh = [_row(letter, client, plan, now) for letter in wanted.values() if letter.uid not in standing]
    for mail in fresh:
        tx.mails.put(mail)
    if any(mail.state == PLANNED for mail in fresh):
        tx.work.touch(POST, plan)
    if any(mail.state == DUE for mail in fresh):
        tx.work.touch(SEND, client)
    return sum(mail.state != PRESUMED for mail in fresh)


def _waiting(mails: Sequence[Mail]) -> list[Mail]:
    return [mail for mail in mails if mail.state in (PLANNED, WAITING, DUE)]


def _row(letter: Letter, client: str, plan: str, now: datetime) -> Mail:
    # the end of a visit brings about one letter each, so aftercare waits for no plan
    state = PRESUMED if letter.presumed else DUE if letter.kind == AFTERCARE else PLANNED
    return Mail(
        key=mail_key(client, letter.uid, letter.sequence, letter.digest),
        client=client,
        appointment=letter.appointment,
        uid=letter.uid,
        kind=letter.kind,
        sequence=letter.sequence,
        digest=letter.digest,
        method=letter.method,
        plan=plan,
        created_at=now.replace(microsecond=0),
        state=state,
    )


def look_at_mail(flow: Flow) -> None:
    """For the sweep: give a row to every letter that waits, and look at clients who should have got one.

    Visits that ended lately are found here, so that aftercare goes out within one round of the sweep.
    """
    if flow.post is None:
        return
    now = flow.clock()
    with flow.store.reading() as tx:
        plans, clients = tx.mails.undone()
        look = {
            *tx.mails.unwritten(now, TOGETHER),
            *tx.mails.ended_without(AFTERCARE, now - WITHIN, now),
        }
    if not (plans or clients or look):
        return
    with flow.store.transaction() as tx:
        for client in sorted(look):
            tx.work.touch(MAIL, client)
        for plan in plans:
            tx.work.touch(POST, plan)
        for client in clients:
            tx.work.touch(SEND, client)
