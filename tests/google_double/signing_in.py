"""Google's sign-in as the client libraries meet it: /o/oauth2/auth and /token."""

from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask, Response, redirect, request
from google.auth import jwt as untyped_jwt

from tests.google_double.accounts import Account, Grant
from tests.google_double.refusals import Json
from tests.google_double.state import State, encode

AUDIENCE = "https://oauth2.googleapis.com/token"
CLIENT = "double.apps.googleusercontent.com"
CLIENT_SECRET = "double-client-secret"
_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"


jwt: Any = untyped_jwt


class Denied(Exception):
    """RFC 6749 5.2: what the token endpoint says instead."""

    def __init__(self, error: str, words: str, status: int = 400) -> None:
        super().__init__(error)
        self.error, self.words, self.status = error, words, status


@dataclass(slots=True)
class SigningIn:
    """The two addresses; `refuse` makes the token endpoint answer only that error."""

    state: State
    address: str = ""
    refuse: str | None = None  # such as "invalid_grant"
    consents: str = "anna"  # who sits at the browser
    consent_denied: bool = False
    life: timedelta = timedelta(hours=1)
    issued: list[str] = field(default_factory=list)  # the grant types that gave a token

    def forget(self) -> None:
        """As after a start."""
        self.refuse, self.consents, self.consent_denied = None, "anna", False
        self.life = timedelta(hours=1)
        self.issued.clear()

    def mount(self, app: Flask) -> None:
        """Both addresses."""
        app.add_url_rule("/o/oauth2/auth", "authorize", self.authorize, methods=["GET"])
        app.add_url_rule("/token", "token", self.token, methods=["POST"])

    def service_account_file(self, name: str = "robot", delegated: bool = False) -> Json:
        """What the console lets one download for a service account, with this double's token address."""
        account = self.state.accounts.named(name)
        private, account.public_key = _keys()
        account.delegated = delegated
        return {
            "type": "service_account",
            "project_id": "project",
            "private_key_id": "key-1",
            "private_key": private.decode(),
            "client_email": account.email,
            "client_id": "100000000000000000001",
            "token_uri": f"{self.address}/token",
        }

    def client_file(self) -> Json:
        """What the console lets one download for a desktop client."""
        return {
            "installed": {
                "client_id": CLIENT,
                "client_secret": CLIENT_SECRET,
                "auth_uri": f"{self.address}/o/oauth2/auth",
                "token_uri": f"{self.address}/token",
                "redirect_uris": ["http://localhost"],
            }
        }

    def refresh_token(self, name: str, scopes: tuple[str, ...] = ()) -> str:
        """One for an account, as if it had consented before; no scopes: the calendar's whole."""
        token = self.state.accounts.fresh("refresh")
        given = frozenset(scopes or ("https://www.googleapis.com/auth/calendar",))
        self.state.accounts.refreshing[token] = (self.state.accounts.named(name).name, given)
        return token

    def authorize(self) -> Response:
        """The person consents (or not) without being asked: back to the program with a code."""
        asked, code = request.args, self.state.accounts.fresh("code")
        if asked.get("client_id") != CLIENT or not asked.get("redirect_uri", "").startswith(
            ("http://localhost:", "http://127.0.0.1:")
        ):
            return Response("Error 400: redirect_uri_mismatch", 400)
        scopes = frozenset(asked.get("scope", "").split())
        self.state.accounts.codes[code] = (self.consents, scopes, asked.get("code_challenge", ""))
        told = {"state": asked.get("state", ""), "scope": asked.get("scope", "")}
        told |= {"error": "access_denied"} if self.consent_denied else {"code": code}
        answer = redirect(f"{asked['redirect_uri']}?{urlencode(told)}")
        assert isinstance(answer, Response)
        return answer

    def token(self) -> Response:
        """The grants jwt-bearer, authorization_code and refresh_token."""
        kind = request.form.get("grant_type", "")
        grants = {_BEARER: self._bearer, "authorization_code": self._code, "refresh_token": self._refresh}
        try:
            if self.refuse is not None:
                raise Denied(self.refuse, "Token has been expired or revoked.")
            if kind not in grants:
                raise Denied("unsupported_grant_type", f"Invalid grant_type: {kind}")
            with self.state.lock:
                said = grants[kind]()
        except Denied as denied:
            told = {"error": denied.error, "error_description": denied.words}
            return Response(encode(told), denied.status, content_type="application/json")
        self.issued.append(kind)
        return Response(encode(said), content_type="application/json")

    def _bearer(self) -> Json:
        raw = request.form.get("assertion", "")
        try:
            claimed: Json = jwt.decode(raw, verify=False)
            account = self.state.accounts.named(claimed["iss"])
            jwt.decode(raw, certs=account.public_key, audience=AUDIENCE)
        except (ValueError, KeyError) as fault:
            raise Denied("invalid_grant", f"Invalid JWT: {type(fault).__name__}") from None
        except Exception as fault:  # noqa: BLE001 - google-auth's own errors have no common name here
            raise Denied("invalid_grant", f"Invalid JWT Signature: {type(fault).__name__}") from None
        scopes = frozenset(claimed.get("scope", "").split())
        if claimed.get("sub"):
            return self._granted(self._delegate(account, claimed["sub"]), scopes)
        return self._granted(account, scopes)

    def _delegate(self, account: Account, email: str) -> Account:
        if not account.delegated:
            raise Denied("unauthorized_client", "Client is unauthorized to retrieve access tokens", 401)
        try:
            return self.state.accounts.named(email)
        except KeyError:
            raise Denied("invalid_grant", "Invalid email or User ID") from None

    def _code(self) -> Json:
        self._client()
        name, scopes, challenge = self.state.accounts.codes.pop(request.form.get("code", ""), ("", None, ""))
        if scopes is None:
            raise Denied("invalid_grant", "Malformed auth code.")
        proof = sha256(request.form.get("code_verifier", "").encode()).digest()
        if challenge and urlsafe_b64encode(proof).decode().rstrip("=") != challenge:
            raise Denied("invalid_grant", "Invalid code verifier.")
        refresh = self.refresh_token(name, tuple(scopes))
        return self._granted(self.state.accounts.named(name), scopes) | {"refresh_token": refresh}

    def _refresh(self) -> Json:
        self._client()
        held = self.state.accounts.refreshing.get(request.form.get("refresh_token", ""))
        if held is None or self.state.accounts.named(held[0]).revoked:
            raise Denied("invalid_grant", "Token has been expired or revoked.")
        return self._granted(self.state.accounts.named(held[0]), held[1])

    def _client(self) -> None:
        basic, form = request.authorization, request.form
        if basic is not None and basic.type == "basic":
            shown = (basic.username, basic.password)
        else:
            shown = (form.get("client_id"), form.get("client_secret"))
        if shown != (CLIENT, CLIENT_SECRET):
            raise Denied("invalid_client", "The OAuth client was not found.", 401)

    def _granted(self, account: Account, scopes: frozenset[str]) -> Json:
        if account.revoked:
            raise Denied("invalid_grant", "Account has been deleted")
        token = self.state.accounts.fresh("ya29")
        self.state.accounts.grants[token] = Grant(account, scopes, self.state.clock.now + self.life)
        return {
            "access_token": token,
            "expires_in": int(self.life.total_seconds()),
            "scope": " ".join(sorted(scopes)),
            "token_type": "Bearer",
        }


@lru_cache(maxsize=1)
def _keys() -> tuple[bytes, bytes]:
    """One pair for all: making it takes longer than everything else here."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return (
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ),
        key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        ),
    )
