"""A refusal in Google's own words: status, reason and the body the real client reads.

Source: developers.google.com/workspace/calendar/api/guides/errors.
"""

from typing import Any

Json = dict[str, Any]

_DOMAINS = {
    "rateLimitExceeded": "usageLimits",
    "userRateLimitExceeded": "usageLimits",
    "quotaExceeded": "usageLimits",
    "forbiddenForServiceAccounts": "calendar",
    "forbiddenForNonOrganizer": "calendar",
    "channelIdNotUnique": "global",
}
_WORDS = {
    "authError": "Invalid Credentials",
    "backendError": "Backend Error",
    "conditionNotMet": "Precondition Failed",
    "deleted": "Resource has been deleted",
    "duplicate": "The requested identifier already exists.",
    "forbidden": "Forbidden",
    "forbiddenForNonOrganizer": "Shared properties can only be changed by the organizer of the event.",
    "forbiddenForServiceAccounts": "Service accounts cannot invite attendees without Domain-Wide "
    "Delegation of Authority.",
    "fullSyncRequired": "Sync token is no longer valid, a full sync is required.",
    "insufficientPermissions": "Request had insufficient authentication scopes.",
    "notFound": "Not Found",
    "quotaExceeded": "Calendar usage limits exceeded.",
    "rateLimitExceeded": "Rate Limit Exceeded",
    "requiredAccessLevel": "You need to have writer access to this calendar.",
    "timeRangeEmpty": "The specified time range is empty.",
    "userRateLimitExceeded": "User Rate Limit Exceeded",
    "channelIdNotUnique": "Channel id not unique",
}


class Refused(Exception):
    """The double says no, as Google would."""

    def __init__(self, status: int, reason: str, message: str = "", location: str = "") -> None:
        super().__init__(f"{status} {reason} {message or _WORDS.get(reason, '')}".strip())
        self.status, self.reason = status, reason
        self.message = message or _WORDS.get(reason, reason)
        self.location = location

    def body(self) -> Json:
        """The error document: {"error": {"errors": [...], "code", "message"}}."""
        one = {
            "domain": _DOMAINS.get(self.reason, "global"),
            "reason": self.reason,
            "message": self.message,
        }
        if self.location:
            kind = (
                "header" if self.location in ("If-Match", "If-None-Match", "Authorization") else "parameter"
            )
            one |= {"locationType": kind, "location": self.location}
        return {"error": {"errors": [one], "code": self.status, "message": self.message}}


def invalid(what: str, location: str = "") -> Refused:
    """400 invalid."""
    return Refused(400, "invalid", what, location)


def unknown() -> Refused:
    """404 notFound."""
    return Refused(404, "notFound")
