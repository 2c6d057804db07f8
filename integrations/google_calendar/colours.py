"""Google's eleven event colours, and the words for a colour that a clinic may write.

Source: the Colors resource; its names are the ones that Google Calendar shows. They are written down here
because reading them takes a wider permission than changing events does.
"""

import re

from scheduler_app.errors import Invalid

NAMES = {
    "1": "Lavender",
    "2": "Sage",
    "3": "Grape",
    "4": "Flamingo",
    "5": "Banana",
    "6": "Tangerine",
    "7": "Peacock",
    "8": "Graphite",
    "9": "Blueberry",
    "10": "Basil",
    "11": "Tomato",
}
_BY_NAME = {name.lower(): id for id, name in NAMES.items()} | {"gray": "8", "grey": "8"}
_LABEL = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def colour_id(word: str) -> str:
    """The id of a colour, by its number or name; "" for a word that is none."""
    word = word.strip()
    return word if word in NAMES else _BY_NAME.get(word.lower(), "")


def label_id(word: str) -> str:
    """The word itself where it is the id of an event label, else ""."""
    word = word.strip()
    return word if _LABEL.fullmatch(word) else ""


def check_colour(word: str, path: str) -> None:
    """Raise Invalid unless word is nothing, a colour or an event label."""
    if word and not colour_id(word) and not label_id(word):
        cure = f"write one of {', '.join(NAMES.values())}, or the id of an event label"
        raise Invalid("colour-unknown", f"Google Calendar has no such colour: {cure}", path)
