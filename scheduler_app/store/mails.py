"""Letters as they are written down, and where they go."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from datetime import datetime

from sqlalchemy import Executable, and_, bindparam, delete, exists, func, or_, select, update

from scheduler_app.domain.mail import (
    CANCELLED,
    DUE,
    FAILED,
    PLANNED,
    REQUEST,
    SENDING,
    SENT,
    WAITING,
    Bounce,
    Mail,
    MailChoice,
)
from scheduler_app.domain.story import NOT_HELD
from scheduler_app.store.columns import Moment
from scheduler_app.store.part import Part
from scheduler_app.store.sql import per_dialect, upsert
from scheduler_app.store.tables import appointments as a
from scheduler_app.store.tables import identifiers as i
from scheduler_app.store.tables import mail_bounces as b
from scheduler_app.store.tables import mail_choices as h
from scheduler_app.store.tables import mails as m
from scheduler_app.store.tables import verified_contacts as v

WHOLE = select(*(m.c[field.name] for field in fields(Mail)))
ORDERED = WHOLE.order_by(m.c.created_at, m.c.sequence, m.c.uid)
OF_CLIENT = WHOLE.where(m.c.client == bindparam("of")).order_by(m.c.uid, m.c.sequence, m.c.created_at)
ONE = WHOLE.where(m.c.key == bindparam("is"))
TO_SEND = m.c.state.in_((DUE, SENDING))
DUE_FOR = ORDERED.where(m.c.client == bindparam("of"), TO_SEND)
IN_PLAN = ORDERED.where(m.c.plan == bindparam("of"))
MOVE = (
    update(m)
    .where(m.c.plan == bindparam("of"), m.c.state.in_((PLANNED, WAITING)))
    .values(state=bindparam("to"))
    .returning(m.c.client)
)
TRIED = select(m.c.tried_at).where(m.c.tried_at >= bindparam("since", type_=Moment)).order_by(m.c.tried_at)
STOPPED = WHOLE.where(m.c.state == WAITING).order_by(m.c.plan, m.c.created_at, m.c.key)
REFUSED = WHOLE.where(m.c.state == FAILED).order_by(m.c.created_at.desc(), m.c.key).limit(bindparam("most"))
PLANS = select(m.c.plan).where(m.c.state == PLANNED).distinct().order_by(m.c.plan)
CLIENTS = select(m.c.client).where(TO_SEND).distinct().order_by(m.c.client)
NEWEST = (
    select(m.c.uid, func.max(m.c.sequence).label("last"))
    .where(m.c.client == bindparam("of"), m.c.state.in_((SENDING, SENT)))
    .group_by(m.c.uid)
    .subquery()
)
INVITED = (
    select(m.c.uid)
    .join(NEWEST, and_(m.c.uid == NEWEST.c.uid, m.c.sequence == NEWEST.c.last))
    .where(m.c.client == bindparam("of"), m.c.method == REQUEST, m.c.state.in_((SENDING, SENT)))
    .distinct()
    .order_by(m.c.uid)
)
# What a client was told of, and somebody said later to be another's.
_n = m.alias()
STRAYED = (
    select(m.c.client)
    .join(a, a.c.ref == m.c.appointment)
    .where(
        a.c.start > bindparam("since", type_=Moment),
        or_(a.c.client.is_(None), a.c.client != m.c.client),
        ~exists().where(_n.c.client == m.c.client, _n.c.uid == m.c.uid, _n.c.kind == CANCELLED),
    )
    .distinct()
    .order_by(m.c.client)
    .limit(bindparam("most"))
)
CHOICE = select(h.c.client, h.c.by_mail, h.c.address).where(h.c.client == bindparam("of"))
GOOD = ~exists().where(b.c.client == i.c.client, b.c.address == i.c.value)
SURE = exists().where(v.c.client == i.c.client, v.c.kind == "email", v.c.value == i.c.value)
ADDRESSES = (
    select(i.c.value)
    .where(i.c.client == bindparam("of"), i.c.kind == "email", GOOD)
    .order_by(SURE.desc(), i.c.value)
)
ADDRESSED = exists().where(i.c.client == a.c.client, i.c.kind == "email", GOOD)
LIVE = and_(a.c.client.is_not(None), a.c.status.not_in(sorted(NOT_HELD)))
UNWRITTEN = (
    select(a.c.client)
    .where(
        LIVE,
        ADDRESSED,
        a.c.start > bindparam("since", type_=Moment),
        ~exists().where(m.c.appointment == a.c.ref),
    )
    .distinct()
    .order_by(a.c.client)
    .limit(bindparam("most"))
)
ENDED = (
    select(a.c.client)
    .where(
        LIVE,
        ADDRESSED,
        a.c.end > bindparam("since", type_=Moment),
        a.c.end <= bindparam("until", type_=Moment),
        ~exists().where(m.c.appointment == a.c.ref, m.c.kind == bindparam("kind")),
    )
    .distinct()
    .order_by(a.c.client)
)
BOUNCES = select(b.c.client, b.c.address, b.c.code, b.c.at).order_by(b.c.at.desc(), b.c.client, b.c.address)
DROP_BOUNCE = delete(b).where(b.c.client == bindparam("of"), b.c.address == bindparam("is"))


@per_dialect
def _put(dialect: str) -> Executable:
    return upsert(dialect, m)


@per_dialect
def _choose(dialect: str) -> Executable:
    return upsert(dialect, h)


@per_dialect
def _put_bounce(dialect: str) -> Executable:
    return upsert(dialect, b)


class SqlMails(Part):
    """Implements ports.Mails."""

    def of_client(self, client: str) -> Sequence[Mail]:
        """All, in order of uid and sequence."""
        return [Mail(*row) for row in self._do(OF_CLIENT, {"of": client})]

    def get(self, key: str) -> Mail | None:
        """By its key."""
        row = self._do(ONE, {"is": key}).first()
        return None if row is None else Mail(*row)

    def put(self, mail: Mail) -> None:
        """Write it down, or bring it up to date."""
        self._do(_put(self._dialect), asdict(mail))

    def due(self, client: str) -> Sequence[Mail]:
        """Those to be sent now, in the order in which they were written down."""
        return [Mail(*row) for row in self._do(DUE_FOR, {"of": client})]

    def in_plan(self, plan: str) -> Sequence[Mail]:
        """All of the plan, whatever became of them."""
        return [Mail(*row) for row in self._do(IN_PLAN, {"of": plan})]

    def set_state(self, plan: str, state: str) -> Sequence[str]:
        """Move a plan's planned or waiting letters; the clients they are for."""
        return sorted(set(self._do(MOVE, {"of": plan, "to": state}).scalars()))

    def tried_since(self, moment: datetime) -> Sequence[datetime]:
        """When letters were handed to the server from then on, oldest first."""
        return list(self._do(TRIED, {"since": moment}).scalars())

    def waiting(self) -> Mapping[str, Sequence[Mail]]:
        """Letters a person must approve, by plan."""
        plans: dict[str, list[Mail]] = {}
        for mail in (Mail(*row) for row in self._do(STOPPED)):
            plans.setdefault(mail.plan, []).append(mail)
        return plans

    def failed(self, limit: int = 100) -> Sequence[Mail]:
        """Those refused for good, the newest first."""
        return [Mail(*row) for row in self._do(REFUSED, {"most": limit})]

    def undone(self) -> tuple[Sequence[str], Sequence[str]]:
        """Plans with letters still planned, and clients with letters to be sent now."""
        return list(self._do(PLANS).scalars()), list(self._do(CLIENTS).scalars())

    def invited(self, client: str) -> Sequence[str]:
        """uids of entries that stand in the client's calendar by invitation."""
        return list(self._do(INVITED, {"of": client}).scalars())

    def unwritten(self, begins_after: datetime, limit: int) -> Sequence[str]:
        """Clients nobody wrote to about a visit ahead, or who were told of one that is not theirs."""
        values = {"since": begins_after, "most": limit}
        return [client for query in (STRAYED, UNWRITTEN) for client in self._do(query, values).scalars()]

    def ended_without(self, kind: str, since: datetime, until: datetime) -> Sequence[str]:
        """Clients with an appointment, not called off, that ended in (since, until] without such a letter."""
        return list(self._do(ENDED, {"kind": kind, "since": since, "until": until}).scalars())

    def choice(self, client: str) -> MailChoice:
        """The clinic's setting for whoever chose nothing."""
        row = self._do(CHOICE, {"of": client}).first()
        return MailChoice(client) if row is None else MailChoice(*row)

    def choose(self, choice: MailChoice) -> None:
        """From now on."""
        self._do(_choose(self._dialect), asdict(choice))

    def address(self, client: str) -> str | None:
        """Where letters go: the chosen address, a confirmed, the first known; never a refused one."""
        known = list(self._do(ADDRESSES, {"of": client}).scalars())
        chosen = self.choice(client).address
        return chosen if chosen in known else next(iter(known), None)

    def bounces(self, client: str | None = None) -> Sequence[Bounce]:
        """Addresses that were refused for good, the newest first."""
        query = BOUNCES if client is None else BOUNCES.where(b.c.client == client)
        return [Bounce(*row) for row in self._do(query)]

    def put_bounce(self, bounce: Bounce) -> None:
        """The address is not written to any more."""
        self._do(_put_bounce(self._dialect), asdict(bounce))

    def drop_bounce(self, client: str, address: str) -> None:
        """A person says that the address works again."""
        self._do(DROP_BOUNCE, {"of": client, "is": address})
