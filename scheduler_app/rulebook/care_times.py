"""When a care line runs: the anchor, the offsets and the moment must tell the same story."""

from datetime import timedelta

from scheduler_app.domain.carelines import APPOINTMENT, BEFORE, DAY, END, VISIT
from scheduler_app.rulebook.entries import Entry
from scheduler_app.rulebook.files import Notebook
from scheduler_app.rulebook.shapes import LineShape

NOTHING = timedelta()


def check_times(entry: Entry[LineShape], notebook: Notebook) -> None:
    """Note the first thing about a line's times that cannot be meant."""
    if not entry.sound("moment", "anchor", "from", "until"):
        return
    told = _around_the_visit(entry.shape) if entry.shape.anchor == VISIT else _timed(entry.shape)
    if told:
        key, fault, cure = told
        notebook.mistake(entry.file.name, entry.where(key), f"the care line {entry.label} {fault}", cure)


def _around_the_visit(line: LineShape) -> tuple[str, str, str] | None:
    if line.begins is not None or line.ends is not None:
        key = "from" if line.begins is not None else "until"
        return key, "lasts as long as the visit and has offsets too", "Take out from and until."
    return None


def _timed(line: LineShape) -> tuple[str, str, str] | None:
    if line.moment == APPOINTMENT:
        return "anchor", "is the appointment and does not last as long", 'Write: anchor = "visit".'
    if line.begins is None or line.ends is None:
        key = "from" if line.begins is None else "until"
        return key, f"has no `{key}`", f'Write it like: {key} = "{0 if key == "from" else 48} hours".'
    if line.begins >= line.ends:
        return "until", "ends before it begins, or at once", "Let until lie after from."
    return _moment(line, line.begins, line.ends) or _unit(line, line.begins, line.ends)


def _moment(line: LineShape, begins: timedelta, ends: timedelta) -> tuple[str, str, str] | None:
    if line.moment == BEFORE:
        if line.anchor == END:
            return "anchor", "lies before the visit and counts from its end", 'Write: anchor = "start".'
        if begins > NOTHING or ends > NOTHING:
            key = "from" if begins > NOTHING else "until"
            return key, "lies before the visit and has a positive offset", 'Write it like: "-24 hours".'
    elif begins < NOTHING:
        return "from", "lies after the visit and has a negative offset", 'Write it like: "5 hours".'
    return None


def _unit(line: LineShape, begins: timedelta, ends: timedelta) -> tuple[str, str, str] | None:
    # 24 hours and a day are different things when the clocks change, so each anchor has its own unit.
    if line.anchor == DAY and any(offset % timedelta(days=1) for offset in (begins, ends)):
        return (
            "anchor",
            "counts hours from a day",
            'Write whole days, or another anchor, like: anchor = "end".',
        )
    return None
