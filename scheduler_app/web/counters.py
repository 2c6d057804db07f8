"""Counts for /metrics: how many, never who."""

from collections import Counter
from collections.abc import Mapping
from threading import Lock

HELP = {
    "scheduler_deliveries_total": "Webhooks received, by sender and by what became of them.",
    "scheduler_notices_total": "Notices of programs that keep calendars, by what became of them.",
    "scheduler_checks_total": "Checks answered through the API, by HTTP status.",
    "scheduler_validations_total": "Questions of platforms that ask before they book, by outcome.",
    "scheduler_feed_polls_total": "Polls of clients' feeds, by HTTP status.",
    "scheduler_failures_total": "Requests that failed unforeseen, by route.",
}


class Counters:
    """Counts since the process began. Safe to call from every thread.

    Labels must come from short lists fixed beforehand (senders, statuses, routes), never from what
    somebody sent: a stranger could otherwise fill the memory, and names could get in.
    """

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, tuple[tuple[str, str], ...]]] = Counter()
        self._lock = Lock()

    def add(self, name: str, **labels: str) -> None:
        """Count one more."""
        key = (name, tuple(labels.items()))
        with self._lock:
            self._counts[key] += 1

    def feed_poll(self, status: int) -> None:
        """Count a poll of a feed, which is served in front of Flask."""
        self.add("scheduler_feed_polls_total", status=str(status))

    def text(
        self,
        gauges: Mapping[str, tuple[str, float]],
        by_calendar: Mapping[str, tuple[str, Mapping[str, float]]] | None = None,
        by_platform: Mapping[str, tuple[str, Mapping[str, float]]] | None = None,
    ) -> str:
        """Everything in Prometheus' text format 0.0.4.

        gauges: name -> (help, value now). by_calendar, by_platform: name -> (help, values now by each).
        """
        with self._lock:
            counts = sorted(self._counts.items())
        lines: list[str] = []
        for name, meaning in HELP.items():
            lines += [f"# HELP {name} {meaning}", f"# TYPE {name} counter"]
            for (counted, labels), value in counts:
                if counted == name:
                    lines.append(f"{name}{_braces(labels)} {value}")
        for name, (meaning, now) in gauges.items():
            lines += [f"# HELP {name} {meaning}", f"# TYPE {name} gauge", f"{name} {now:g}"]
        for label, gauged in (("calendar", by_calendar), ("platform", by_platform)):
            for name, (meaning, values) in (gauged or {}).items():
                lines += [f"# HELP {name} {meaning}", f"# TYPE {name} gauge"]
                lines += [f"{name}{_braces(((label, id),))} {value:g}" for id, value in values.items()]
        return "\n".join(lines) + "\n"


def _braces(labels: tuple[tuple[str, str], ...]) -> str:
    inside = ",".join(f'{name}="{_escape(value)}"' for name, value in labels)
    return f"{{{inside}}}" if inside else ""


def _escape(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
