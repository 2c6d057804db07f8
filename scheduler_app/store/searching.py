"""How people are searched for: by part of a name, e-mail, phone or code."""

import unicodedata

from sqlalchemy import and_, or_, select
from sqlalchemy.sql.elements import ColumnElement

from scheduler_app.domain.identity import normal_code
from scheduler_app.store.tables import clients as c
from scheduler_app.store.tables import identifiers as i


def searchable(text: str) -> str:
    """As it is compared when people search: no accents, no capitals, single spaces."""
    bare = (char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    return " ".join("".join(bare).casefold().split())


def named(word: str) -> ColumnElement[bool]:
    """Those whose name holds the word, as `searchable` writes it."""
    return c.c.search.contains(word, autoescape=True)


def signed(text: str) -> ColumnElement[bool]:
    """An e-mail, phone or code that holds the text; phones however their digits are set apart."""
    said = [and_(i.c.kind == "email", i.c.value.contains(text.strip().lower(), autoescape=True))]
    if code := normal_code(text):
        said.append(and_(i.c.kind == "code", i.c.value.contains(code, autoescape=True)))
    digits = "".join(char for char in text if char.isdecimal()).lstrip("0")
    if len(digits) >= 3:
        said.append(and_(i.c.kind == "phone", i.c.value.contains(digits, autoescape=True)))
    return c.c.ref.in_(select(i.c.client).where(or_(*said)))
