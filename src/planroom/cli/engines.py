"""planroom engines: the databases that planroom can ask, and whether they can be used here."""

from __future__ import annotations

import dataclasses

import click

from planroom.cli._output import format_option, object_of, text

__all__ = ["command"]


@click.command(short_help="The databases that planroom can ask.")
@click.argument("name", required=False)
@format_option
def command(name: str | None, *, as_json: bool) -> int:
    """List the engines, or tell about the one called NAME; `planroom doctor` also tries them."""
    from planroom.display import text_table
    from planroom.engines import ENGINES

    kinds = [ENGINES[name]] if name else list(ENGINES)
    found = [(kind, kind.available()) for kind in kinds]
    if as_json:
        engines = [
            {"name": kind.name, "description": kind.describe(), **dataclasses.asdict(state)} for kind, state in found
        ]
        object_of("planroom.engines/1", engines=engines)
        return 0
    if name:
        ((kind, state),) = found
        facts = {
            "engine": kind.name,
            "what": kind.describe(),
            "version": state.version,
            "from" if state.available else "not here": state.reason,
            "fix": state.fix,
        }
        text(text_table((), [(key, value) for key, value in facts.items() if value]))
        return 0
    rows = [(kind.name, state.version if state.available else "not here", kind.describe()) for kind, state in found]
    text(text_table(("engine", "version", "what it is"), rows))
    return 0
