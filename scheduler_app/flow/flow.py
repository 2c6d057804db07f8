"""What the verbs of the flow stand on: handed to each of them whole, made once by bootstrap."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

from scheduler_app.domain.catalogue import CalendarDefaults, Catalogue
from scheduler_app.domain.clinic import Clinic
from scheduler_app.domain.rules import Rulebook
from scheduler_app.domain.titles import Reading
from scheduler_app.ports import BookingPlatform, BookingSource, CalendarGateway, Clock, Store

if TYPE_CHECKING:
    from scheduler_app.flow.mailing.outlook import Post

# The kinds of work, in the order of the sentence: what an earlier one brings about is done by a later.
INGEST, FETCH, RECONCILE, SYNC, WATCH, JUDGE, RELEASE, DISPATCH, PUBLISH, MAIL, POST, SEND, SWEEP = (
    "ingest",  # by source
    "fetch",  # by booking: "<platform> <booking id>"
    "reconcile",  # by platform
    "sync",  # by calendar
    "watch",  # by calendar
    "judge",  # by client, or by appointment where nobody knows the client
    "release",  # by plan
    "dispatch",  # by appointment
    "publish",  # by client
    "mail",  # by client: letters are written down
    "post",  # by plan: letters of one cause go out
    "send",  # by client
    "sweep",
)
KINDS = (SWEEP, INGEST, FETCH, RECONCILE, SYNC, WATCH, JUDGE, RELEASE, DISPATCH, PUBLISH, MAIL, POST, SEND)


class TitleReader(Protocol):
    """What reads titles: domain.titles.Reader."""

    def read(
        self,
        title: str,
        description: str = "",
        *,
        colour: str = "",
        labels: Iterable[str] = (),
        defaults: CalendarDefaults | None = None,
    ) -> Reading:
        """What was booked, for whom, and what a person must look at first."""
        ...


Publish = Callable[[str], bool]


def _no_feed(_client: str) -> bool:
    """For a flow without feeds."""
    return False


@dataclass(frozen=True, slots=True)
class Flow:
    """The house as the verbs see it.

    gateways: by the id of the calendar they keep. sources: senders of webhooks that
    say all there is to know, platforms: those that are asked, by name. publish: brings
    one client's feed up to date and says whether anything changed; called outside any transaction.
    poll: seconds between two looks at a calendar that gave no sign. desk_url: where people open the
    desk, "https://care.clinic.example/desk"; "" writes no link on events. post: None writes to nobody.
    """

    store: Store
    clock: Clock
    clinic: Clinic
    catalogue: Catalogue
    rulebook: Rulebook
    reader: TitleReader
    gateways: Mapping[str, CalendarGateway]
    sources: Mapping[str, BookingSource]
    publish: Publish = _no_feed
    poll: float = 300.0
    push_address: str = ""
    desk_url: str = ""
    post: "Post | None" = None
    platforms: Mapping[str, BookingPlatform] = field(default_factory=dict)

    @property
    def language(self) -> str:
        """The language of whatever is written where staff read it."""
        return self.clinic.languages[0]

    def today(self, now: datetime) -> int:
        """The clinic's local day as an ordinal."""
        return now.astimezone(ZoneInfo(self.clinic.location.zone)).toordinal()


def plan_name(kind: str, *parts: str) -> str:
    """Names the plan that one cause brings about: the same cause, the same plan, at most 64 characters."""
    return f"{kind}:{sha256(chr(0).join(parts).encode()).hexdigest()[:24]}"
