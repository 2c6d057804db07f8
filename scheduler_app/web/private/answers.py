"""The health questions as a form: what is asked, and what was sent; every mistake beside its question."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from scheduler_app.domain.facts import FIRST_YEAR
from scheduler_app.flow.flow import Flow
from scheduler_app.flow.intake import Answers, Told
from scheduler_app.texts.intake import Tongue

YEARS = 3  # this one and those before, to choose from
TAKEN = ("no", "taking", "stopped")


@dataclass(frozen=True, slots=True)
class Questions:
    """What is asked, as (code, name) in the client's words."""

    conditions: tuple[tuple[str, str], ...]
    medicines: tuple[tuple[str, str], ...]
    treatments: tuple[tuple[str, str], ...]
    years: tuple[tuple[int, int], ...]
    days: tuple[tuple[int, int], ...] = tuple((number, number) for number in range(1, 32))


@dataclass(slots=True)
class Sent:
    """A form as it was sent. mistakes: by the name of the field they stand beside, in order."""

    typed: Mapping[str, str]
    mistakes: dict[str, str] = field(default_factory=dict)

    def has(self, name: str) -> bool:
        """Whether a box was ticked."""
        return bool(self.typed.get(name))

    def dated(self, prefix: str) -> bool:
        """Whether anything was said about when."""
        return any(self.typed.get(f"{prefix}-{part}") for part in ("day", "month", "year", "unknown"))


def questions(flow: Flow, said: Tongue, today: date) -> Questions:
    """The clinic's conditions, the medicines it knows, and treatments that others may have to wait after."""
    earlier = {rule.earlier for rule in flow.rulebook.rules}
    known, conditions = flow.catalogue.treatments.values(), flow.rulebook.conditions.values()
    return Questions(
        tuple((each.code, said.name("condition", each.code, each.name)) for each in conditions),
        tuple((each.code, said.name("medicine", each.code, each.name)) for each in known if each.medication),
        tuple(
            (each.code, said.name("treatment", each.code, each.name))
            for each in known
            if not each.medication and each.code in earlier
        ),
        tuple((today.year - ago, today.year - ago) for ago in range(YEARS)),
    )


def read(sent: Sent, asked: Questions, said: Tongue, today: date) -> Answers:
    """What the client says. Use it only where `sent.mistakes` stayed empty."""
    return Answers(
        _read_conditions(sent, asked, said),
        tuple(told for code, name in asked.medicines if (told := _medicine(sent, code, name, said, today))),
        tuple(told for code, name in asked.treatments if (told := _treatment(sent, code, name, said, today))),
    )


def _read_conditions(sent: Sent, asked: Questions, said: Tongue) -> tuple[str, ...]:
    ticked = tuple(code for code, _ in asked.conditions if sent.has(f"c-{code}"))
    if not ticked and not sent.has("none"):
        sent.mistakes["none"] = said.say("mistake", "none_or_some")
    if ticked and sent.has("none"):
        sent.mistakes["none"] = said.say("mistake", "none_and_some")
    return ticked


def _medicine(sent: Sent, code: str, name: str, said: Tongue, today: date) -> Told | None:
    prefix = f"m-{code}"
    answer = sent.typed.get(prefix, "")
    if answer not in TAKEN:
        sent.mistakes[prefix] = said.say("mistake", "answer", name=name)
        return None
    if answer == "no":
        if sent.dated(prefix):
            sent.mistakes[prefix] = said.say("mistake", "contradiction", name=name)
        return None
    if answer == "taking":
        return Told(code, ongoing=True)
    return Told(code, ended_on=_date(sent, prefix, name, said, today))


def _treatment(sent: Sent, code: str, name: str, said: Tongue, today: date) -> Told | None:
    """A date without the tick counts as a treatment had: leaving it out could make a visit look possible."""
    prefix = f"t-{code}"
    if not sent.has(prefix) and not sent.dated(prefix):
        return None
    return Told(code, on=_date(sent, prefix, name, said, today))


def _date(sent: Sent, prefix: str, name: str, said: Tongue, today: date) -> str | None:
    """YYYY-MM-DD or YYYY-MM; None where the client does not know."""
    day, month, year = (sent.typed.get(f"{prefix}-{part}", "") for part in ("day", "month", "year"))
    if not (day or month or year) and sent.has(f"{prefix}-unknown"):
        return None
    if not (month and year):
        sent.mistakes[f"{prefix}-month"] = said.say("mistake", "date", name=name)
        return None
    try:
        first = date(int(year), int(month), int(day or 1))
        if first.year < FIRST_YEAR:
            raise ValueError
    except ValueError:
        sent.mistakes[f"{prefix}-month"] = said.say("mistake", "no_day", name=name)
        return None
    if first > today:
        sent.mistakes[f"{prefix}-month"] = said.say("mistake", "future", name=name)
        return None
    return first.isoformat() if day else first.isoformat()[:7]


def lines(answers: Answers, asked: Questions, said: Tongue) -> list[tuple[str, list[str]]]:
    """What the client says, in words to be checked: heading and lines."""
    conditions = [name for code, name in asked.conditions if code in answers.conditions]
    medicines = {told.treatment: told for told in answers.medicines}
    treatments = {told.treatment: told for told in answers.treatments}
    had = [
        f"{name}: {_when(treatments[code].on, said)}" for code, name in asked.treatments if code in treatments
    ]
    return [
        (said.say("intake", "conditions"), conditions or [said.say("intake", "review_none")]),
        (
            said.say("intake", "medicines"),
            [f"{name}: {_taken(medicines.get(code), said)}" for code, name in asked.medicines],
        ),
        (said.say("intake", "treatments"), had or [said.say("intake", "review_no_treatment")]),
    ]


def _taken(told: Told | None, said: Tongue) -> str:
    if told is None:
        return said.say("intake", "not_taken")
    if told.ongoing:
        return said.say("intake", "now")
    return said.say("intake", "ended_on", date=_when(told.ended_on, said))


def _when(text: str | None, said: Tongue) -> str:
    return said.partial(text) if text else said.say("intake", "unknown")
