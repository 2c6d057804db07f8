"""Contacts, client codes and labelled lines in what people type. All found in time linear to the text."""

import html
import re
from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import NamedTuple

from scheduler_app.domain.words import WORD, fold, phrase, tidy

# A local part is at most 64 characters, a domain at most 253 (RFC 5321, 4.5.3.1); bounded, so that a page of
# letters costs no more than its length.
_LOCAL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~\-]{1,64}\Z")
_DOMAIN = re.compile(r"(?:[^\W_](?:[\w\-]{0,61}[^\W_])?\.){1,8}[^\W\d_]{2,24}")
_DATE = r"(?!\d{1,4}[./\-]\d{1,2}[./\-]\d{1,4}(?!\d))"
_PHONE = re.compile(
    rf"(?<![\w./\-]){_DATE}"
    r"(?:(?:\+ ?\(?\d|\(?0|\(\d)[\d \t().\-/]{6,22}\d"  # +44 (0)7700 900123, 030/1234567, (555) 123-4567
    r"|\d{3}[ .\-]\d{3}[ .\-]\d{4}"  # 555-123-4567
    r"|\d{9,15})(?![\w@])"
)
_DIGIT = re.compile(r"\d")
_DIGITS_IN_PHONE = range(7, 16)  # E.164 allows fifteen
_TAG = re.compile(r"<[^<>]{0,2000}>")
_LINE_TAG = re.compile(r"<(?:br|p|/p|div|/div|li|/li|tr|/tr)\b[^<>]{0,200}>", re.IGNORECASE)
_LONGEST_LABEL = 40  # characters
TAKEN = " 0:0 "  # stands where a contact stood; read as a time of day, which nobody takes for a word


class Contacts(NamedTuple):
    """What was found, as it was written, and the text without it."""

    text: str
    email: str | None = None
    phone: str | None = None
    code: str | None = None


class ContactFinder:
    """Finds contacts; knows how this clinic writes its client codes and which contacts are its own."""

    def __init__(self, client_codes: Iterable[str], own_contacts: Iterable[str]) -> None:
        starts = sorted(map(tidy, client_codes), key=len, reverse=True)
        either = "|".join(re.escape(start) for start in starts if start)
        self._code = re.compile(rf"(?<!\w)(?:{either})\d{{3,12}}(?!\w)", re.IGNORECASE) if either else None
        self._own = {_bare(contact) for contact in own_contacts}

    def find(self, text: str) -> Contacts:
        """The first e-mail address, phone number and client code in a tidy text that are not the clinic's."""
        email = phone = code = None
        if _DIGIT.search(text):
            text, phone = self._take_phones(text)
            found = self._code.search(text) if self._code else None
            if found:
                code = found[0]
                text = text[: found.start()] + TAKEN + text[found.end() :]
        if "@" in text:
            text, email = self._take_emails(text)
        return Contacts(text, email, phone, code)

    def _take_emails(self, text: str) -> tuple[str, str | None]:
        first = None
        parts: list[str] = []
        rest = 0
        at = text.find("@")
        while at >= 0:
            local = _LOCAL.search(text, max(rest, at - 64), at)
            domain = _DOMAIN.match(text, at + 1)
            if local and domain:
                address = local[0] + "@" + domain[0]
                if first is None and _bare(address) not in self._own:
                    first = address
                parts += (text[rest : local.start()], TAKEN)
                rest = domain.end()
            at = text.find("@", max(rest, at + 1))
        return "".join(parts) + text[rest:], first

    def _take_phones(self, text: str) -> tuple[str, str | None]:
        first: str | None = None

        def take(match: re.Match[str]) -> str:
            nonlocal first
            digits = sum(char.isdigit() for char in match[0])
            if digits not in _DIGITS_IN_PHONE:
                return match[0]
            if first is None and _bare(match[0]) not in self._own:
                first = match[0].strip()
            return TAKEN

        return _PHONE.sub(take, text), first


def plain(description: str) -> str:
    """A description as text: calendars in the browser write HTML into it (Google's reference says so)."""
    if "<" in description:
        description = _TAG.sub("", _LINE_TAG.sub("\n", description))
    return html.unescape(description) if "&" in description else description


def labelled(lines: Iterable[str], labels: Collection[tuple[str, ...]]) -> list[str]:
    """What follows the labels ("Service: Botox"), on the label's line or, where that is empty, the next.

    A label of several words needs no colon when it has a line to itself ("Booked by").
    """
    starts = _starts(frozenset(labels))
    values: list[str] = []
    waiting = False
    for line in lines:
        line = line.strip()
        if not line:
            continue
        if waiting:
            values.append(line)
            waiting = False
            continue
        label, colon, value = line[:_LONGEST_LABEL].partition(":")
        first = WORD.search(label)
        if first is not None and fold(first[0]) not in starts:
            continue
        words = phrase(label)
        if words in labels and (colon or len(words) > 1):
            value = line[len(label) + 1 :].strip()
            waiting = not value
            if value:
                values.append(value)
    return values


@lru_cache(maxsize=64)
def _starts(labels: frozenset[tuple[str, ...]]) -> frozenset[str]:
    """The first word of each label: most lines of a description begin with none of them."""
    return frozenset(word for label in labels for word in label[:1])


def _bare(contact: str) -> str:
    if "@" in contact:
        return contact.strip().lower()
    return "".join(char for char in contact if char.isdigit())
