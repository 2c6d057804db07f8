"""Tokens: the secret half of a feed's address. Whoever holds one reads the feed, and can do nothing else."""

import re
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from hashlib import sha256
from hmac import compare_digest, digest

from scheduler_app.domain.entries import Feed
from scheduler_app.errors import Invalid

KEY_BYTES = 32
_SHAPE = re.compile(r"[A-Za-z0-9_-]{43}")


def token(key: bytes, feed: Feed) -> str:
    """The feed's token under this key: all 256 bits of HMAC-SHA256(feed id, generation), base64url.

    The same every time, so that it can be printed again while nobody keeps it. Raises Invalid for a
    key too short to be one.
    """
    checked_key(key)
    # The length before the id keeps ("f1", 23) and ("f12", 3) apart.
    message = f"feed {len(feed.ref)} {feed.ref} {feed.generation}"
    return urlsafe_b64encode(digest(key, message.encode(), "sha256")).rstrip(b"=").decode()


def checked_key(key: bytes) -> bytes:
    """The key itself. Raises Invalid for one too short to be one."""
    if len(key) < KEY_BYTES:
        fault = f"a feed key has at least {KEY_BYTES} bytes; make one with a password generator"
        raise Invalid("feed-key-too-short", fault)
    return key


def stored_form(text: str) -> bytes:
    """What is kept of a token: its SHA-256, 32 bytes. Nobody gets from there back to the address."""
    return sha256(text.encode("ascii")).digest()


def well_formed(text: str) -> bool:
    """Whether it could be a token at all; everything else is answered without asking the database."""
    return _SHAPE.fullmatch(text) is not None


def printed_again(keys: Sequence[bytes], feed: Feed, stored: bytes) -> str | None:
    """The token whose stored form this is, whichever of our keys it was made with; None when no key fits.

    Keys rotate by putting a new one first: new tokens use it, addresses given out before go on
    working and can still be printed while their key is listed.
    """
    for key in keys:
        candidate = token(key, feed)
        if compare_digest(stored_form(candidate), stored):
            return candidate
    return None
