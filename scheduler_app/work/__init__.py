"""Work behind the page: leases, wake-ups, the tick. The only home of huey.

The rows of work in the database are the truth; huey carries wake-ups without content, so that one lost,
doubled or late changes nothing. See docs/decisions for what was measured.
"""

from scheduler_app.work.crew import Crew
from scheduler_app.work.leases import Leases
from scheduler_app.work.runner import Run, Runner
from scheduler_app.work.wakeups import Wakeups

__all__ = ["Crew", "Leases", "Run", "Runner", "Wakeups"]
