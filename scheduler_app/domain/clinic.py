"""The clinic itself: its rooms, calendars, and how much it lets the service do and show."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time

from scheduler_app.domain.catalogue import CalendarDefaults
from scheduler_app.domain.gaps import Gap
from scheduler_app.domain.keeping import RetentionTerms
from scheduler_app.domain.platforms import ClinicPlatform
from scheduler_app.domain.private_links import LinkTerms

DISCREET, PLAIN = "discreet", "plain"
COMPACT, FULL = "compact", "full"
OBSERVE, ANNOTATE, HOLD, CANCEL = "observe", "annotate", "hold", "cancel"
MODES = (OBSERVE, ANNOTATE, HOLD, CANCEL)


@dataclass(frozen=True, slots=True)
class Opening:
    """One stretch of opening time. weekday: 0 is Monday. Local time; closes lies after opens."""

    weekday: int
    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class Location:
    """Where visits take place. zone: IANA name; country: ISO 3166 code, for telephone numbers."""

    id: str
    name: str
    zone: str
    country: str
    openings: tuple[Opening, ...] = ()


@dataclass(frozen=True, slots=True)
class MarkTerms:
    """How far we may go on the events of one calendar.

    mode: `observe` writes nothing, `annotate` colours and explains, `hold` also says so in the title and
    in time gives the slot back, `cancel` calls off what is blocked. release_after: minutes a hold keeps
    its slot; None: until a person gives it back. escalate: hours before the start of a visit that is
    still held. reviews_on_grid: whether reviews about screening or the person are marked too. colours:
    by kind of mark, the calendar's own words. explain: `discreet` (a guest may read it) or `full`.
    only: the treatments whose visits are written on, all where it is empty; every visit is judged, and
    counts, all the same. notify: whom the program tells of a cancellation by us (Google's sendUpdates:
    none, externalOnly, all).
    """

    mode: str = HOLD
    release_after: int | None = 60
    escalate: int = 24
    reviews_on_grid: bool = False
    colours: Mapping[str, str] = field(default_factory=dict)
    explain: str = DISCREET
    notify: str = "none"
    only: tuple[str, ...] = ()

    def concern(self, treatments: tuple[str, ...]) -> bool:
        """Whether a visit for these treatments is written on. One that nobody could read always is."""
        return not self.only or not treatments or any(code in self.only for code in treatments)


@dataclass(frozen=True, slots=True)
class ClinicCalendar:
    """A calendar receptionists book in. kind names the program that keeps it ("embedded" is our own).

    address: the program's own name for the calendar, where it has one. account: with whose credentials
    it is read and written (Clinic.accounts).
    """

    id: str
    location: str
    name: str = ""
    kind: str = "embedded"
    defaults: CalendarDefaults = field(default_factory=CalendarDefaults)
    marks: MarkTerms = field(default_factory=MarkTerms)
    address: str = ""
    account: str = ""


@dataclass(frozen=True, slots=True)
class CalendarAccount:
    """With what we sign in at a program that keeps calendars. Its secrets come from the environment.

    sign_in: `service-account` (calendars are shared with it), `delegated` (it acts for subject, an
    e-mail address) or `user` (a person at the clinic signed in once).
    """

    id: str
    program: str = "google"
    sign_in: str = "service-account"
    subject: str = ""


@dataclass(frozen=True, slots=True)
class RequestLimits:
    """How many units of requests a minute: for one account, and for all of them together."""

    account: int = 600
    together: int = 9000


@dataclass(frozen=True, slots=True)
class FeedTerms:
    """What clients' feeds hold. detail: `compact` (one entry a group) or `full` (one a care line)."""

    detail: str = COMPACT
    refresh_hours: int = 4
    possible_again: bool = False
    history_days: int = 60
    horizon_months: int = 18


@dataclass(frozen=True, slots=True)
class PlanLimits:
    """How much one plan may mark before it stops and asks a person."""

    max_marks: int = 10
    max_share: float = 0.05  # of the upcoming book
    floor: int = 3  # so few never ask: 5 % of a small book is less than one visit

    def exceeded(self, marks: int, upcoming: int) -> bool:
        """Whether a plan that marks so many of so many upcoming visits must wait for a person."""
        return marks > self.floor and (marks > self.max_marks or marks > self.max_share * upcoming)


@dataclass(frozen=True, slots=True)
class MailTerms:
    """How clients are written to.

    by_mail: what they get unless they chose otherwise: `nothing`, `letters`, `invitations` (the appointment
    as an invitation too, and their feed leaves it out) or `everything` (care as well). sender: an address
    that somebody reads, "" for the clinic's. server: "" writes letters into a folder. security: `starttls`,
    `tls` or `none`; port: 0 for the one that goes with it. max_together: letters about so many visits that
    one cause brings about go out unseen.
    """

    by_mail: str = "letters"
    sender: str = ""
    sender_name: str = ""
    server: str = ""
    port: int = 0
    security: str = "starttls"
    per_minute: int = 30
    max_together: int = 10


@dataclass(frozen=True, slots=True)
class Clinic:
    """Everything about the clinic that is neither a rule nor a text.

    host: right half of every UID in clients' feeds, never to change. languages: the first is the
    one care lines are timed in and fall back to. sources: senders of webhooks in our own
    words, platforms: those that speak theirs, by name; their secrets come from the environment.
    """

    name: str
    host: str
    phone: str
    email: str
    default_location: str
    locations: Mapping[str, Location]
    calendars: Mapping[str, ClinicCalendar]
    privacy: str = DISCREET
    feed: FeedTerms = field(default_factory=FeedTerms)
    limits: PlanLimits = field(default_factory=PlanLimits)
    screening_lasts: Gap = field(default_factory=lambda: Gap(6, "month"))
    sources: tuple[str, ...] = ()
    languages: tuple[str, ...] = ("en",)
    accounts: Mapping[str, CalendarAccount] = field(default_factory=dict)
    requests: RequestLimits = field(default_factory=RequestLimits)
    mail: MailTerms = field(default_factory=MailTerms)
    links: LinkTerms = field(default_factory=LinkTerms)
    retention: RetentionTerms = field(default_factory=RetentionTerms)
    platforms: Mapping[str, ClinicPlatform] = field(default_factory=dict)

    @property
    def location(self) -> Location:
        """The default location."""
        return self.locations[self.default_location]

    def location_of(self, calendar: str) -> Location:
        """Where a calendar's visits take place; the default location for one nobody configured."""
        known = self.calendars.get(calendar)
        return self.locations[known.location] if known else self.location
