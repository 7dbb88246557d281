"""Models and catalogs compared line by line, so that a difference can be read."""

from __future__ import annotations

import dataclasses
import difflib
from typing import TYPE_CHECKING, Any

from planroom.engines.postgres.catalog import catalog_counts, catalog_fingerprint, model_counts
from planroom.model import Model, Routine
from planroom.sqltext import DataType, Expression

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.engines.postgres.engine import OwnedPostgres

__all__ = ["catalog_differences", "count_differences", "fingerprint", "model_differences"]


def model_differences(expected: Model, found: Model) -> list[str]:
    """Return what two models do not agree on, a line each; an empty list when they are equal."""
    return _changes(sorted(_lines(expected, "")), sorted(_lines(found, "")))


def catalog_differences(expected: dict[str, list[str]], found: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return by kind what two catalogs do not agree on."""
    changes = {
        kind: _changes(sorted(expected.get(kind, [])), sorted(found.get(kind, []))) for kind in {*expected, *found}
    }
    return {kind: lines for kind, lines in sorted(changes.items()) if lines}


def count_differences(engine: OwnedPostgres, model: Model) -> dict[str, tuple[int, int]]:
    """Return by kind how many objects the server has and the model has, where the two differ."""
    with engine.snapshot() as run:
        server = catalog_counts(run, _version(run))
    mine = model_counts(model)
    kinds = sorted({*server, *mine})
    return {
        kind: (server.get(kind, 0), mine.get(kind, 0)) for kind in kinds if server.get(kind, 0) != mine.get(kind, 0)
    }


def fingerprint(engine: OwnedPostgres) -> dict[str, list[str]]:
    """Return everything that the server's catalog says, by kind, a line an object."""
    with engine.snapshot() as run:
        return catalog_fingerprint(run, _version(run))


def _version(run: Any) -> int:
    return int(run("SELECT current_setting('server_version_num')")[0][0])


def _changes(expected: list[str], found: list[str]) -> list[str]:
    return [
        line for line in difflib.unified_diff(expected, found, lineterm="", n=0) if line[:2] not in {"--", "++", "@@"}
    ]


def _lines(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, Expression):
        yield f"{path} = {value.canonical}"
    elif isinstance(value, DataType):
        yield f"{path} = {value}"
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            cannot_tell = isinstance(value, Routine) and field.name == "body" and value.atomic
            if field.compare and not cannot_tell:
                yield from _lines(getattr(value, field.name), f"{path}.{field.name}")
    elif isinstance(value, tuple):
        yield f"{path} order = {[_label(each, number) for number, each in enumerate(value)]}"
        for number, each in enumerate(value):
            yield from _lines(each, f"{path}[{_label(each, number)}]")
    else:
        yield f"{path} = {value!r}"


def _label(value: Any, number: int) -> Any:
    return getattr(value, "id", None) or getattr(value, "name", None) or number
