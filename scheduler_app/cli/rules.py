"""`scheduler rules` and `scheduler config check`: what the clinic decided, and whether it can be used."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import click

from scheduler_app.bootstrap.configuration import check_config, load_config
from scheduler_app.domain.rules import ALWAYS, Condition, GapRule

_FOLDER = click.option(
    "--config",
    "config_dir",
    type=click.Path(path_type=Path),
    help="The configuration folder. [default: SCHEDULER_CONFIG, or config beside the program]",
)


@click.command()
@_FOLDER
@click.option("--format", "layout", type=click.Choice(["text", "json"]), default="text", show_default=True)
def rules(config_dir: Path | None, layout: str) -> None:
    """Print every gap rule and condition with its source, its grade and who approved it."""
    book = load_config(config_dir).rulebook
    if layout == "json":
        click.echo(
            json.dumps(
                {
                    "version": book.version,
                    "screening_lasts": str(book.screening_lasts),
                    "rules": [_rule_record(rule) for rule in book.rules],
                    "conditions": [_condition_record(one) for one in book.conditions.values()],
                },
                indent=2,
                ensure_ascii=False,
            )
        )
        return
    signatures = [one.approved_by for one in book.rules]
    signatures += [one.approved_by for one in book.conditions.values()]
    click.echo(f"Gap rules (version {book.version})\n")
    for rule in book.rules:
        _print_block(_rule_lines(rule))
    click.echo(f"Conditions (asked again after {book.screening_lasts})\n")
    for condition in book.conditions.values():
        _print_block(_condition_lines(condition))
    if unapproved := signatures.count(None):
        click.secho(f"{unapproved} of {len(signatures)} UNAPPROVED: enforced, and labelled so.", bold=True)


@click.group()
def config() -> None:
    """The clinic's configuration."""


@config.command()
@_FOLDER
def check(config_dir: Path | None) -> None:
    """Print every mistake in the configuration at once; exit status 1 when there is one."""
    folder, loaded = check_config(config_dir)
    for mistake in loaded.mistakes:
        click.secho(str(mistake), fg="yellow" if mistake.warning else "red")
    wrong = len(loaded.refused)
    click.echo(f"{folder}: {_count(wrong, 'mistake')}, {_count(len(loaded.mistakes) - wrong, 'warning')}")
    if wrong:
        raise SystemExit(1)


def _count(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"


def _print_block(lines: Iterator[str]) -> None:
    for line in lines:
        click.echo(line)
    click.echo()


def _rule_lines(rule: GapRule) -> Iterator[str]:
    yield click.style(rule.id, bold=True)
    figure = str(rule.minimum)
    if rule.absolute_minimum != rule.minimum:
        figure += f", blocked before {rule.absolute_minimum}"
    yield f"  {rule.later} waits after {rule.earlier}: {figure}"
    dates = [f"{word} {day}" for word, day in zip(("from", "to"), _dates(rule), strict=True) if day]
    if dates:
        yield f"  in force {' '.join(dates)}"
    yield from _provenance(rule)


def _condition_lines(condition: Condition) -> Iterator[str]:
    yield click.style(condition.code, bold=True)
    kinds = {"absolute": "blocks", "not_recommended": "a practitioner decides", "ask": "ask the prescriber"}
    yield f"  {condition.name}: {kinds[condition.kind]}, for {', '.join(condition.treatments)}"
    yield from _provenance(condition)


def _provenance(one: GapRule | Condition) -> Iterator[str]:
    yield f"  source: {one.source} (grade: {one.grade})"
    unapproved = click.style("UNAPPROVED: nobody at the clinic has signed it", fg="red", bold=True)
    yield f"  approved by {one.approved_by}" if one.approved_by else f"  {unapproved}"
    if one.note:
        yield f"  note: {one.note}"


def _dates(rule: GapRule) -> tuple[str | None, str | None]:
    first, last = rule.in_force
    return (
        None if first == ALWAYS[0] else date.fromordinal(first).isoformat(),
        None if last == ALWAYS[1] else date.fromordinal(last).isoformat(),
    )


def _rule_record(rule: GapRule) -> dict[str, object]:
    effective_from, effective_to = _dates(rule)
    return {
        "id": rule.id,
        "earlier": rule.earlier,
        "later": rule.later,
        "absolute_minimum": str(rule.absolute_minimum),
        "minimum": str(rule.minimum),
        "source": rule.source,
        "grade": rule.grade,
        "approved_by": rule.approved_by,
        "effective_from": effective_from,
        "effective_to": effective_to,
        "note": rule.note,
    }


def _condition_record(condition: Condition) -> dict[str, object]:
    return {
        "code": condition.code,
        "name": condition.name,
        "kind": condition.kind,
        "treatments": list(condition.treatments),
        "source": condition.source,
        "grade": condition.grade,
        "approved_by": condition.approved_by,
        "note": condition.note,
    }
