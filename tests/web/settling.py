"""Work behind the page, done in the caller's thread: what `serve` does at once after a change."""

from collections.abc import Callable

from scheduler_app.flow.flow import KINDS, Flow
from scheduler_app.flow.runs import runs
from scheduler_app.work import Leases, Runner


def settling(flow: Flow) -> Callable[[], None]:
    """Run whatever is due, kind by kind in the order of the flow, until nothing is."""
    runner = Runner(flow.store, runs(flow), Leases(flow.store))

    def settle() -> None:
        while any([_drained(runner, kind) for kind in KINDS]):
            pass

    return settle


def _drained(runner: Runner, kind: str) -> bool:
    ran = False
    while runner.run_next((kind,)):
        ran = True
    return ran
