"""`clients` and `retention`: what is the client's own, and for how long things are kept."""

import json
from pathlib import Path

import click

from scheduler_app.bootstrap.house import opened
from scheduler_app.bootstrap.looking_up import client_ref
from scheduler_app.flow.erase import erase as erase_client
from scheduler_app.flow.retention import keep_no_longer, would_go
from scheduler_app.settings import settings

WHO = click.option("--who", required=True, help="Who does this; the audit log keeps it.")


@click.group()
def clients() -> None:
    """What is held about one client. REF is a ref, e-mail, phone, code or name."""


@clients.command()
@click.argument("ref")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@WHO
def export(ref: str, file: Path, who: str) -> None:
    """Write everything held about the client REF to FILE, as JSON."""
    with opened(settings()) as house:
        client = client_ref(house, ref)
        with house.store.transaction() as tx:
            rows = tx.personal.everything(client)
            tx.audit.write(house.flow.clock(), who, "record-downloaded", client, {})
    file.touch(mode=0o600)
    file.write_text(json.dumps({"held": rows}, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    click.echo(f"{sum(map(len, rows.values()))} rows about {client} were written.")


@clients.command()
@click.argument("ref")
@WHO
@click.confirmation_option(prompt="Nobody can undo this. Erase the person?")
def erase(ref: str, who: str) -> None:
    """Erase the client REF: every name, address, visit and record. The audit trail stays, without them."""
    with opened(settings()) as house:
        house.settle()  # what has just come in is seen before it is decided that nothing lies ahead
        client = client_ref(house, ref)
        done = erase_client(house.flow, client, who)
        house.settle()
    for table, count in done.rows.items():
        click.echo(f"{table:<24}{count:>8}")
    click.echo(f"{client}: erased.")
    if done.left:
        click.echo(f"{done.left} text(s) may be about a namesake and were left: look at them at the desk.")
    for calendar, start in done.elsewhere:
        click.echo(f"Still in the clinic's own calendar {calendar}: {start:%Y-%m-%d %H:%M} UTC")


@click.command()
@click.option("--dry-run", is_flag=True, help="Say what would go, and change nothing.")
def retention(dry_run: bool) -> None:
    """Let go what is older than [retention] in clinic.toml says; the service does it every night."""
    with opened(settings()) as house:
        counted = would_go(house.flow) if dry_run else keep_no_longer(house.flow)
    for what, count in counted.items():
        click.echo(f"{what:<24}{count:>8}")
    if not any(counted.values()):
        click.echo("Nothing is old enough.")
