"""How far a calendar was read, as opaque text: cursors and pages. Pure.

A sync token holds only for the query it came from, so a cursor names the version of ours: when that changes,
old cursors expire and everything is read again. It says too whether the calendar could be read only: events
that did not change are not told of again, and whether we may write on them did change. Source:
https://developers.google.com/workspace/calendar/api/guides/sync
"""

from datetime import UTC, datetime

from scheduler_app.errors import Expired

VERSION = "g1"
_READ_ONLY = "r"


def cursor_for(sync_token: str, size: int, *, writable: bool = True) -> str:
    """The cursor that goes on from a sync token of pages of so many events."""
    return f"{VERSION}.{size}{'' if writable else _READ_ONLY}.{sync_token}"


def sync_token_in(cursor: str, size: int) -> tuple[str, bool]:
    """The sync token in a cursor, and whether the calendar was writable. Raises Expired for one that is not
    of this query's."""
    version, held, token = (*cursor.split(".", 2), "", "")[:3]
    if version != VERSION or held.removesuffix(_READ_ONLY) != str(size) or not token:
        raise Expired("this cursor is of another way of reading: read the calendar again from the start")
    return token, not held.endswith(_READ_ONLY)


def page_for(page_token: str, since: datetime | None) -> str:
    """The page after this one; since: from when a full reading reads."""
    return f"{int(since.timestamp()) if since else ''}.{page_token}"


def page_in(page: str) -> tuple[str, datetime | None]:
    """The page token in it, and since when is read. Raises Expired for what is no page of ours."""
    since, dot, token = page.partition(".")
    if not dot or not token or (since and not since.isdecimal()) or len(since) > 11:
        raise Expired("this page is of another way of reading: read the calendar again from the start")
    return token, datetime.fromtimestamp(int(since), UTC) if since else None


def moment(at: datetime) -> str:
    """RFC 3339 in UTC, as the API wants it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
