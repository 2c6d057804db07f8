"""The environment, read once.

SCHEDULER_CONFIG        folder with clinic.toml and the rules; without it `config` beside the package
SCHEDULER_DATA          folder for the database and what is kept beside it; var/clinic in the working folder
SCHEDULER_DATABASE_URL  SQLAlchemy URL of the database; SQLite in the data folder
SCHEDULER_SECRET        keys for feed tokens, separated by spaces or commas, the newest first
SCHEDULER_SECRET_FILE   a file with such keys, instead
SCHEDULER_HOOK_SECRETS_<SOURCE>       secrets one source may sign webhooks with, all valid at once
SCHEDULER_HOOK_SECRETS_<SOURCE>_FILE  a file with such secrets, instead
SCHEDULER_PLATFORM_<PLATFORM>         the key or token of one booking platform's API
SCHEDULER_PLATFORM_<PLATFORM>_FILE    a file with it, instead
SCHEDULER_HOST, SCHEDULER_PORT        where to listen; 127.0.0.1 and 8000
SCHEDULER_PUBLIC_URL    how the service is reached from outside; Google's notices want https
SCHEDULER_DESK_URL      where people open the desk, for links on events; this machine's own address
SCHEDULER_GOOGLE_<ACCOUNT>            what Google gave for an account of clinic.toml: the JSON of a service
                                      account's key, or of an OAuth client
SCHEDULER_GOOGLE_<ACCOUNT>_FILE       a file with it, instead
SCHEDULER_TOKEN_KEY, .._FILE          keys under which sign-ins are kept, the newest first; else made
SCHEDULER_SMTP_USER     who signs in at the mail server of clinic.toml
SCHEDULER_SMTP_PASSWORD, .._FILE      with what
SCHEDULER_GOOGLE_API_ENDPOINT, SCHEDULER_GOOGLE_ACCESS_TOKEN  for an emulator on this machine only

<SOURCE>, <PLATFORM> and <ACCOUNT> are names from clinic.toml in capitals, with _ for -. A platform has hook
secrets too. Without secrets webhooks are refused.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from scheduler_app.errors import Invalid

_HOOKS = "SCHEDULER_HOOK_SECRETS_"
_PLATFORM = "SCHEDULER_PLATFORM_"
_GOOGLE = "SCHEDULER_GOOGLE_"
_ENDPOINT, _ACCESS = "SCHEDULER_GOOGLE_API_ENDPOINT", "SCHEDULER_GOOGLE_ACCESS_TOKEN"
_LOOPBACK = re.compile(r"https?://(127\.\d+\.\d+\.\d+|\[::1\]|localhost)(:\d+)?/([^\s?#]*/)?")
_FILE = "_FILE"
_BESIDE_THE_PACKAGE = Path(__file__).resolve().parent.parent / "config"


@dataclass(frozen=True, slots=True)
class Settings:
    """What the operator decided. Secrets, and the database's address that may hold one, never print.

    secrets: keys for feed tokens, the newest first; empty where none were given.
    hook_secrets: by source, as the environment spells it. google: JSON by account, as it spells them.
    token_keys: keys for kept sign-ins, the newest first; empty where none were given.
    """

    config: Path
    data: Path
    database_url: str = field(repr=False)
    host: str = "127.0.0.1"
    port: int = 8000
    secrets: tuple[str, ...] = field(default=(), repr=False)
    hook_secrets: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    public_url: str = ""
    crew: bool = True
    demo: bool = False
    google: Mapping[str, str] = field(default_factory=dict, repr=False)
    token_keys: tuple[str, ...] = field(default=(), repr=False)
    google_endpoint: str = ""
    google_access: str = field(default="", repr=False)
    desk: str = ""
    smtp_user: str = ""
    smtp_password: str = field(default="", repr=False)
    platform_keys: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def desk_url(self) -> str:
        """Where people open the desk; "" where nobody can say (the port is chosen at the start)."""
        if self.desk:
            return self.desk
        return f"http://{self.host}:{self.port}/desk" if self.port else ""

    def google_credentials_of(self, account: str) -> str:
        """What Google gave for an account of clinic.toml, JSON; "" where nothing was given."""
        return self.google.get(_spelt(account), "")

    def platform_key_of(self, platform: str) -> str:
        """The key to the API of a platform of clinic.toml; "" where nothing was given."""
        return self.platform_keys.get(_spelt(platform), "")

    def hook_secrets_of(self, source: str) -> tuple[str, ...]:
        """The secrets that one source of clinic.toml may sign with; none means that it is refused."""
        return self.hook_secrets.get(_spelt(source), ())

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Settings":
        """Read the variables, and the files of secrets they name.

        Raises Invalid naming the variable at fault, never its value.
        """
        data = Path(environ.get("SCHEDULER_DATA") or Path("var") / "clinic").expanduser().absolute()
        config = Path(environ.get("SCHEDULER_CONFIG") or _BESIDE_THE_PACKAGE).expanduser().absolute()
        url = environ.get("SCHEDULER_DATABASE_URL") or f"sqlite:///{data / 'clinic.db'}"
        host = environ.get("SCHEDULER_HOST") or "127.0.0.1"
        port = _port(environ.get("SCHEDULER_PORT") or "8000")
        secrets = _secrets("SCHEDULER_SECRET", environ)
        crew, demo = _switch("SCHEDULER_CREW", environ, True), _switch("SCHEDULER_DEMO", environ, False)
        public = _public_url(environ)
        hooks = _hook_secrets(environ)
        return cls(
            config,
            data,
            url,
            host,
            port,
            secrets,
            hooks,
            public,
            crew,
            demo,
            google=_google(environ),
            token_keys=_secrets("SCHEDULER_TOKEN_KEY", environ),
            google_endpoint=_endpoint(environ),
            google_access=environ.get(_ACCESS, ""),
            desk=_address("SCHEDULER_DESK_URL", environ),
            smtp_user=environ.get("SCHEDULER_SMTP_USER", ""),
            smtp_password=_text("SCHEDULER_SMTP_PASSWORD", environ),
            platform_keys=_platform_keys(environ),
        )

    def exported(self) -> dict[str, str]:
        """The variables that tell a process started by this one what was decided here; no keys."""
        return {
            "SCHEDULER_CONFIG": str(self.config),
            "SCHEDULER_DATA": str(self.data),
            "SCHEDULER_DATABASE_URL": self.database_url,
            "SCHEDULER_PUBLIC_URL": self.public_url,
            "SCHEDULER_DESK_URL": self.desk_url,
            "SCHEDULER_CREW": "yes" if self.crew else "no",
            "SCHEDULER_DEMO": "yes" if self.demo else "no",
        }


def settings() -> Settings:
    """The settings of this process. The only place that reads its environment."""
    return Settings.from_environment(os.environ)


def _public_url(environ: Mapping[str, str]) -> str:
    text = _address("SCHEDULER_PUBLIC_URL", environ)
    if text.count("/") > 2:
        fault = "SCHEDULER_PUBLIC_URL is no address of a server; write it like https://care.clinic.example"
        raise Invalid("setting-unreadable", fault, "SCHEDULER_PUBLIC_URL")
    return text


def _address(name: str, environ: Mapping[str, str]) -> str:
    text = environ.get(name, "").rstrip("/")
    if text and not re.fullmatch(r"https?://[^/?#\s]+(/[^?#\s]*)?", text):
        fault = f"{name} is no address of a server; write it like https://care.clinic.example"
        raise Invalid("setting-unreadable", fault, name)
    return text


def _switch(name: str, environ: Mapping[str, str], default: bool) -> bool:
    text = environ.get(name, "").lower()
    if text not in ("", "yes", "no"):
        raise Invalid("setting-unreadable", f"{name} is neither yes nor no", name)
    return text == "yes" if text else default


def _port(text: str) -> int:
    if re.fullmatch(r"\d{1,5}", text, re.ASCII) and int(text) <= 65_535:
        return int(text)
    fault = "SCHEDULER_PORT is no port; write a number from 0 to 65535 (0 takes any that is free)"
    raise Invalid("setting-unreadable", fault, "SCHEDULER_PORT")


def _hook_secrets(environ: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    names = {name.removesuffix(_FILE) for name in environ if name.startswith(_HOOKS)}
    found = {name.removeprefix(_HOOKS): _secrets(name, environ) for name in sorted(names)}
    return {source: secrets for source, secrets in found.items() if source and secrets}


def _platform_keys(environ: Mapping[str, str]) -> dict[str, str]:
    names = {name.removesuffix(_FILE) for name in environ if name.startswith(_PLATFORM)}
    given = {name.removeprefix(_PLATFORM): _text(name, environ).strip() for name in sorted(names)}
    return {platform: key for platform, key in given.items() if platform and key}


def _google(environ: Mapping[str, str]) -> dict[str, str]:
    names = {name.removesuffix(_FILE) for name in environ if name.startswith(_GOOGLE)}
    given = {}
    for name in sorted(names - {_ENDPOINT, _ACCESS}):
        text, file = environ.get(name, ""), environ.get(name + _FILE, "")
        if text and file:
            fault = f"{name} and {name + _FILE} are both set; set one of them"
            raise Invalid("setting-ambiguous", fault, name)
        given[name.removeprefix(_GOOGLE)] = _contents(name + _FILE, Path(file)) if file else text
    return {account: text for account, text in given.items() if account and text.strip()}


def _endpoint(environ: Mapping[str, str]) -> str:
    """An emulator's address. A token that never changes must not reach anything but this machine."""
    endpoint = environ.get(_ENDPOINT, "")
    if endpoint and not _LOOPBACK.fullmatch(endpoint):
        fault = (
            f"{_ENDPOINT} is for an emulator on this machine: write an address like "
            "http://127.0.0.1:8765/calendar/v3/ (with the last slash), or leave it out"
        )
        raise Invalid("setting-refused", fault, _ENDPOINT)
    if environ.get(_ACCESS) and not endpoint:
        fault = f"{_ACCESS} is for an emulator on this machine: set {_ENDPOINT} too, or leave it out"
        raise Invalid("setting-refused", fault, _ACCESS)
    return endpoint


def _secrets(name: str, environ: Mapping[str, str]) -> tuple[str, ...]:
    text, file = environ.get(name, ""), environ.get(name + _FILE, "")
    if text and file:
        fault = f"{name} and {name + _FILE} are both set; set one of them"
        raise Invalid("setting-ambiguous", fault, name)
    if file:
        text = _contents(name + _FILE, Path(file))
    secrets = tuple(re.split(r"[\s,]+", text.strip())) if text.strip() else ()
    if file and not secrets:
        raise Invalid("setting-empty", f"the file that {name + _FILE} names is empty", name + _FILE)
    return secrets


def _text(name: str, environ: Mapping[str, str]) -> str:
    """One secret as it stands, spaces and commas included; the line's end of a file is none of it."""
    text, file = environ.get(name, ""), environ.get(name + _FILE, "")
    if text and file:
        fault = f"{name} and {name + _FILE} are both set; set one of them"
        raise Invalid("setting-ambiguous", fault, name)
    return _contents(name + _FILE, Path(file)).rstrip("\r\n") if file else text


def _contents(name: str, path: Path) -> str:
    try:
        return path.expanduser().read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is no text"
        fault = f"the file that {name} names cannot be read: {reason}"
        raise Invalid("setting-unreadable", fault, name) from None


def _spelt(source: str) -> str:
    return source.upper().replace("-", "_")
