"""Other people's text, made harmless for a screen. A title may hold anything a stranger could type."""

import re
import unicodedata

# Line and paragraph ends, terminal escapes and other controls; what turns the direction of writing round.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_TURNS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_NOT_TEXT = re.compile("[\ud800-\udfff\ufffe\uffff]")
_PLAIN = str.maketrans(
    {
        "\u2018": "'",
        "\u2019": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u2013": "-",
        "\u2014": "-",
        "\u2026": "...",
        "\u00a0": " ",
        "\u00b7": "-",
        "\u00df": "ss",
        "\u00e6": "ae",
        "\u00f8": "o",
        "\u0142": "l",
    }
)


def visible(text: str) -> str:
    """The text without controls and turns of direction; what is no text becomes a question mark."""
    return _NOT_TEXT.sub("?", _TURNS.sub("", _CONTROL.sub(" ", text)))


def ascii_only(text: str) -> str:
    """For screens that can show nothing else: accents fall away, the rest becomes a question mark."""
    letters = unicodedata.normalize("NFKD", text.translate(_PLAIN))
    return "".join(
        letter if letter.isascii() else "?" for letter in letters if not unicodedata.combining(letter)
    )
