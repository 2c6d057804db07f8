"""What is asked about many people at once."""

from sqlalchemy import bindparam, select

from scheduler_app.store.tables import client_names as n
from scheduler_app.store.tables import clients as c
from scheduler_app.store.tables import identifiers as i

NAMED = (
    select(c.c.ref, c.c.name, n.c.key)
    .join(n, n.c.client == c.c.ref)
    .where(n.c.key.in_(bindparam("names", expanding=True)))
    .order_by(c.c.ref)
)
NAMESAKES = (
    select(c.c.ref, c.c.name)
    .join(n, n.c.client == c.c.ref)
    .where(n.c.key.in_(bindparam("names", expanding=True)))
    .distinct()
)
EVERYTHING = (c.c.ref, c.c.name, i.c.kind, i.c.value, i.c.source)
KNOWN = (
    select(*EVERYTHING)
    .outerjoin(i, i.c.client == c.c.ref)
    .where(c.c.ref.in_(bindparam("refs", expanding=True)))
    .order_by(c.c.ref, i.c.kind, i.c.value)
)
_SIGN = i.alias("sign")
BEARING = (
    select(*EVERYTHING)
    .select_from(_SIGN)
    .join(c, c.c.ref == _SIGN.c.client)
    .join(i, i.c.client == c.c.ref)
    .where(_SIGN.c.kind == bindparam("kind"), _SIGN.c.value.in_(bindparam("values", expanding=True)))
    .order_by(c.c.ref, i.c.kind, i.c.value)
)
