"""Telephone numbers of a whole book in one form, at little cost.

Reading a number by its country's plan takes longer than reading the title it stands in, and is needed
only where a number is written in several ways: with the country's code here, without it there.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

NormalPhone = Callable[[str], str | None]

_FEWEST, _SURE, _MOST = 7, 9, 15  # digits: E.164 allows fifteen; from nine on a number tells by itself
_ALIKE = 7  # last digits that every way of writing a number has in common
_FEWEST_DIFFERENT = 3  # "000 000 000" stands for no number


def plain_phone(written: str) -> str | None:
    """A number as it was written, without spaces and signs ("+447700900123"); None for what is none."""
    digits = "".join(letter for letter in written if letter.isdecimal())
    if not _FEWEST <= len(digits) <= _MOST or len(set(digits)) < _FEWEST_DIFFERENT:
        return None
    return "+" + digits if written.lstrip(" (").startswith("+") else digits


def in_one_form(plain: Iterable[str], normal_phone: NormalPhone) -> Mapping[str, str | None]:
    """For numbers of one book in plain writing, what identifies each; None for what cannot be a number.

    Two ways of writing one number have one form. normal_phone: E.164, or None.
    """
    alike: dict[str, set[str]] = defaultdict(set)
    for number in plain:
        alike[number[-_ALIKE:]].add(number)
    forms: dict[str, str | None] = {}
    for numbers in alike.values():
        for number in numbers:
            digits = number.lstrip("+")
            sure = number if len(digits) >= _SURE else None
            alone = len(numbers) == 1 and sure is not None
            forms[number] = number if alone else normal_phone(number) or sure
    return forms
