"""Telephone numbers and e-mail addresses in the one form clients are recognised by."""

import re
import unicodedata

import phonenumbers

_EMAIL = re.compile(r"[^@\s\x00-\x1f,;<>\"]{1,64}@[^@\s\x00-\x1f,;<>\"]{1,190}\.[^@\s\x00-\x1f,;<>\"]{2,63}")


def normal_phone(text: str, country: str) -> str | None:
    """E.164 ("+442079460018"), numbers without a country code read as `country`'s (ISO 3166).

    None for what is no possible number: nobody is recognised by that.
    """
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    if number.extension or not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def normal_email(text: str) -> str | None:
    """Lower case, composed (NFC). None for what is no address."""
    address = unicodedata.normalize("NFC", text.strip()).lower()
    return address if _EMAIL.fullmatch(address) else None
