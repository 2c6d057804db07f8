"""`sync`, `explain`, `import`, `plans`: looking after the book."""

import json
from collections import Counter
from pathlib import Path

import click

from scheduler_app.bootstrap.house import opened
from scheduler_app.flow.client_rows import COLUMNS, read_rows
from scheduler_app.flow.explain import explain as explained
from scheduler_app.flow.import_clients import import_rows
from scheduler_app.flow.release import approve as approve_plan
from scheduler_app.flow.release import withhold as withhold_plan
from scheduler_app.flow.sweep import sync_all
from scheduler_app.settings import settings

WHO = click.option("--who", required=True, help="Who does this; the audit log keeps it.")


@click.command()
@click.option("--all", "everything", is_flag=True, required=True, help="Everything there is.")
def sync(everything: bool) -> None:  # noqa: ARG001 - the flag only says that it is meant
    """Bring the database to the state the flow would have reached by itself.

    Reads calendars and deliveries, judges everybody, writes marks and feeds. Twice changes nothing.
    """
    with opened(settings()) as house:
        counted: Counter[str] = Counter()
        runner = house.runner(lambda what, count: counted.update({what: count}))
        changed = sync_all(house.flow, runner.run_next, counted)
        with house.store.reading() as tx:
            waiting = tx.outbox.waiting()
    for what, count in changed.items():
        click.echo(f"{what:<14}{count:>8}")
    if not changed:
        click.echo("Nothing had to change.")
    if waiting:
        click.echo(f"{len(waiting)} plan(s) wait for a person: `scheduler plans`.")


@click.command()
@click.argument("appointment")
def explain(appointment: str) -> None:
    """Everything about one APPOINTMENT (its ref), as JSON: where it came from, why it is judged so."""
    with opened(settings()) as house:
        click.echo(json.dumps(explained(house.flow, appointment), indent=2, ensure_ascii=False))


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@WHO
def import_(file: Path, who: str) -> None:
    """Import a client list with history from a CSV FILE: all rows, or none and every fault told."""
    with file.open(encoding="utf-8-sig", newline="") as lines, opened(settings()) as house:
        done = import_rows(house.flow, read_rows(lines), who)
        house.settle()
    added = f"{done.clients} clients and {done.records} records added"
    click.echo(f"{done.rows} rows: {added}, {done.known} known already.")


import_.help = f"{import_.help}\n\nColumns: {', '.join(COLUMNS)}. See docs/import.md."


@click.group(invoke_without_command=True)
@click.pass_context
def plans(ctx: click.Context) -> None:
    """Plans that touch so many visits that a person must approve them."""
    if ctx.invoked_subcommand is not None:
        return
    with opened(settings()) as house, house.store.reading() as tx:
        waiting = tx.outbox.waiting()
        for plan, actions in waiting.items():
            click.echo(f"{plan}: {len(actions)} visits")
            for action in actions:
                click.echo(f"  {action.kind} {action.target} {action.mark.prefix if action.mark else ''}")
    if not waiting:
        click.echo("No plan waits.")


@plans.command()
@click.argument("plan")
@WHO
def approve(plan: str, who: str) -> None:
    """Let a PLAN write its marks."""
    with opened(settings()) as house:
        click.echo(f"{approve_plan(house.flow, plan, who)} visits are being marked.")
        house.settle()


@plans.command()
@click.argument("plan")
@WHO
def withhold(plan: str, who: str) -> None:
    """Drop a PLAN; its visits stay blocked, unmarked."""
    with opened(settings()) as house:
        click.echo(f"{withhold_plan(house.flow, plan, who)} marks were dropped.")
