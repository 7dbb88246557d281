"""planroom lint: what is wrong with a design, with migrations, with queries."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from planroom.cli._options import exit_status, fail_on_option
from planroom.cli._output import document, note, progress_line, text
from planroom.errors import PlanroomError

if TYPE_CHECKING:
    from planroom.linting.reporting import Report
    from planroom.model import Model
    from planroom.workbench.decision_log import Touched

__all__ = ["command"]

_FORMATS = ("text", "json", "sarif", "github", "markdown")


@click.command(short_help="What is wrong with a design, migrations or queries.")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--model", metavar="SOURCE", help="What migrations change and queries use; anything that `show` takes.")
@click.option("--queries", metavar="PATH", help="The application's queries, which migrations are to leave working.")
@click.option("--on", metavar="URL|FILE", help="A database with the data of a design, for what values tell; only read.")
@click.option("--as", "judge_as", type=click.Choice(["schema", "queries", "migrations"]), help="What PATH means.")
@click.option("--dialect", default="", metavar="NAME", help="The dialect of queries, as sqlglot names it.")
@click.option("--pg-version", type=int, metavar="N", help="The PostgreSQL that migrations run on: 12 to 18.")
@click.option("--rows", multiple=True, metavar="TABLE=N", help="How many rows a table has, such as orders=400M.")
@click.option("--select", multiple=True, metavar="RULE", help="Only these rules: codes, names, or letters such as MIG.")
@click.option("--ignore", multiple=True, metavar="RULE", help="Without these rules.")
@click.option("--config", metavar="FILE", help="Settings; by default the nearest planroom.toml or pyproject.toml.")
@click.option("--since", metavar="REV", help="Only findings in lines that changed since this git revision.")
@click.option("--baseline", metavar="FILE", help="Findings that were there before: only new ones count.")
@click.option("--write-baseline", metavar="FILE", help="Write the findings of this run as a baseline.")
@click.option("--fix", is_flag=True, help="Write the edits of the findings into the files; say what was changed.")
@click.option("--diff", is_flag=True, help="Show what --fix would change, and change nothing.")
@click.option("-o", "--output", "path", metavar="FILE", help="Write it: .json, .sarif, .md, .html or .txt.")
@click.option("--format", "shown_as", type=click.Choice(_FORMATS), default="text", show_default=True)
@fail_on_option()
def command(
    paths: tuple[str, ...], *, model: str | None, queries: str | None, on: str | None, judge_as: str | None,
    dialect: str, pg_version: int | None, rows: tuple[str, ...], select: tuple[str, ...], ignore: tuple[str, ...],
    config: str | None, since: str | None, baseline: str | None, write_baseline: str | None, path: str | None,
    shown_as: str, fail_on: str, fix: bool, diff: bool,
) -> int:  # fmt: skip
    """Judge each PATH: a file, a folder, a notebook, a git revision such as main:migrations, or - for standard input.

    What a PATH means is decided by --as, else by the configuration, else by what stands in it. With --model, what
    defines is a migration on it; without, a folder starts from an empty database.
    """
    from planroom.collector import put_off

    if fix and diff:
        raise PlanroomError("--fix writes and --diff shows.", fix="give one of the two.")
    with put_off():  # nothing that is loaded goes away again
        from planroom.workbench import lint, read

    def judged() -> tuple[Report, Model | None]:
        base = read(model) if model else None
        report = lint(
            [_existing(each) for each in paths],
            model=base,
            rows=dict(map(_rows, rows)),
            queries=_existing(queries) if queries else None,
            on=on,
            judge_as=judge_as or "",
            dialect=dialect,
            version=pg_version,
            select=_names(select),
            ignore=_names(ignore),
            config=config,
            progress=progress_line(),
        )
        if since or baseline or write_baseline:
            report = _compared(report, since, baseline, write_baseline, whole=not (select or ignore))
        return report, base

    report, base = judged()
    if diff:
        _show_difference(report)
        return exit_status((each.severity for each in report.findings), fail_on)
    if fix and _fixed(report):
        report, base = judged()
    if path:
        report.save(path)
        note(f"{path}: {report!r}")
    _show(report, shown_as, base, written=bool(path))
    return exit_status((each.severity for each in report.findings), fail_on) if not write_baseline else 0


def _show_difference(report: Report) -> None:
    """Print what the edits would change, and say what they leave out."""
    from planroom.workbench.mending import mended

    found = mended(report)
    document(found.diff)
    note(str(found))


def _fixed(report: Report) -> bool:
    """Write the edits into the files, and tell whether there were any."""
    from planroom.workbench.mending import mended

    found = mended(report)
    found.write()
    note(str(found))
    return bool(found.done)


def _compared(
    report: Report, since: str | None, baseline: str | None, write_baseline: str | None, *, whole: bool
) -> Report:
    """Return the report without what was there before, and write down what is there now."""
    from planroom.workbench.lint_history import changed_since, with_baseline, write_baseline_file

    report = with_baseline(report, baseline, whole=whole) if baseline else report
    if write_baseline:
        write_baseline_file(report, write_baseline)
        note(f"{write_baseline}: {len(report.findings) + len(report.known)} findings are known from now on.")
    return changed_since(report, since) if since else report


def _existing(path: str) -> str | Path:
    """Return a path as one, so that a missing file called like SQL is not taken for SQL."""
    return path if path == "-" or ":" in path else Path(path)


def _names(given: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for each in given for name in each.split(",") if name.strip())


def _rows(given: str) -> tuple[str, float]:
    from planroom.quantities import parse_count

    name, equals, number = given.rpartition("=")
    if not equals or not name:
        raise PlanroomError(f"--rows {given!r} says nothing.", fix="write TABLE=N, such as orders=400M.")
    return name, float(parse_count(number))


def _show(report: Report, shown_as: str, model: Model | None, *, written: bool) -> None:
    """Print a report, and the decisions that its findings touch where the project has a log and a model is given."""
    from planroom.linting.reporting.plain import json_text

    if shown_as == "json":
        document(json_text(report, decisions=[each.plain() for each in _touched(report, model)]))
    elif shown_as == "text":
        if not written:
            text("\n".join(map(str, (report, *_touched(report, model)))))
    else:
        document(str(getattr(report, shown_as)))


def _touched(report: Report, model: Model | None) -> tuple[Touched, ...]:
    if model is None or not report.findings:
        return ()
    from planroom.workbench.decision_log import touched_by

    return touched_by(report, model)
