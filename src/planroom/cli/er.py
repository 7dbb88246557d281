"""planroom er: the entity-relationship picture of a source."""

from __future__ import annotations

from typing import Any

import click

from planroom.cli._output import document, format_option, note, object_of
from planroom.cli._source import Source, finding_objects, note_findings, source_options, unread_objects

__all__ = ["command"]

_PICTURES = (".svg", ".html")
_MERMAID = (".mmd", ".mermaid", ".md")


@click.command(short_help="The entity-relationship picture of a source.")
@source_options
@click.option(
    "-o", "--output", "path", metavar="FILE", help="The picture: .svg or .html; .puml, .d2, .dot, .er, .mmd or .md."
)
@click.option("--focus", multiple=True, metavar="TABLE", help="Only what is near this table; may be repeated.")
@click.option("--hops", default=1, show_default=True, type=click.IntRange(min=0), help="How far near is, in relations.")
@click.option("--detail", metavar="LEVEL", help="columns, keys or names; by default the most that can be read.")
@click.option("--cluster", metavar="BY", help="Frames around each schema, context or community.")
@click.option(
    "--include",
    multiple=True,
    metavar="SELECTOR",
    help="Only tables such as sales.*, or those of context:NAME; may be repeated.",
)
@click.option("--exclude", multiple=True, metavar="SELECTOR", help="No tables such as *_log; may be repeated.")
@click.option("--views/--no-views", default=True, help="Draw views too.")
@click.option("--overview/--no-overview", default=None, help="Groups of tables: always, or never (a poster).")
@click.option("--infer", is_flag=True, help="Draw inferred relations too, dashed and with their scores.")
@click.option("--look", type=click.Choice(["planroom", "classic"]), default="planroom", help="classic is eralchemy2's.")
@format_option
def command(
    source: Source, *, path: str | None, look: str, as_json: bool, focus: tuple[str, ...], infer: bool, **options: Any
) -> int:
    """Draw SOURCE: its tables, their columns and keys, and how they relate.

    Without -o, the picture is printed as text: as Mermaid, or for the classic look as .er.
    """
    from planroom.workbench import er, infer_relations
    from planroom.workbench.unread import findings_of

    model = source.read()
    findings = findings_of(model)
    inferred = tuple(infer_relations(model)) if infer else ()
    diagram = er(model, focus=focus or None, relations=inferred, **options)
    picture = diagram.classic() if look == "classic" else diagram
    if path:
        picture.save(path)
    is_picture = bool(path) and look == "planroom" and str(path).lower().endswith(_PICTURES)
    seen = diagram.shown.summary if is_picture else diagram.graph.summary
    parts = len(diagram.mermaid_parts) if path and str(path).lower().endswith(_MERMAID) else 1
    if as_json:
        object_of(
            "planroom.er/1",
            source=source.shown,
            file=path or "",
            text="" if path else str(picture),
            summary=diagram.graph.summary,
            shown=seen,
            layout=diagram.layout.note if is_picture else "",
            parts=parts,
            findings=finding_objects(findings),
            unread=unread_objects(model),
        )
        return source.status(findings)
    if path:
        note(f"{path}: {seen}" + (f"; in {parts} parts" if parts > 1 else ""))
    else:
        document(str(picture))
    note_findings(findings)
    return source.status(findings)
