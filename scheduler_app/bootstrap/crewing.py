"""A worker: the crew in a process of its own."""

import signal
import threading

from scheduler_app.bootstrap.house import opened
from scheduler_app.bootstrap.serving import log_to_stderr, stay_loaded
from scheduler_app.settings import Settings


def work(settings: Settings, threads: int) -> None:
    """Do the work behind the pages until told to stop (SIGTERM, SIGINT).

    Raises BadConfig, Invalid, Unavailable.
    """
    log_to_stderr()
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    with opened(settings) as house:
        crew = house.crew(threads)
        stay_loaded()
        crew.start()
        stopping.wait()
        crew.stop()
