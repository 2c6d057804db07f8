"""JSON as strangers send it, read into checked values. Every fault is Invalid and names its field."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import NoReturn
from zoneinfo import ZoneInfo

from scheduler_app.domain.local_times import instant_of
from scheduler_app.errors import Invalid

LARGEST = 256 * 1024
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_LONGEST_NUMBER = 18
YEARS = range(1900, 2200)


def parse(body: bytes) -> dict[str, object]:
    """The JSON object in the body.

    Raises Invalid for anything a careful reader would not guess about: no UTF-8, a key twice, numbers
    beyond 64 bits, NaN, nesting past all sense, more than 256 KiB.
    """
    if len(body) > LARGEST:
        raise Invalid("body-too-large", "the body is larger than 256 KiB")
    try:
        found = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_once_each,
            parse_int=_whole,
            parse_float=_decimal,
            parse_constant=_no_number,
        )
    except UnicodeDecodeError:
        raise Invalid("json-unreadable", "the body is not UTF-8") from None
    except RecursionError:
        raise Invalid("json-unreadable", "the body is nested too deeply") from None
    except json.JSONDecodeError as fault:
        raise Invalid("json-unreadable", f"the body is no JSON: {fault.msg} at {fault.pos}") from None
    if not isinstance(found, dict):
        raise Invalid("json-unreadable", "the body must be a JSON object")
    return found


def _once_each(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Invalid("json-key-twice", "an object in the body has the same key twice")
    return found


def _whole(digits: str) -> int:
    if len(digits.lstrip("-")) > _LONGEST_NUMBER:
        raise Invalid("json-number", "a number in the body is too large")
    return int(digits)


def _decimal(digits: str) -> float:
    if len(digits) > 64 or abs(number := float(digits)) == float("inf"):
        raise Invalid("json-number", "a number in the body is too large")
    return number


def _no_number(_word: str) -> NoReturn:
    raise Invalid("json-number", "NaN and Infinity are no JSON")


class Fields:
    """An object of the body, asked field by field. Fields nobody asks for are let be."""

    def __init__(self, found: object, path: str) -> None:
        if not isinstance(found, dict):
            raise Invalid("field-missing", f"{path} is missing or no object", path)
        self._found = found
        self._path = path

    def path(self, key: str) -> str:
        """Where the field stands, for messages."""
        return f"{self._path}.{key}" if self._path else key

    def inner(self, key: str) -> "Fields":
        """An object within this one. Raises Invalid when it is missing."""
        return Fields(self._found.get(key), self.path(key))

    def maybe(self, key: str) -> "Fields | None":
        """An object within this one; None when it is missing, null or something else."""
        value = self._found.get(key)
        return Fields(value, self.path(key)) if isinstance(value, dict) else None

    def each(self, key: str, most: int = 200) -> "list[Fields]":
        """The objects of a list within this one, none when it is missing; what is no object is left out."""
        value = self._found.get(key)
        if not isinstance(value, list):
            return []
        if len(value) > most:
            raise Invalid("field-too-long", f"{self.path(key)} holds more than {most}", self.path(key))
        return [
            Fields(one, f"{self.path(key)}[{index}]")
            for index, one in enumerate(value)
            if isinstance(one, dict)
        ]

    def name_of(self, key: str) -> str | None:
        """An id that platforms write as a number or as a text; as text, None when missing or blank."""
        value = self._found.get(key)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        return self.text(key)

    def flag(self, key: str) -> bool:
        """True only where it says true."""
        return self._found.get(key) is True

    def text(self, key: str, longest: int = 200) -> str | None:
        """A text without control characters, trimmed; None when missing, null or blank."""
        value = self._found.get(key)
        if value is None:
            return None
        if not isinstance(value, str):
            raise Invalid("field-unreadable", f"{self.path(key)} must be a text", self.path(key))
        return _clean(value, longest, self.path(key)) or None

    def required(self, key: str, longest: int = 200) -> str:
        """A text that must be there."""
        found = self.text(key, longest)
        if found is None:
            raise Invalid("field-missing", f"{self.path(key)} is missing", self.path(key))
        return found

    def words(self, key: str, most: int = 20) -> tuple[str, ...]:
        """A list of texts, at least one."""
        path, value = self.path(key), self._found.get(key)
        if not isinstance(value, list) or not value or len(value) > most:
            raise Invalid("field-missing", f"{path} must be a list of 1 to {most} texts", path)
        if not all(isinstance(word, str) and word.strip() for word in value):
            raise Invalid("field-unreadable", f"{path} must hold texts that are not empty", path)
        return tuple(_clean(word, 200, path) for word in value)

    def number(self, key: str) -> int | None:
        """A whole number from 0."""
        value = self._found.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            path = self.path(key)
            raise Invalid("field-unreadable", f"{path} must be a whole number from 0", path)
        return value

    def instant(self, key: str, zone: ZoneInfo | None = None) -> datetime | None:
        """A moment, in UTC. A time without an offset is read in `zone`; without one it is refused."""
        return self.moment(key, zone)[0]

    def moment(self, key: str, zone: ZoneInfo | None = None) -> tuple[datetime | None, bool]:
        """As `instant`, and whether clocks in the zone show the time twice. One they skip is refused."""
        found = self.text(key, 64)
        if found is None:
            return None, False
        path = self.path(key)
        try:
            if "T" not in found.upper() and " " not in found:
                raise ValueError  # a bare date would silently become midnight
            moment = datetime.fromisoformat(found)
        except ValueError:
            raise Invalid("time-unreadable", f"{path} is no ISO 8601 time", path) from None
        if moment.year not in YEARS:
            raise Invalid("date-out-of-range", f"{path} lies outside 1900 to 2199; check the year", path)
        if moment.tzinfo is None:
            if zone is None:
                raise Invalid(
                    "time-without-zone", f"{path} has no offset; add one, or an IANA `timezone`", path
                )
            return instant_of(moment, zone, path)
        return moment.astimezone(UTC), False


def soft(read: Callable[..., str | None], *asked: object) -> str | None:
    """What helps to recognise somebody. Unreadable is as good as missing: then a person is asked."""
    try:
        return read(*asked)
    except Invalid:
        return None


def answers(
    given: Iterable[tuple[str | None, str | None, Callable[[], str | None]]], mapped: Mapping[str, str]
) -> dict[str, str]:
    """Answers to a form's questions that clinic.toml maps, by meaning; the first of each counts.

    given: a question's id, its words, and what reads its answer, which is read for mapped ones only. mapped:
    id or words in any case -> meaning.
    """
    by_words = {words.casefold(): meaning for words, meaning in mapped.items()}
    found: dict[str, str] = {}
    for id, words, read in given:
        meaning = mapped.get(id or "") or by_words.get((words or "").casefold())
        if meaning is None:
            continue
        try:
            said = read()
        except Invalid:
            said = ""  # given and unreadable: nobody else's name may stand in for it
        if said is not None:
            found.setdefault(meaning, said)
    return found


def _clean(text: str, longest: int, path: str) -> str:
    trimmed = text.strip()
    if _CONTROL.search(trimmed):
        raise Invalid("field-unreadable", f"{path} holds control characters", path)
    if len(trimmed) > longest:
        raise Invalid("field-too-long", f"{path} is longer than {longest} characters", path)
    return trimmed
