"""Telephone numbers as people write them, in the one form every edge hands them in."""

import phonenumbers


def normal_phone(text: str | None, country: str) -> str | None:
    """E.164 ("+442079460018"); a number without a country code is read as `country`'s (ISO 3166).

    None for what is no valid number: nobody is recognised by that.
    """
    if not text:
        return None
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    if number.extension or not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
