"""The part of a description that is ours: how it is written, and found again after Google changed it.

Google Calendar shows descriptions as HTML, and rewrites them when a person edits one: line ends become <br>,
spaces &nbsp;, parts are wrapped in <span>. So what we write is escaped, and what we look for may hold any
of that between its words. The closing marker says what the mark was (its kind, and the length and a hash of
the prefix before the title), so that a copy of the event that lost its properties still shows which words
are ours.
"""

import hashlib
import html
import re
from dataclasses import dataclass

_BREAK = r"(?:\r?\n|<br\s*/?>|</?p>|</?div>)"
_GAP = r"(?:\s|&nbsp;|&#160;|<[^<>]*>)*"
_OPEN = rf"⟦{_GAP}gap{_GAP}⟧"
_CLOSE = (
    rf"⟦{_GAP}/{_GAP}gap{_GAP}(?P<kind>[a-z]+){_GAP}(?P<length>\d{{1,3}}){_GAP}(?P<hash>[0-9a-f]{{8}}){_GAP}⟧"
)
_BLOCK = re.compile(rf"{_BREAK}{{0,2}}{_OPEN}(?P<text>[^⟦⟧]*){_CLOSE}")
_OPENING, _CLOSING = re.compile(_OPEN), re.compile(_CLOSE)
_TAG = re.compile(r"<[a-zA-Z/!][^<>]*>")
_LINE = re.compile(r"<br\s*/?>|</p>|</div>|</li>|</h[1-6]>", re.IGNORECASE)
_BRACKETS = str.maketrans("⟦⟧", "[]")
_BEFORE = "\n\n"


@dataclass(frozen=True, slots=True)
class Found:
    """What a block in a description says: the mark's kind and text, and how to know its prefix."""

    kind: str
    text: str
    length: int
    hash: str

    def prefix_of(self, title: str) -> str:
        """The first letters of the title, where they are the prefix that was written with this block."""
        first = title[: self.length]
        return first if first and _hash(first) == self.hash else ""


def joined(description: str, kind: str, prefix: str, text: str) -> str:
    """The person's description with our block after it; without a text there is no block."""
    if not text:
        return description
    before = _BEFORE if description else ""
    return f"{description}{before}{_written(kind, prefix, text)}"


def parted(description: str, text: str = "") -> tuple[str, Found | None]:
    """The description without our blocks, and what the first one says. text: what we know to have written.

    A block of which a person took one end away is no block any more, and what is left of it is taken out
    with the text that we know to be ours.
    """
    if "⟦" not in description:
        return description, None
    match = _BLOCK.search(description)
    if match is not None:
        found = Found(match["kind"], plain(match["text"]).strip(), int(match["length"]), match["hash"])
        return _BLOCK.sub("", description), found
    return (_without_remains(description, text) if text else description), None


def plain(description: str) -> str:
    """Words without the tags and entities that Google's editor puts between them."""
    if "<" in description:
        description = _TAG.sub("", _LINE.sub("\n", description))
    if "&" in description:
        description = html.unescape(description).replace("\xa0", " ")
    return description


def _written(kind: str, prefix: str, text: str) -> str:
    words = html.escape(text.translate(_BRACKETS), quote=False)
    return f"⟦gap⟧\n{words}\n⟦/gap {kind} {len(prefix)} {_hash(prefix)}⟧"


def _without_remains(description: str, text: str) -> str:
    words = re.escape(html.escape(text.translate(_BRACKETS), quote=False))
    for remains in (rf"{_BREAK}{{0,2}}{_OPEN}\s*{words}", rf"{words}\s*{_CLOSE}"):
        description = re.sub(remains, "", description)
    return _CLOSING.sub("", _OPENING.sub("", description))


def _hash(prefix: str) -> str:
    return hashlib.sha256(prefix.encode()).hexdigest()[:8]
