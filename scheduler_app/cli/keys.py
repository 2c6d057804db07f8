"""`keys`: which programs may ask the API."""

import secrets
from hashlib import sha256

import click

from scheduler_app.bootstrap.configuration import now
from scheduler_app.bootstrap.house import opened
from scheduler_app.ports import ApiKey
from scheduler_app.settings import settings
from scheduler_app.web.access import SCOPES


@click.group()
def keys() -> None:
    """Keys for the API. Each is shown once, kept as a hash, and may do what its scopes say."""


@keys.command()
@click.argument("name")
@click.option("--scope", "scopes", multiple=True, required=True, type=click.Choice(sorted(SCOPES)))
def add(name: str, scopes: tuple[str, ...]) -> None:
    """Make a key for the program NAME and show it, this once."""
    text = "sk_" + secrets.token_urlsafe(32)
    made = ApiKey(secrets.token_hex(8), name, tuple(dict.fromkeys(scopes)), now())
    with opened(settings()) as house, house.store.transaction() as tx:
        tx.keys.add(made, sha256(text.encode()).digest())
        tx.audit.write(now(), "operator", "key-added", made.id, {"name": name})
    click.echo(text)


@keys.command("list")
def list_() -> None:
    """Every key ever made, without the key itself."""
    with opened(settings()) as house, house.store.reading() as tx:
        for key in tx.keys.list():
            state = f"revoked {key.revoked_at:%Y-%m-%d}" if key.revoked_at else "open"
            click.echo(f"{key.id}  {state:<18}  {','.join(key.scopes):<24}  {key.name}")


@keys.command()
@click.argument("id")
def revoke(id: str) -> None:
    """The key with this ID opens nothing from now on."""
    with opened(settings()) as house, house.store.transaction() as tx:
        tx.keys.revoke(id, now())
        tx.audit.write(now(), "operator", "key-revoked", id, {})
    click.echo(f"{id}: revoked")
