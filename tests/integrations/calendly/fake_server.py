"""Calendly over real HTTP on this machine: its headers, errors and limits around an account."""

from typing import Any

from tests.integrations.calendly.account import Account, refusal
from tests.integrations.vendor_server import Answered, Asked, Vendor

KEY = "a-token-of-the-tests"
BUSY = "Too many requests"


class Calendly(Vendor):
    """An account, and who may ask it."""

    def __init__(self, account: Account) -> None:
        super().__init__()
        self.account = account

    def refused(self, asked: Asked) -> Answered | None:
        if self.open and asked.headers.get("authorization") == f"Bearer {KEY}":
            return None
        return refusal(401, "Unauthenticated", "The access token is invalid")

    def answered(self, asked: Asked) -> Answered:
        return self.account.answer(asked.method, asked.path, asked.query, asked.body, asked.kind)

    def failing(self, status: int) -> Any:
        return refusal(status, "Error", BUSY)[1]

    def headers(self, wait: int | None) -> dict[str, str]:
        reset = {} if wait is None else {"X-RateLimit-Reset": str(wait)}
        return {"X-RateLimit-Limit": "500", **reset, **super().headers(wait)}
