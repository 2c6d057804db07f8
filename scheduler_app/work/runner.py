"""Run one row of work: claim it, do it under a lease that is renewed, settle it."""

import logging
import traceback
from collections.abc import Callable, Mapping, Sequence

from scheduler_app.errors import SchedulerError
from scheduler_app.ports import Claim, Store
from scheduler_app.work.leases import Leases

log = logging.getLogger(__name__)

Run = Callable[[Claim], float | None]  # seconds until it wants running again, None when it is done


class Runner:
    """Does the kinds of work it knows; rows of other kinds are left for those who know them.

    Whoever is killed in the middle has settled nothing: the row is claimed again and the verb, which is
    safe to repeat, goes over it once more.
    """

    def __init__(self, store: Store, runs: Mapping[str, Run], leases: Leases) -> None:
        self._store = store
        self._runs = runs
        self._leases = leases
        self.kinds: tuple[str, ...] = tuple(runs)

    def run_next(self, kinds: Sequence[str] | None = None) -> bool:
        """Run the most overdue row; False when none is due. Failures are written down, never raised."""
        with self._store.transaction() as tx:
            claim = tx.work.claim(self.kinds if kinds is None else kinds, self._leases.lease)
        if claim is None:
            return False
        with self._leases.holding(claim):
            error, retry_in, again_in, retriable = self._run(claim)
        with self._store.transaction() as tx:
            ours = tx.work.settle(claim, error, retry_in, again_in, retriable)
        if not ours:
            log.warning("%s %s took longer than its lease; somebody else has it now", claim.kind, claim.key)
        return True

    def _run(self, claim: Claim) -> tuple[str | None, float | None, float | None, bool]:
        try:
            return None, None, self._runs[claim.kind](claim), False
        except SchedulerError as fault:
            log.warning("%s %s failed: %s", claim.kind, claim.key, type(fault).__name__)
            return f"{type(fault).__name__}: {fault}", getattr(fault, "retry_in", None), None, fault.retriable
        except Exception as fault:  # noqa: BLE001 - a defect in one row must not stop the others
            where = _where(fault)
            log.error("%s %s broke: %s at %s", claim.kind, claim.key, type(fault).__name__, where)
            return f"{type(fault).__name__} at {where}", None, None, False


def _where(fault: Exception) -> str:
    """File and line only: an exception's own words may hold somebody's name."""
    frames = traceback.extract_tb(fault.__traceback__)
    return f"{frames[-1].filename.rsplit('/', 1)[-1]}:{frames[-1].lineno}" if frames else "an unknown line"
