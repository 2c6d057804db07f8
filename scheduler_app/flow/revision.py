"""Revision: from what a feed should say to what must change in it. Pure.

SEQUENCE and LAST-MODIFIED rise with every change and never fall: programs that subscribed keep the old
version of an event otherwise (Evolution by either, ICSx5 by LAST-MODIFIED, Google by SEQUENCE).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

from scheduler_app import ics
from scheduler_app.domain.carewords import Phrases
from scheduler_app.domain.entries import POSSIBLE_AGAIN, Entry, PublishedEntry

CANCELLED_STAYS = timedelta(days=30)
_SECOND = timedelta(seconds=1)  # what LAST-MODIFIED and Last-Modified can tell apart


@dataclass(frozen=True, slots=True)
class Moment:
    """When a revision is made. today: the clinic's local day; history: how long past entries stay."""

    now: datetime
    today: int
    history: timedelta


@dataclass(frozen=True, slots=True)
class Change:
    """An entry that says something else than before, with the numbers it is published under."""

    entry: Entry
    digest: str
    sequence: int
    changed_at: datetime

    def published(self) -> PublishedEntry:
        """As it is stored: only here an entry is rendered."""
        entry = self.entry
        block = ics.render_entry(entry, self.sequence, self.changed_at)
        return PublishedEntry(
            entry.uid, self.digest, self.sequence, self.changed_at, block, entry.cancelled, entry.ends_at
        )


@dataclass(frozen=True, slots=True)
class Revision:
    """What must change. retired: no longer shown; only their numbers are kept."""

    changes: tuple[Change, ...]
    retired: tuple[PublishedEntry, ...]

    def rows(self) -> list[PublishedEntry]:
        """Everything to store."""
        return [change.published() for change in self.changes] + list(self.retired)


def revise(
    held: Mapping[str, PublishedEntry],
    wanted: Sequence[Entry],
    live: Collection[str],
    at: Moment,
    phrases: Phrases,
) -> Revision:
    """Hold what is published against what should be.

    live: refs of the visits that are still on. What belongs to a visit that was called off is shown as
    cancelled for 30 days; what only is not said any more (the visit is not confirmed, another line goes
    first, the clinic took a text back) just goes, or the client would read that something was cancelled.
    A feed that had entries keeps one.
    """
    changes = [change for entry in wanted if (change := _changed(entry, held.get(entry.uid), at))]
    said = {entry.uid for entry in wanted}
    retired = []
    for gone in held.values():
        if gone.uid in said or not gone.block:
            continue
        fate = _fate(gone, live, at)
        if fate is CANCEL:
            changes += filter(None, [_changed(_cancelled(gone, phrases), gone, at)])
        elif fate is RETIRE:
            retired.append(gone)
    shown = said.union(gone.uid for gone in held.values() if gone.block) - {gone.uid for gone in retired}
    if retired and not shown:
        retired.remove(max(retired, key=lambda gone: (gone.ends_at, gone.uid)))
    return Revision(tuple(changes), tuple(replace(gone, block=b"", digest="") for gone in retired))


KEEP, CANCEL, RETIRE = "keep", "cancel", "retire"


def _fate(gone: PublishedEntry, live: Collection[str], at: Moment) -> str:
    past = gone.ends_at <= at.now - at.history
    if gone.uid.startswith(POSSIBLE_AGAIN):  # reached, and then it stays like everything past
        reached = gone.ends_at.toordinal() - 1 <= at.today
        return KEEP if reached and not past else RETIRE
    if gone.cancelled:
        return RETIRE if gone.changed_at + CANCELLED_STAYS <= at.now else KEEP
    return RETIRE if past or _visit(gone.uid) in live else CANCEL


def _visit(uid: str) -> str:
    """The ref of the visit an entry belongs to: `<code or group>.<ref>@<host>`."""
    return uid.partition(".")[2].partition("@")[0]


def _cancelled(gone: PublishedEntry, phrases: Phrases) -> Entry:
    """What was published, called off. The title says so too: not every program strikes it out."""
    entry = ics.read_entry(gone.block)
    title = entry.title.removeprefix(phrases.not_confirmed_title(""))
    return replace(
        entry,
        title=phrases.cancelled_title(title),
        text="",
        cancelled=True,
        tentative=False,
    )


def _changed(entry: Entry, before: PublishedEntry | None, at: Moment) -> Change | None:
    # FORM: after a change of ics.py the same entry is other bytes, and subscribers must be told.
    digest = sha256(f"{ics.FORM} {entry.digest}".encode()).hexdigest()
    now = at.now.replace(microsecond=0)
    if before is None:
        return Change(entry, digest, 0, now)
    if before.digest == digest:
        return None
    return Change(entry, digest, before.sequence + 1, max(now, before.changed_at + _SECOND))
