"""What Google makes of a patch, for tests of pure rooms."""

from dataclasses import replace
from typing import Any

from integrations.google_calendar.marks import Shown, fold, unfold
from scheduler_app.domain.events import Mark

BOOKED = Shown("Microneedling - Anna Smith", "Allergic to latex.\nCall before.", "10")
HOLD = Mark("hold", "⛔15 Mar · ", "Possible from 15 March. https://clinic.example/desk/a?b=1&c=2", "Tomato")


def patched(shown: Shown, body: dict[str, Any]) -> Shown:
    """The event afterwards: what was not sent stays, None takes away."""
    private = dict(shown.private)
    for key, value in body.get("extendedProperties", {}).get("private", {}).items():
        assert len(key) <= 44
        assert value is None or len(value.encode()) <= 1024
        private[key] = value
    return replace(
        shown,
        title=body.get("summary", shown.title),
        description=body.get("description", shown.description),
        colour=(body["colorId"] or "") if "colorId" in body else shown.colour,
        label=(body["eventLabelId"] or "") if "eventLabelId" in body else shown.label,
        free=body["transparency"] == "transparent" if "transparency" in body else shown.free,
        private={key: value for key, value in private.items() if value is not None},
    )


def marked(shown: Shown = BOOKED, mark: Mark = HOLD) -> Shown:
    """With the mark written."""
    return patched(shown, fold(shown, mark))


def unmarked(shown: Shown) -> Shown:
    """With our mark taken off."""
    return patched(shown, unfold(shown))
