"""The shapes of what a clinic writes: which keys there are, of which type. Examples show up in cures."""

import re
from datetime import date, timedelta
from typing import Annotated, Literal, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    StringConstraints,
)
from pydantic_core import PydanticCustomError

from scheduler_app.domain.gaps import Gap
from scheduler_app.errors import Invalid
from scheduler_app.rulebook.patterns import CODE, CODE_OR_ANY, ONE_LINE

_OFFSET = re.compile(r"(-?\d{1,4}) ?(minute|hour|day)s?")


def _gap(value: object) -> Gap:
    try:
        return Gap.parse(value if isinstance(value, str) else "")
    except Invalid:
        raise PydanticCustomError("gap", "is no gap") from None


def _offset(value: object) -> timedelta:
    found = _OFFSET.fullmatch(value.strip()) if isinstance(value, str) else None
    if not found:
        raise PydanticCustomError("offset", "is no number of hours, minutes or days")
    return timedelta(**{found[2] + "s": int(found[1])})


def _signature(value: object) -> object:
    """An empty signature is none."""
    return None if isinstance(value, str) and not value.strip() else value


def _some(value: tuple[str, ...]) -> tuple[str, ...]:
    if not value:
        raise PydanticCustomError("too_short", "must not be empty")
    return value


Some = AfterValidator(_some)  # for lists; their own minimum would be told beside a wrong item too
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Line = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True, pattern=ONE_LINE)]
Code = Annotated[str, StringConstraints(pattern=CODE)]
GapText = Annotated[Gap, PlainValidator(_gap)]
Offset = Annotated[timedelta, PlainValidator(_offset)]
Signature = Annotated[str | None, BeforeValidator(_signature)]
Grade = Literal["trials", "label", "consensus", "opinion", "practice"]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)


class Shape(BaseModel):
    """Nothing is guessed: an unknown key is a mistake, and so is a number where text belongs."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class RuleShape(Shape):
    """[[rule]] of rules.toml."""

    id: Code = Field(examples=["microneedling-after-plasma-pen"])
    earlier: Code = Field(examples=["plasma_pen"])
    later: Code = Field(examples=["microneedling"])
    minimum: GapText = Field(examples=["4 weeks"])
    absolute_minimum: GapText | None = Field(default=None, examples=["10 days"])
    source: Line = Field(examples=["clinic sheet"])
    grade: Grade = Field(examples=["opinion"])
    approved_by: Signature = Field(default=None, examples=["Dr A. Example, 2026-03-01"])
    effective_from: date | None = Field(default=None, examples=[date(2026, 3, 1)])
    effective_to: date | None = Field(default=None, examples=[date(2026, 12, 31)])
    note: str = Field(default="", examples=["why"])


class ConditionShape(Shape):
    """[[condition]] of conditions.toml."""

    code: Code = Field(examples=["eczema"])
    name: Line = Field(examples=["eczema"])
    kind: Literal["absolute", "not_recommended", "ask"] = Field(examples=["not_recommended"])
    treatments: Annotated[tuple[Code, ...], Some] = Field(examples=[["microneedling"]])
    source: Line = Field(examples=["clinic sheet"])
    grade: Grade = Field(examples=["practice"])
    approved_by: Signature = Field(default=None, examples=["Dr A. Example, 2026-03-01"])
    note: str = Field(default="", examples=["why"])


class TextShape(Shape):
    """[[line]] of a care file in another language: the words only."""

    code: Code = Field(examples=["no-makeup"])
    title: Line = Field(examples=["No make-up until {until_date}"])
    text: Text = Field(examples=["Do not wear make-up until {until_date}."])
    discreet_title: Line = Field(examples=["No make-up until {until_date}"])
    discreet_text: Text = Field(examples=["Do not wear make-up until {until_date}."])
    approved_by: Signature = Field(default=None, examples=["Dr A. Example, 2026-03-01"])


class LineShape(TextShape):
    """[[line]] of the care file in the clinic's first language: words and times."""

    group: Code = Field(examples=["two-days"])
    treatment: Annotated[str, StringConstraints(pattern=CODE_OR_ANY)] = Field(examples=["microneedling"])
    moment: Literal["before", "after", "appointment"] = Field(examples=["after"])
    anchor: Literal["start", "end", "day", "visit"] = Field(examples=["end"])
    begins: Offset | None = Field(default=None, alias="from", examples=["0 hours"])
    ends: Offset | None = Field(default=None, alias="until", examples=["48 hours"])
    alarm: Annotated[int, Field(ge=0, le=40_320)] | None = Field(default=None, examples=[60])
    conflicts_with: tuple[Code, ...] = Field(default=(), examples=[["no-face-washing"]])
    source: Line = Field(examples=["clinic sheet"])
    grade: Grade = Field(examples=["practice"])


class PrecedenceShape(Shape):
    """[[precedence]] of a care file."""

    first: Code = Field(examples=["no-face-washing"])
    over: Code = Field(examples=["better-no-face-washing"])
