"""`scheduler audit`: calendar exports in, a report out. Nothing is stored, no database is opened."""

import os
import shutil
import sys
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scheduler_app.bootstrap.auditing import Asked, run_audit
from scheduler_app.domain.audits import Audit
from scheduler_app.domain.catalogue import Catalogue
from scheduler_app.errors import Invalid
from scheduler_app.texts.report import html_report, json_report, text_report
from scheduler_app.texts.report.visible import visible

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar

_BLOCKED, _NOTHING_READ = 1, 2
_OWNER_ONLY = 0o600  # the report holds names


class _Day(click.ParamType[date]):
    name = "YYYY-MM-DD"

    def convert(self, value: str | date, param: click.Parameter | None, ctx: click.Context | None) -> date:
        try:
            if isinstance(value, str):
                value = datetime.strptime(value, "%Y-%m-%d").date()  # noqa: DTZ007  a date has no zone
            if not 1900 <= value.year < 2200:
                raise ValueError
        except ValueError:
            self.fail("this is no date from 1900 to 2199; write it as YYYY-MM-DD", param, ctx)
        return value


@click.command()
@click.argument("sources", metavar="FILE...", nargs=-1, required=True)
@click.option(
    "--format", "layout", type=click.Choice(["text", "json", "html"]), default="text", show_default=True
)
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Write the report there.")
@click.option("--today", type=_Day(), help="The day to judge by. [default: today in the zone]")
@click.option("--zone", help="IANA zone of files that name none. [default: the clinic's]")
@click.option("--since", type=_Day(), help="Report visits from this day; earlier ones still count.")
@click.option("--until", type=_Day(), help="Report visits up to this day; later ones still count.")
@click.option("--ahead", is_flag=True, help="Report visits from today on; earlier ones still count.")
@click.option(
    "--dates",
    type=click.Choice(["day-first", "month-first"]),
    help="What 03/04 means in a CSV file. [default: found out from the file]",
)
@click.option("--calendar", help="Read titles as this calendar of clinic.toml: its colours, labels, default.")
@click.option("--config", type=click.Path(path_type=Path), help="Folder with the clinic's configuration.")
@click.pass_context
def audit(
    ctx: click.Context,
    sources: tuple[str, ...],
    layout: str,
    output: Path | None,
    today: date | None,
    zone: str | None,
    since: date | None,
    until: date | None,
    ahead: bool,
    dates: str | None,
    calendar: str | None,
    config: Path | None,
) -> None:
    """Judge a whole appointment book from calendar exports, with nothing to set up.

    FILE is an .ics file, a .zip from Google's export, a .csv with a header, or a calendar's secret
    iCal address (https://...). Several are read as one book. Nothing is stored.

    The exit status is 1 when a visit is blocked, 2 when nothing could be read or an argument is wrong.

    \b
    scheduler audit calendar.ics --ahead
    scheduler audit export.zip --format html --output report.html
    """
    if since is not None and until is not None and since > until:
        raise click.BadParameter("--since lies after --until; swap them", param_hint="--since")
    if ahead and since is not None:
        raise click.BadParameter("--ahead begins today; leave out --since", param_hint="--ahead")
    if output is not None:
        _check_output(output)
    day_first = None if dates is None else dates == "day-first"
    with _Bars(sys.stderr.isatty()) as bars:
        found, catalogue, language = run_audit(
            Asked(sources, config, today, zone, since, until, calendar, day_first, bars.tell, ahead)
        )
    _write(_report(found, catalogue, language, layout, output), output)
    if found.blocked:
        ctx.exit(_BLOCKED)
    if found.unreadable and not found.counts.events:
        ctx.exit(_NOTHING_READ)


def _report(
    found: Audit, catalogue: Catalogue, language: str, layout: str, output: Path | None
) -> Iterable[str]:
    if layout == "json":
        return json_report(found)
    if layout == "html":
        return html_report(found, catalogue, language)
    if output is not None:
        return text_report(found, catalogue, language)
    width = shutil.get_terminal_size().columns
    return text_report(found, catalogue, language, width=width, ascii_screen=not _shows_unicode())


def _shows_unicode() -> bool:
    return (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"


def _write(pieces: Iterable[str], output: Path | None) -> None:
    if output is None:
        stream = sys.stdout.buffer
        for piece in pieces:
            stream.write(piece.encode("utf-8", "replace"))
        stream.flush()
        return
    try:
        opened = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _OWNER_ONLY)
        with os.fdopen(opened, "w", encoding="utf-8", errors="replace") as file:
            file.writelines(pieces)
    except OSError as fault:
        raise _not_written(fault.strerror) from None
    click.echo(f"Written to {output}, readable by you alone: it holds names.", err=True)


def _check_output(output: Path) -> None:
    """Before the book is read for a minute."""
    if not output.absolute().parent.is_dir():
        raise _not_written("there is no such folder")
    if not os.access(output if output.exists() else output.absolute().parent, os.W_OK):
        raise _not_written("writing there is not allowed")


def _not_written(why: str | None) -> Invalid:
    return Invalid("output-unwritable", f"the report cannot be written to --output: {why}", "output")


class _Bars:
    """A bar for each source, by bytes, on the terminal's side channel; nothing where nobody looks."""

    def __init__(self, shown: bool) -> None:
        self._shown = shown
        self._name = ""
        self._done = 0
        self._bar: ProgressBar[int] | None = None

    def __enter__(self) -> "_Bars":
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def tell(self, name: str, done: int, total: int) -> None:
        """So many bytes of so many are done; total is 0 while nobody knows."""
        if not self._shown or not total:
            return
        if self._bar is None or name != self._name or done < self._done:
            self._close()
            self._name, self._done = name, 0
            self._bar = click.progressbar(length=total, label=visible(name), file=sys.stderr)
            self._bar.__enter__()
        self._bar.update(done - self._done)
        self._done = done

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.__exit__(None, None, None)
            self._bar = None
