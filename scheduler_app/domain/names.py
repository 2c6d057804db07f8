"""People's names: whether two spellings can mean one person.

Strictness is chosen for identification: `compatible` is only ever asked beside a shared contact, a code or
to find namesakes, and where it cannot tell it says no, so that a person is asked.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from scheduler_app.domain.nicknames import LONG_FORMS
from scheduler_app.domain.words import WORD, fold, tidy

# Titles that are no names; "Sr" is one only in front, "MD" only behind (Md is short for Mohammed).
_TITLES = frozenset(
    "mr mrs ms miss mx dr doctor prof professor sir rev madam herr frau sra srta mme mlle monsieur madame "
    "sig signora phd mbe obe bsc".split()
)
_FORMS_OF_ADDRESS = {
    "mr": "he", "sir": "he", "herr": "he", "monsieur": "he",
    "mrs": "she", "ms": "she", "miss": "she", "frau": "she", "sra": "she", "srta": "she",
    "mme": "she", "mlle": "she", "madame": "she", "signora": "she",
}  # fmt: skip
_GENERATIONS = {
    "jr": "junior", "jnr": "junior", "junior": "junior", "sr": "senior", "snr": "senior", "senior": "senior",
    "ii": "second", "iii": "third", "iv": "fourth",
}  # fmt: skip
# "Mary's daughter" is not Mary.
_KIN = frozenset(
    {"daughter", "son", "mum", "mom", "mother", "father", "dad", "husband", "wife", "partner", "friend"}
    | {"sister", "brother", "guest", "of", "for", "tochter", "sohn", "mutter", "vater", "hija", "hijo"}
    | {"madre", "padre", "fille", "fils", "mere", "pere"}
)
_LINKS = frozenset({"of", "for"})
_KIN_ALONE = _KIN - _LINKS
_JOINS = frozenset({"and", "und", "et", "plus"})
_SIGNS = frozenset("&+/")
_UMLAUTS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe"}
)
_PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe"})
_APOSTROPHES = re.compile("['’`´]")
_ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\"[^\"]*\"|“[^”]*”")
_LONGEST = 200  # characters; a longer "name" is a note
_NONE: frozenset[str] = frozenset()
_LOOSE = "~"  # begins the key of a name that says too little to be found by two words
_IDEOGRAPHS = "\u2e80"  # from here on scripts write a whole name in one letter


class _Name(NamedTuple):
    """A name taken apart: words in order, given names first; each word in every spelling it may have."""

    words: tuple[frozenset[str], ...] = ()
    generation: str = ""
    kin: frozenset[str] = frozenset()
    address: str = ""


@lru_cache(maxsize=4096)
def compatible(name_a: str, name_b: str) -> bool:
    """Whether both can be one person's name. Symmetric; an empty name fits nothing, itself included.

    Titles, accents, case and order ("Smith, Anna", "SMITH Anna") do not matter. Initials fit what they
    begin, known short forms fit their long form, missing middle names and one half of a double-barrelled
    surname fit, but one word must be the same on both sides: "A. S." fits nobody. Junior is not senior,
    Mr is not Mrs, and "Mary's daughter" is not Mary.
    """
    if name_a == name_b:
        return is_name(name_a)
    one, two = _read(name_a), _read(name_b)
    if not one.words or not two.words or (one.generation, one.kin) != (two.generation, two.kin):
        return False
    if one.address and two.address and one.address != two.address:
        return False
    if _run_together(one) & _run_together(two):
        return True
    short, long = sorted((one.words, two.words), key=len)
    if len(short) == len(long):
        return _fit(short, long) or _same_in_other_order(short, long)
    return _fit(short, long)


@lru_cache(maxsize=8192)
def is_name(text: str) -> bool:
    """Whether it can be somebody's name at all: whatever can is compatible with itself."""
    return bool(_read(text).words)


@lru_cache(maxsize=2048)
def words_apart(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Words that make a name another person's, as written: of kinship ("daughter"), of generation ("jr")."""
    words = WORD.findall(_APOSTROPHES.sub(" ", text))
    kin = tuple(word for word in words if fold(word) in _KIN_ALONE)
    return kin, tuple(word for word in words[1:] if fold(word) in _GENERATIONS)


def sets_apart(word: str) -> bool:
    """Whether a word (folded) can be one of `words_apart`."""
    return word in _KIN_ALONE or word in _GENERATIONS


def name_key(name: str) -> str:
    """One key for spellings that differ only in case, accents, titles, punctuation and order; "" for none."""
    parsed = _read(name)
    words = sorted(min(word, key=lambda spelling: (len(spelling), spelling)) for word in parsed.words)
    return " ".join([*words, parsed.generation] if parsed.generation else words)


def name_keys(name: str) -> frozenset[str]:
    """Keys to find namesakes by: names that are compatible share at least one (the reverse need not hold)."""
    return _keys(name)[0]


def kept_keys(name: str) -> frozenset[str]:
    """Keys under which to keep a name, so that `sought_keys` of every compatible name holds one of them.

    A whole name is found by two words of it: half a town is called Anna or Smith. One of a single word,
    or with initials, is found by any.
    """
    return _keys(name)[1]


def sought_keys(name: str) -> frozenset[str]:
    """Keys by which to look for namesakes; see `kept_keys`."""
    return _keys(name)[2]


@lru_cache(maxsize=2048)
def _keys(name: str) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """All keys of a name: its single words, those it is kept under, those it is sought by."""
    parsed = _read(name)
    together = _run_together(parsed)
    single = together.union(*(word | _formal(word) for word in parsed.words if not _initial(word)))
    loose = frozenset([_LOOSE + key for key in single])
    if not _whole(parsed):
        return single, single | loose, single
    pairs = _pairs(parsed)
    return single, single | pairs, pairs | together | loose


def _whole(name: _Name) -> bool:
    return len(name.words) > 1 and not any(_initial(word) for word in name.words)


def _pairs(name: _Name) -> frozenset[str]:
    """The first word with each other one. Names that agree in order share one, and so do names turned round:
    there the one's first word is some word of the other, and the other's first some word of the one."""
    first, *others = ((word | _formal(word)) for word in name.words)
    return frozenset(" ".join(sorted((a, b))) for other in others for a in first for b in other)


@lru_cache(maxsize=2048)
def _read(name: str) -> _Name:
    if len(name) > _LONGEST or "@" in name:
        return _Name()
    text, asides = _without_asides(tidy(name))
    last, comma, first = text.partition(",")
    if comma and first.strip():
        text = f"{first} {last}"
    words = WORD.findall(_APOSTROPHES.sub("", text))
    plain = [fold(word) for word in words]
    if not _SIGNS.isdisjoint(text) or not _JOINS.isdisjoint(plain):
        return _Name()
    generation = next((_GENERATIONS[w] for w in plain[1:] if w in _GENERATIONS), "")
    kept = tuple(_spellings(word) for place, word in enumerate(words) if _belongs(plain, place))
    kin = _KIN.intersection(plain + asides)
    address = next((_FORMS_OF_ADDRESS[w] for w in plain if w in _FORMS_OF_ADDRESS), "")
    return _Name(kept, generation, kin, address) if any(not _initial(word) for word in kept) else _Name()


def _belongs(plain: list[str], place: int) -> bool:
    word = plain[place]
    if place == 0 and word == "sr":
        return False
    if place == len(plain) - 1 and word == "md" and place:
        return False
    return word not in _TITLES and (place == 0 or word not in _GENERATIONS)


def _without_asides(text: str) -> tuple[str, list[str]]:
    """The name without what stands in brackets or quotes (a pet name, a note), and the words of that."""
    asides = [fold(word) for aside in _ASIDE.findall(text) for word in WORD.findall(aside)]
    return _ASIDE.sub(" ", text), asides


@lru_cache(maxsize=4096)
def _spellings(word: str) -> frozenset[str]:
    """Without accents, and with German and Nordic letters written out ("Müller": muller, mueller)."""
    return frozenset({fold(word).translate(_PLAIN), fold(word.casefold().translate(_UMLAUTS))})


@lru_cache(maxsize=4096)
def _initial(word: frozenset[str]) -> bool:
    return any([len(w) == 1 and w < _IDEOGRAPHS for w in word])


@lru_cache(maxsize=4096)
def _formal(word: frozenset[str]) -> frozenset[str]:
    forms = [LONG_FORMS[w] for w in word if w in LONG_FORMS]
    return frozenset().union(*forms) if forms else _NONE


def _same(one: frozenset[str], two: frozenset[str]) -> bool:
    """Equal in some spelling, or a short form of the same name; never by an initial."""
    if _initial(one) or _initial(two):
        return False
    return bool(one & two) or bool(_formal(one) & _formal(two))


def _agree(one: frozenset[str], two: frozenset[str]) -> bool:
    if _initial(one) or _initial(two):
        return bool({w[0] for w in one} & {w[0] for w in two})
    return _same(one, two)


def _fit(short: tuple[frozenset[str], ...], long: tuple[frozenset[str], ...]) -> bool:
    """Whether the first words agree, the rest of the shorter follows in order, and one word is the same."""
    if not _agree(short[0], long[0]):
        return False
    sure = _same(short[0], long[0])
    place = 1
    for word in short[1:]:
        while place < len(long) and not _agree(word, long[place]):
            place += 1
        if place == len(long):
            return False
        sure = sure or _same(word, long[place])
        place += 1
    return sure


def _same_in_other_order(one: tuple[frozenset[str], ...], two: tuple[frozenset[str], ...]) -> bool:
    """Surname first without a comma: the same full words, only turned round."""
    turns = (two[turn:] + two[:turn] for turn in range(1, len(two)))
    return any(all(_same(a, b) for a, b in zip(one, turned, strict=True)) for turned in turns)


def _run_together(name: _Name) -> frozenset[str]:
    """The whole name without spaces, for "Anne-Marie" and "Annemarie", "de la Cruz" and "Delacruz"."""
    if any(_initial(word) for word in name.words):
        return frozenset()
    return frozenset({"".join(map(min, name.words)), "".join(map(max, name.words))} - {""})
