"""Signatures of webhooks, checked as pure functions over the raw bytes and our own clock.

Standard Webhooks 1.0.0 (github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md):
HMAC-SHA256 over "{webhook-id}.{webhook-timestamp}.{body}" with the base64-decoded secret.
"""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from scheduler_app.errors import Denied, Invalid

TOLERANCE = 300.0  # seconds, either way
MOST_SIGNATURES = 16  # more in one header is nobody's rotation
LONGEST_ID = 255

_PREFIX = "whsec_"
_SECONDS = re.compile(r"[0-9]{1,12}")
_ID = re.compile(r"[\x21-\x7e]+")


def read_secret(text: str, path: str = "secret") -> bytes:
    """The key in "whsec_<base64>": 24 to 64 bytes (Standard Webhooks, "Signature scheme").

    Raises Invalid naming `path`; the secret itself is never in the message.
    """
    encoded = text.strip().removeprefix(_PREFIX)
    try:
        key = base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise Invalid(
            "secret-unreadable", f"{path} is no base64; copy it whole, beginning with whsec_", path
        ) from None
    if not 24 <= len(key) <= 64:
        raise Invalid("secret-length", f"{path} holds {len(key)} bytes; it must hold 24 to 64", path)
    return key


def verify_standard_webhook(
    keys: Sequence[bytes], headers: Mapping[str, str], body: bytes, now: datetime
) -> str:
    """The webhook-id of a request that one of the keys has signed within five minutes of `now`.

    Several keys serve rotation, as several signatures in the header do. Raises Denied otherwise.
    """
    given = {name.lower(): value for name, value in headers.items()}
    message_id = given.get("webhook-id", "")
    stamp = given.get("webhook-timestamp", "")
    if not _ID.fullmatch(message_id) or len(message_id) > LONGEST_ID:
        raise Denied("the webhook-id header is missing or unreadable")
    if not _SECONDS.fullmatch(stamp):
        raise Denied("the webhook-timestamp header is missing or unreadable")
    if not keys:
        raise Denied("no secret is set for this sender")
    if not _signed(keys, f"{message_id}.{stamp}.".encode() + body, given.get("webhook-signature", "")):
        raise Denied("no signature matches")
    if abs(now.timestamp() - int(stamp)) > TOLERANCE:
        raise Denied("signed more than five minutes from now; check both clocks")
    return message_id


def signed(keys: Sequence[bytes], message: bytes, given: bytes) -> bool:
    """Whether given is the HMAC-SHA256 of the message under one of the keys; several serve rotation.

    No early exit: how long this takes tells nothing about which key, or how much of it, matched. An empty
    key signs nothing.
    """
    found = False
    for key in keys:
        expected = hmac.digest(key, message, hashlib.sha256)
        found |= bool(key) and hmac.compare_digest(expected, given)
    return found


def known_secret(secrets: Sequence[str], given: str) -> bool:
    """Whether given is one of the secrets, in constant time: for senders that cannot sign."""
    shown = given.encode("utf-8", "surrogateescape")
    found = False
    for secret in secrets:
        found |= bool(secret) and hmac.compare_digest(secret.encode(), shown)
    return found


def header(headers: Mapping[str, str], name: str) -> str:
    """A header whatever the case of its name; "" where it is missing."""
    return next((value for key, value in headers.items() if key.lower() == name), "")


def _signed(keys: Sequence[bytes], message: bytes, header: str) -> bool:
    expected = [hmac.digest(key, message, hashlib.sha256) for key in keys]
    found = False
    for entry in header.split()[:MOST_SIGNATURES]:
        version, _, encoded = entry.partition(",")
        if version != "v1":
            continue
        try:
            signature = base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError):
            continue
        for known in expected:  # no early exit: how long this takes must not depend on what matches
            found |= hmac.compare_digest(signature, known)
    return found
