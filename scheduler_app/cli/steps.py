"""What was tried with another program, step by step, as it is printed."""

from collections.abc import Iterable

import click

from scheduler_app.domain.platforms import Step

_OK = {True: "ok", False: "NO", None: "--"}


def say_steps(tried: Iterable[tuple[str, Iterable[Step]]]) -> bool:
    """Print each program's steps, with what to do about those that failed; whether none did."""
    whole = True
    for name, steps in tried:
        click.echo(name)
        for step in steps:
            click.echo(f"  {_OK[step.ok]}  {step.name}")
            if step.words:
                click.echo(click.wrap_text(step.words, 96, " " * 6, " " * 6))
            whole &= step.ok is not False
    return whole
