"""planroom arch: the views of a system, and what is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from planroom.cli._options import exit_status, fail_on_option
from planroom.cli._output import document, format_option, note, object_of, text
from planroom.cli._source import finding_objects

if TYPE_CHECKING:
    from planroom.architecture import Predicate, System

__all__ = ["command"]


@click.command(short_help="The views of a system, or what is wrong with it.")
@click.argument("file", metavar="SYSTEM.py")
@click.option("--view", metavar="NAME", default="container", show_default=True, help="Which view; --list names them.")
@click.option("--of", default="", metavar="NAME", help="The system, container, environment or scenario it is about.")
@click.option("--only-tag", multiple=True, metavar="TAG", help="Only what has this tag, such as pii; may be repeated.")
@click.option("--only-owner", multiple=True, metavar="OWNER", help="Only elements of this owner; * is a wildcard.")
@click.option("--sequence", is_flag=True, help="Draw a scenario as a sequence.")
@click.option(
    "-o", "--output", "path", metavar="FILE", help="The picture: .svg, .html, .mmd, .puml, .d2, .dot or .dsl."
)
@click.option("--list", "listed", is_flag=True, help="List the views that there are.")
@click.option("--lint", "judged", is_flag=True, help="Judge the system by the rules about architecture.")
@click.option("--baseline", metavar="FILE", help="With --lint: only what this list of findings does not know counts.")
@click.option("--write-baseline", metavar="FILE", help="With --lint: write such a list.")
@fail_on_option("With --lint: the severity of findings from which on the exit status is 1.")
@format_option
def command(
    file: str, *, view: str, of: str, only_tag: tuple[str, ...], only_owner: tuple[str, ...], sequence: bool,
    path: str | None, listed: bool, judged: bool, baseline: str | None, write_baseline: str | None, fail_on: str,
    as_json: bool,
) -> int:  # fmt: skip
    """Draw or judge the system that SYSTEM.py defines: a Python file with `shop = pr.System(...)` in it.

    The file is RUN, as `python SYSTEM.py` would run it: name only a file that you trust. Without -o, the view is
    printed as Mermaid text.
    """
    from planroom.workbench.architecture import arch, system_in

    system = system_in(file)
    if listed:
        return _list(system, as_json=as_json)
    if judged or baseline or write_baseline:
        return _judge(system, baseline, write_baseline, fail_on, as_json=as_json)
    include = _include(only_tag, only_owner)
    diagram = arch(system, view, of=of, include=include, sequence=sequence)
    if path:
        diagram.save(path)
    seen = diagram.shown if str(path).lower().endswith((".svg", ".html")) else diagram.graph
    if as_json:
        object_of(
            "planroom.arch/1",
            source=file,
            view=view,
            file=path or "",
            text="" if path else str(diagram),
            summary=seen.summary,
            caption=seen.caption,
        )
    elif path:
        note(f"{path}: {seen.summary}" + (f" {seen.caption}" if seen.caption else ""))
    else:
        document(str(diagram))
    return 0


def _include(tags: tuple[str, ...], owners: tuple[str, ...]) -> Predicate | None:
    """Return what the words on the command line name; None for everything."""
    from functools import reduce
    from operator import or_

    from planroom.architecture import owner, tag

    wanted = [*map(tag, tags), *map(owner, owners)]
    return reduce(or_, wanted) if wanted else None


def _list(system: System, *, as_json: bool) -> int:
    from planroom.diagrams import architecture_views, graphs_of
    from planroom.display import text_table

    about = architecture_views()
    views = [
        (each.key, each.view, each.of, len(graph.nodes), about[each.view.replace("_", "-")].summary)
        for each, graph in graphs_of(system)
    ]
    names = ("name", "view", "of", "elements", "shows")
    if as_json:
        object_of("planroom.arch/1", views=[dict(zip(names, each, strict=True)) for each in views])
    else:
        text(text_table(names, views, numeric={3}))
    return 0


def _judge(system: System, baseline: str | None, write_baseline: str | None, fail_on: str, *, as_json: bool) -> int:
    from planroom.workbench import lint
    from planroom.workbench.lint_history import with_baseline, write_baseline_file

    report = lint(system)
    report = with_baseline(report, baseline) if baseline else report
    if write_baseline:
        write_baseline_file(report, write_baseline)
        note(f"{write_baseline}: {len(report.findings) + len(report.known)} findings are known from now on.")
    if as_json:
        object_of("planroom.lint/1", findings=finding_objects(report.findings), known=len(report.known))
    else:
        text(report)
    return 0 if write_baseline else exit_status((each.severity for each in report.findings), fail_on)
