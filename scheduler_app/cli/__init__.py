"""The command line: reads arguments, calls bootstrap, prints. Every command answers `--help`."""

from importlib import import_module
from typing import Any

import click

from scheduler_app.errors import BadConfig, SchedulerError

# Where each command lives: only the one that is run is imported, so that `check` never waits for Flask.
COMMANDS = {
    "demo": "serving:demo",
    "serve": "serving:serve",
    "worker": "serving:worker",
    "audit": "audit:audit",
    "check": "check:check",
    "rules": "rules:rules",
    "config": "rules:config",
    "sync": "book:sync",
    "explain": "book:explain",
    "plans": "book:plans",
    "calendars": "calendars:calendars",
    "digest": "calendars:digest",
    "google": "google:google",
    "platforms": "platforms:platforms",
    "record": "record:record",
    "import": "book:import_",
    "keys": "keys:keys",
    "clients": "privacy:clients",
    "retention": "privacy:retention",
    "republish": "republish:republish",
    "mail": "mail:mail",
}


class _Commands(click.Group):
    """Finds commands by name and tells failures in a sentence instead of a traceback."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[name].partition(":")
        command: click.Command = getattr(import_module(f"scheduler_app.cli.{module}"), attribute)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BadConfig as fault:
            click.echo(f"The configuration has mistakes:\n{fault}", err=True)
            ctx.exit(2)
        except SchedulerError as fault:
            click.echo(f"scheduler: {fault}", err=True)
            ctx.exit(2)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="treatment-scheduler")
def main() -> None:
    """Holds appointments that come too soon after another treatment, where they were booked."""
