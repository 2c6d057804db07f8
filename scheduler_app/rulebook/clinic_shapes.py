"""The shape of clinic.toml."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from scheduler_app.domain.gaps import Gap
from scheduler_app.rulebook import patterns
from scheduler_app.rulebook.private_shapes import LinksShape, RetentionShape
from scheduler_app.rulebook.shapes import Code, GapText, Line, Shape, Some, Weekday

Hours = Annotated[str, StringConstraints(pattern=patterns.HOURS)]
Language = Annotated[str, StringConstraints(pattern=patterns.LANGUAGE)]
Source = Annotated[str, StringConstraints(pattern=patterns.SOURCE)]


class FeedShape(Shape):
    """[feed]."""

    detail: Literal["compact", "full"] = Field(default="compact", examples=["compact"])
    refresh_hours: int = Field(default=4, ge=1, le=168, examples=[4])
    possible_again: bool = Field(default=False, examples=[False])
    history_days: int = Field(default=60, ge=0, le=3650, examples=[60])
    horizon_months: int = Field(default=18, ge=1, le=60, examples=[18])


class PlanShape(Shape):
    """[plan]."""

    max_marks: int = Field(default=10, ge=0, le=100_000, examples=[10])
    max_share: float = Field(default=0.05, ge=0, le=1, examples=[0.05])
    floor: int = Field(default=3, ge=0, le=1000, examples=[3])


class LocationShape(Shape):
    """[[location]]."""

    id: Code = Field(examples=["main"])
    name: Line = Field(examples=["Main rooms"])
    zone: Line = Field(examples=["Europe/London"])
    country: Annotated[str, StringConstraints(pattern=patterns.COUNTRY)] = Field(examples=["GB"])
    hours: dict[Weekday, tuple[Hours, ...]] = Field(default={}, examples=['monday = ["09:00-18:00"]'])


class MarksShape(Shape):
    """[calendar.marks]."""

    mode: Literal["observe", "annotate", "hold", "cancel"] = Field(default="hold", examples=["hold"])
    release_after: int = Field(default=60, ge=0, le=10_080, examples=[60])
    release: bool = Field(default=True, examples=[True])
    escalate: int = Field(default=24, ge=1, le=720, examples=[24])
    reviews_on_grid: bool = Field(default=False, examples=[False])
    colours: dict[Literal["hold", "review", "note", "clash"], Line] = Field(
        default={}, examples=['hold = "11"']
    )
    explain: Literal["discreet", "full"] = Field(default="discreet", examples=["discreet"])
    notify: Literal["none", "externalOnly", "all"] = Field(default="none", examples=["none"])
    only: tuple[Code, ...] = Field(default=(), examples=[["microneedling"]])


class AccountShape(Shape):
    """[[account]]."""

    id: Code = Field(examples=["clinic"])
    program: Literal["google"] = Field(default="google", examples=["google"])
    sign_in: Literal["service-account", "delegated", "user"] = Field(
        default="service-account", examples=["service-account"]
    )
    subject: Annotated[str, StringConstraints(pattern=patterns.EMAIL)] | None = Field(
        default=None, examples=["desk@clinic.example"]
    )


class RequestsShape(Shape):
    """[requests]."""

    account: int = Field(default=600, ge=10, le=100_000, examples=[600])
    together: int = Field(default=9000, ge=10, le=1_000_000, examples=[9000])


class MailShape(Shape):
    """[mail]."""

    by_mail: Literal["nothing", "letters", "invitations", "everything"] = Field(
        default="letters", examples=["letters"]
    )
    sender: Annotated[str, StringConstraints(pattern=patterns.EMAIL)] | None = Field(
        default=None, examples=["desk@clinic.example"]
    )
    sender_name: Line | None = Field(default=None, examples=["Example Clinic"])
    server: Annotated[str, StringConstraints(pattern=patterns.HOST)] | None = Field(
        default=None, examples=["smtp.clinic.example"]
    )
    port: int = Field(default=0, ge=0, le=65_535, examples=[587])
    security: Literal["starttls", "tls", "none"] = Field(default="starttls", examples=["starttls"])
    per_minute: int = Field(default=30, ge=1, le=10_000, examples=[30])
    max_together: int = Field(default=10, ge=0, le=100_000, examples=[10])


class CalendarShape(Shape):
    """[[calendar]]."""

    id: Line = Field(examples=["desk"])
    location: Code | None = Field(default=None, examples=["main"])
    name: str = Field(default="", examples=["Front desk"])
    kind: Literal["embedded", "google"] = Field(default="embedded", examples=["embedded"])
    address: Line | None = Field(default=None, examples=["desk@clinic.example"])
    account: Code | None = Field(default=None, examples=["clinic"])
    treatments: tuple[Code, ...] = Field(default=(), examples=[["microneedling"]])
    colours: dict[str, tuple[Code, ...]] = Field(default={}, examples=['Basil = ["microneedling"]'])
    labels: dict[str, tuple[Code, ...]] = Field(default={}, examples=['VIP = ["microneedling"]'])
    unrecognised: Literal["review", "ignore"] = Field(default="review", examples=["review"])
    marks: MarksShape = Field(default=MarksShape(), examples=["[calendar.marks]"])


class ClinicShape(Shape):
    """clinic.toml as a whole, its locations, calendars and accounts apart."""

    name: Line = Field(examples=["Example Clinic"])
    host: Annotated[str, StringConstraints(pattern=patterns.HOST)] = Field(examples=["clinic.example"])
    phone: Annotated[str, StringConstraints(pattern=patterns.PHONE)] = Field(examples=["+44 20 7946 0000"])
    email: Annotated[str, StringConstraints(pattern=patterns.EMAIL)] = Field(
        examples=["hello@clinic.example"]
    )
    default_location: Code = Field(examples=["main"])
    languages: Annotated[tuple[Language, ...], Some] = Field(default=("en",), examples=[["en"]])
    privacy: Literal["discreet", "plain"] = Field(default="discreet", examples=["discreet"])
    screening_lasts: GapText = Field(default=Gap(6, "month"), examples=["6 months"])
    sources: tuple[Source, ...] = Field((), examples=[["website"]])
    feed: FeedShape = Field(default=FeedShape(), examples=["[feed]"])
    plan: PlanShape = Field(default=PlanShape(), examples=["[plan]"])
    requests: RequestsShape = Field(default=RequestsShape(), examples=["[requests]"])
    mail: MailShape = Field(default=MailShape(), examples=["[mail]"])
    links: LinksShape = Field(default=LinksShape(), examples=["[links]"])
    retention: RetentionShape = Field(default=RetentionShape(), examples=["[retention]"])
