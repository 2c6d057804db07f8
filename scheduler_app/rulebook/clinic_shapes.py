"""The shape of clinic.toml."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from scheduler_app.domain.gaps import Gap
from scheduler_app.rulebook import patterns
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


class CalendarShape(Shape):
    """[[calendar]]."""

    id: Line = Field(examples=["desk"])
    location: Code | None = Field(default=None, examples=["main"])
    name: str = Field(default="", examples=["Front desk"])
    kind: Literal["embedded"] = Field(default="embedded", examples=["embedded"])
    treatments: tuple[Code, ...] = Field(default=(), examples=[["microneedling"]])
    colours: dict[str, tuple[Code, ...]] = Field(default={}, examples=['Basil = ["microneedling"]'])
    labels: dict[str, tuple[Code, ...]] = Field(default={}, examples=['VIP = ["microneedling"]'])
    unrecognised: Literal["review", "ignore"] = Field(default="review", examples=["review"])


class ClinicShape(Shape):
    """clinic.toml as a whole, its locations and calendars apart."""

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
