"""Who a client is: clues from a source held against the people we know.

Stories never merge on a guess. A platform's own id or the clinic's client code identifies; an e-mail
address or a phone number only together with a compatible name, because couples and parents share them;
a name alone never does. Whatever remains is for a person to decide, with the candidates named. Which of a
client's appointments tell of one visit is decided beside it, in `visits`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter

from scheduler_app.domain.appointments import Clues
from scheduler_app.domain.names import compatible, is_name, name_key, name_keys
from scheduler_app.domain.quick import quickly_made
from scheduler_app.domain.visits import same_visits

__all__ = [
    "Identified",
    "Identity",
    "Known",
    "NewClient",
    "Unidentified",
    "compatible",
    "identify",
    "name_key",
    "name_keys",
    "normal_code",
    "normal_email",
    "same_visits",
]

# Why nobody could say who it is: the doubt under which a person is asked.
UNKNOWN = "client-unknown"  # no name and no contact that could tell
NAME_ONLY = "client-name-only"  # a bare name, whoever bears it
NAMELESS = "client-nameless"  # a contact or a new platform id without a name
SHARED_CONTACT = "client-shared-contact"  # the contact belongs to somebody of another name
SAME_NAME = "client-same-name"  # somebody of that name is known under other contacts
TWINS = "client-twins"  # two known clients fit
CONFLICT = "client-conflict"  # two certain signs name two people
REASONS = (UNKNOWN, NAME_ONLY, NAMELESS, SHARED_CONTACT, SAME_NAME, TWINS, CONFLICT)

_BY_REF = attrgetter("ref")
_EMAIL_LIMIT = 254  # RFC 5321, 4.5.3.1.3


@quickly_made
@dataclass(frozen=True, slots=True)
class Known:
    """A client as identification sees them. phones are E.164; platform_ids are the reporting source's own."""

    ref: str
    name: str
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    platform_ids: tuple[str, ...] = ()


@quickly_made
@dataclass(frozen=True, slots=True)
class Identified:
    """The clues can mean one known client only."""

    client: str


@dataclass(frozen=True, slots=True)
class NewClient:
    """A name with a contact, a platform id or a code, none of which anybody known shares."""


@dataclass(frozen=True, slots=True)
class Unidentified:
    """A person must decide. reason is one of REASONS; candidates are refs in order, perhaps none."""

    reason: str
    candidates: tuple[str, ...] = ()


Identity = Identified | NewClient | Unidentified


@lru_cache(maxsize=4096)
def normal_email(text: str | None) -> str | None:
    """The address in one spelling (lower case, without `mailto:` or angle brackets); None if it is none.

    Dots and plus-tags are kept: to RFC 5321 they are different mailboxes, and merging is the worse fault.
    """
    if not text:
        return None
    address = text.strip()
    if address.endswith(">") and "<" in address:
        address = address[address.rindex("<") + 1 : -1]
    address = address.strip().strip("\"'.,;<>()[]").lower().removeprefix("mailto:")
    local, at, domain = address.rpartition("@")
    broken = not (local and at and domain) or "@" in local or len(address) > _EMAIL_LIMIT
    return None if broken or not address.isprintable() or " " in address else address


def normal_code(text: str | None) -> str | None:
    """A client code in one spelling: letters and digits only, capitals ("#c-0123" is "C0123")."""
    if not text:
        return None
    code = "".join(char for char in text if char.isalnum()).upper()
    return code or None


def identify(clues: Clues, known: Iterable[Known]) -> Identity:
    """Decide whom the clues mean among `known`, whose order never matters.

    clues.phone is E.164, as in Known. A code beside a name that its owner does not bear is a conflict (a
    slip of one digit must not open somebody else's story); a platform vouches for its own ids whatever
    the name. Somebody of the same name under other contacts stops a new client from being made, since
    their history might be hidden by it.
    """
    people = [*known]
    if len(people) > 1:
        people.sort(key=_BY_REF)
    certain = _certain(clues, people)
    if certain is not None:
        return certain
    email = normal_email(clues.email)
    sharing = [person for person in people if _shares(person, email, clues.phone)]
    if not clues.name or not is_name(clues.name):
        has_sign = bool(email or clues.phone or clues.platform_id or clues.code)
        return Unidentified(NAMELESS if has_sign else UNKNOWN, _refs(sharing))
    return _by_name(clues, clues.name, people, sharing, email)


def _certain(clues: Clues, people: Sequence[Known]) -> Identity | None:
    """The answer of platform id and client code, or None where neither is known."""
    code = normal_code(clues.code)
    if not (code or clues.platform_id):
        return None
    by_platform = [p for p in people if clues.platform_id and clues.platform_id in p.platform_ids]
    by_code = [p for p in people if code and code in map(normal_code, p.codes)]
    owners = _refs((*by_platform, *by_code))
    if not owners:
        return None
    if len(owners) > 1:
        return Unidentified(CONFLICT, owners)
    if not by_platform and clues.name and not any(compatible(clues.name, p.name) for p in by_code):
        return Unidentified(CONFLICT, owners)
    return Identified(owners[0])


def _by_name(
    clues: Clues, name: str, people: Sequence[Known], sharing: Sequence[Known], email: str | None
) -> Identity:
    # what is written alike need not be taken apart: `identify` knows it to be a name
    named = [person for person in sharing if person.name == name or compatible(name, person.name)]
    if len(named) == 1:
        return Identified(named[0].ref)
    if refs := _refs(named):
        return Identified(refs[0]) if len(refs) == 1 else Unidentified(TWINS, refs)
    if sharing:
        return Unidentified(SHARED_CONTACT, _refs(sharing))
    namesakes = [person for person in people if compatible(name, person.name)]
    if not (email or clues.phone or clues.platform_id or clues.code):
        return Unidentified(NAME_ONLY, _refs(namesakes))
    return Unidentified(SAME_NAME, _refs(namesakes)) if namesakes else NewClient()


def _shares(person: Known, email: str | None, phone: str | None) -> bool:
    by_email = email is not None and email in map(normal_email, person.emails)
    return by_email or bool(phone and phone in person.phones)


def _refs(people: Iterable[Known]) -> tuple[str, ...]:
    return tuple(sorted({person.ref for person in people}))
