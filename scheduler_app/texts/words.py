"""Language files, read once: the templates every sentence is made from."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from scheduler_app.domain.outcome import Outcome

REFERENCE = "en"
_HERE = Path(__file__).parent

Template = Callable[..., str]


@dataclass(frozen=True, slots=True)
class Words:
    """One language: its locale for dates, and str.format templates by section and key."""

    locale: str
    sections: Mapping[str, Mapping[str, Template]]


def languages() -> tuple[str, ...]:
    """The languages that sentences are written in."""
    return tuple(sorted(path.stem for path in _HERE.glob("*.toml")))


@lru_cache(maxsize=64)
def words(language: str) -> Words:
    """A language's templates; the reference language for one nobody has written."""
    written = language if language in languages() else REFERENCE
    parsed = tomllib.loads((_HERE / f"{written}.toml").read_text(encoding="utf-8"))
    locale = parsed.pop("locale")
    return Words(
        locale,
        {
            section: {key: template.format for key, template in templates.items()}
            for section, templates in parsed.items()
        },
    )


def outcome_text(outcome: Outcome, language: str = REFERENCE) -> str:
    """What people read for an outcome: "no rule broken", never that anything is safe."""
    return words(language).sections["outcome"][outcome.word]()


def phrase(key: str, language: str = REFERENCE, **values: str) -> str:
    """A phrase of the section [phrase], filled. Raises KeyError for a key or a value that is missing."""
    return words(language).sections["phrase"][key](**values)
