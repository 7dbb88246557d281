"""A script of any dialect, read statement by statement into a model."""

from __future__ import annotations

from collections.abc import Iterable

from planroom.formats._sql.drafts import Catalog, LeftAlone, Problem
from planroom.formats._sql.finishing import model_of
from planroom.formats._sql.statements import apply, left_alone
from planroom.formats._sql.stating import Stated
from planroom.model import Model, Unread
from planroom.sqltext.cursor import Cursor, UnexpectedToken
from planroom.sqltext.scripts import Part, split_script
from planroom.sqltext.statements import Script

__all__ = ["read_script"]

_HEAD = 200


def read_script(documents: Iterable[tuple[str, str]], dialect: str) -> Model:
    """Return the model that the scripts, run in this order, would make; nothing is run.

    A statement that cannot be read costs that statement alone: it is kept in ``unread`` with its place and the reason.

    Args:
        documents: Sources and texts.
        dialect: The scripts' dialect, as sqlglot names it.
    """
    catalog = Catalog(dialect)
    for source, text in documents:
        script = Script(text.removeprefix("\ufeff"), source)
        for part in split_script(script.text, dialect):
            _read(catalog, part, script)
    return model_of(catalog, catalog.unread)


def _read(catalog: Catalog, part: Part, script: Script) -> None:
    left = left_alone(part.text)
    # Rows are most of a dump: of what is left alone, only the first words become tokens.
    stated = Stated(Cursor(part.text[:_HEAD] if left else part.text, catalog.dialect), part, script)
    what = stated.what
    try:
        if left:
            raise left
        apply(catalog, stated)
    except LeftAlone as found:
        _keep(catalog, stated, found.kind, what, found.reason)
    except UnexpectedToken as problem:
        _keep(catalog, stated, "broken", what, str(problem), problem.offset)
    except Problem as problem:
        _keep(catalog, stated, "broken", what, str(problem))


def _keep(catalog: Catalog, stated: Stated, kind: str, what: str, reason: str, offset: int = 0) -> None:
    catalog.unread.append(
        Unread(kind=kind, what=what, reason=reason, text=stated.part.text, location=stated.location(offset))
    )
