"""questions: a client with a visit ahead is asked the health questions, by a link of their own, once.

Only at an address that a person at the clinic confirmed, and that no other client shares. What the client
answers is their own statement: it may turn the booking at once, and helps it when a practitioner accepts.
"""

from datetime import datetime

from scheduler_app.domain.private_links import INTAKE, OPEN
from scheduler_app.domain.story import NOT_HELD
from scheduler_app.errors import NotFound
from scheduler_app.flow.flow import Flow
from scheduler_app.flow.mailing.link_letters import undertake
from scheduler_app.flow.mailing.outlook import covered
from scheduler_app.flow.private_links import LinkPress, Wanted, make_link
from scheduler_app.ports import Transaction

SCREENING = frozenset({"screening-missing", "screening-expired"})
BY = "scheduler"


def ask_questions(flow: Flow, client: str) -> bool:
    """Send the client the link to the health questions where a visit ahead waits for them; whether it was.

    Not again while the last link is open, nor for as long as one lasts after it was made or answered.
    """
    post, now = flow.post, flow.clock()
    if post is None or not post.root or not flow.clinic.links.ask:
        return False
    with flow.store.reading() as tx:
        address = _address(tx, client) if _waits(tx, flow, client, now) else ""
    if not address:
        return False
    press = LinkPress(tuple(post.press.keys), post.root, undertake)
    try:
        make_link(flow, press, client, Wanted(INTAKE, BY, "email", address))
    except NotFound:
        return False  # erased meanwhile
    return True


def _waits(tx: Transaction, flow: Flow, client: str, now: datetime) -> bool:
    verdicts = tx.verdicts.of_client(client)
    for visit in tx.appointments.of_client(client):
        held = verdicts.get(visit.ref)
        if held is None or visit.start <= now or visit.status in NOT_HELD:
            continue
        asked = any(each.rule in SCREENING and not each.overridden for each in held.verdict.findings)
        if asked and covered(tx, flow.clinic, visit):
            return not _asked_lately(tx, flow, client, now)
    return False


def _asked_lately(tx: Transaction, flow: Flow, client: str, now: datetime) -> bool:
    since = now - flow.clinic.links.lasts(INTAKE)
    links = [link for link, _ in tx.links.of_client(client) if link.purpose == INTAKE]
    return any(
        link.standing(now) == OPEN or max(link.made_at, link.used_at or link.made_at) > since
        for link in links
    )


def _address(tx: Transaction, client: str) -> str:
    wanted = tx.mails.address(client)
    sure = [
        each
        for each in tx.links.contacts(client)
        if each.kind == "email" and each.verified and not each.shared
    ]
    known = [each.value for each in sure]
    return wanted if wanted in known else next(iter(known), "")
