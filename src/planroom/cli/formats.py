"""planroom formats: what planroom reads and writes."""

from __future__ import annotations

import click

from planroom.cli._output import format_option, object_of, text

__all__ = ["command"]


@click.command(short_help="What planroom reads and writes.")
@click.argument("name", required=False)
@format_option
def command(name: str | None, *, as_json: bool) -> int:
    """List the formats, or tell about the one called NAME."""
    from planroom.display import text_table
    from planroom.formats import FORMATS

    chosen = [FORMATS[name]] if name else list(FORMATS)
    if as_json:
        formats = [
            {
                "name": each.name,
                "summary": each.summary,
                "reads": each.reads,
                "writes": each.writes,
                "suffixes": list(each.suffixes),
                "loses": list(each.loses),
            }
            for each in chosen
        ]
        object_of("planroom.formats/1", formats=formats)
        return 0
    if name:
        (each,) = chosen
        facts = [
            ("format", each.name),
            ("what", each.summary),
            ("can be", " and ".join(_abilities(reads=each.reads, writes=each.writes))),
            ("files", " ".join(each.suffixes)),
            *(("does not keep", loss) for loss in each.loses),
        ]
        text(text_table((), [fact for fact in facts if fact[1]]))
        return 0
    rows = [
        (each.name, " ".join(_abilities(reads=each.reads, writes=each.writes)), " ".join(each.suffixes), each.summary)
        for each in chosen
    ]
    text(text_table(("format", "can be", "files", "what it is"), rows))
    return 0


def _abilities(*, reads: bool, writes: bool) -> list[str]:
    return ["read"] * reads + ["written"] * writes
