"""Who may do what: accounts, their tokens, and the roles a calendar gives them."""

from dataclasses import dataclass, field
from datetime import datetime

from tests.google_double.refusals import Refused, unknown

ROLES = ("none", "freeBusyReader", "reader", "writerWithoutPrivateAccess", "writer", "owner")


@dataclass(slots=True)
class Account:
    """A person or a service account."""

    name: str
    email: str
    service: bool = False
    delegated: bool = False  # may act for others of its domain
    revoked: bool = False
    public_key: bytes | None = None  # of a service account's file, PEM
    acts_for: str | None = None  # the service account that was let in instead of the person


@dataclass(slots=True)
class Grant:
    """What one access token opens: an account, some scopes (None: all), until a moment (None: for ever)."""

    account: Account
    scopes: frozenset[str] | None = None
    until: datetime | None = None


@dataclass(slots=True)
class Accounts:
    """Everybody, and the tokens given out."""

    by_name: dict[str, Account] = field(default_factory=dict)
    grants: dict[str, Grant] = field(default_factory=dict)
    refreshing: dict[str, tuple[str, frozenset[str]]] = field(default_factory=dict)  # token: name, scopes
    codes: dict[str, tuple[str, frozenset[str], str]] = field(default_factory=dict)  # and the challenge
    counted: int = 0

    def add(self, account: Account, token: str | None) -> Account:
        """One more; a fixed token never expires."""
        self.by_name[account.name] = account
        if token is not None:
            self.grants[token] = Grant(account)
        return account

    def named(self, name: str) -> Account:
        """By name or by e-mail."""
        for account in self.by_name.values():
            if name in (account.name, account.email):
                return account
        raise KeyError(name)

    def bearer(self, header: str, now: datetime) -> Grant:
        """Raises Refused(401) for a token that opens nothing (any more)."""
        grant = self.grants.get(header.removeprefix("Bearer "))
        if grant is None or grant.account.revoked or (grant.until is not None and grant.until <= now):
            raise Refused(401, "authError", location="Authorization")
        return grant

    def fresh(self, kind: str) -> str:
        """A token nobody had before."""
        self.counted += 1
        return f"{kind}-{self.counted}-not-a-secret"


def role_of(account: Account, acl: dict[str, str], public: str = "none") -> str:
    """The role a calendar gives an account."""
    return acl.get(account.email, public)


def demand(role: str, least: str) -> None:
    """Raises Refused: 404 for who may not even know it, 403 for who may do less than that."""
    if role == "none":
        raise unknown()
    if ROLES.index(role) < ROLES.index(least):
        raise Refused(403, "requiredAccessLevel", f"You need to have {least} access to this calendar.")
