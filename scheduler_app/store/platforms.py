"""Booking platforms as we know them, and what people said about visits that two sources tell of."""

from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Executable, bindparam, select

from scheduler_app.domain.platforms import PlatformState
from scheduler_app.store.gathered import in_sets
from scheduler_app.store.part import Part
from scheduler_app.store.sql import per_dialect, upsert
from scheduler_app.store.tables import platform_states as s
from scheduler_app.store.tables import visit_pairs as p

STATE = select(s).where(s.c.platform == bindparam("of"))
AMONG = select(p.c.one, p.c.other, p.c.same).where(p.c.one.in_(bindparam("refs", expanding=True)))


@per_dialect
def _put_state(dialect: str) -> Executable:
    return upsert(dialect, s)


@per_dialect
def _put_pair(dialect: str) -> Executable:
    return upsert(dialect, p)


class SqlPlatformStates(Part):
    """Implements ports.PlatformStates."""

    def get(self, platform: str) -> PlatformState:
        """What we remember; nothing yet for one never asked."""
        row = self._do(STATE, {"of": platform}).first()
        return PlatformState(platform) if row is None else PlatformState(*row)

    def put(self, state: PlatformState) -> None:
        """As it stands now."""
        self._do(_put_state(self._dialect), asdict(state))


class SqlVisitPairs(Part):
    """Implements ports.VisitPairs."""

    def of(self, refs: Collection[str]) -> Mapping[tuple[str, str], bool]:
        """Decisions among these appointments, the smaller ref first."""
        found: dict[tuple[str, str], bool] = {}
        known = set(refs)
        for some in in_sets(refs):
            for one, other, same in self._do(AMONG, {"refs": some}):
                if other in known:
                    found[one, other] = same
        return found

    def put(self, one: str, other: str, same: bool, by: str, at: datetime) -> None:
        """A person's word; the newest counts."""
        one, other = sorted((one, other))
        self._do(_put_pair(self._dialect), {"one": one, "other": other, "same": same, "by": by, "at": at})
