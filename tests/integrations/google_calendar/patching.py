"""What Google makes of a patch, for tests of pure rooms."""

from dataclasses import replace
from typing import Any

from integrations.google_calendar.marks import Shown


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
