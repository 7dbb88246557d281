"""Scripts of which nothing could be read: an empty model in their place would be a lie."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from planroom.errors import SourceError, SyntaxProblem
from planroom.sqltext.dialects import guess_dialect, product
from planroom.sqltext.splitting import skip_blank

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planroom.formats import Document
    from planroom.model import Model
    from planroom.model.schemas import Unread

__all__ = ["refuse_nothing"]

_MOST_NAMED = 3


def refuse_nothing(model: Model, documents: Sequence[Document], *, dialect: str = "postgres") -> None:
    """Return when the scripts made anything, or hold something that the model has no place for.

    Args:
        model: What was read.
        documents: From what.
        dialect: In which dialect they were read.

    Raises:
        SourceError: The scripts hold no statement, or none that makes anything.
        SyntaxProblem: What they hold does not parse; the message says what dialect it looks like.
    """
    if _makes_something(model):
        return
    broken = [each for each in model.unread if each.kind == "broken"]
    blank = all(skip_blank(each.text, 0) >= len(each.text.rstrip()) for each in documents)
    if not model.unread and not blank:
        return  # a text that says of itself that it is a model without tables
    if broken:
        raise _unparsed(documents, broken, len(model.unread), dialect)
    raise SourceError(
        f"{_named(documents)} makes no table, nor anything else.",
        why=_idle(model.unread) if model.unread else _blank(documents),
        fix="give the script that makes the tables; `pg_dump --schema-only` writes one.",
    )


def _makes_something(model: Model) -> bool:
    kinds = (
        model.tables, model.views, model.enums, model.domains, model.composite_types, model.range_types,
        model.sequences, model.routines, model.extensions,
    )  # fmt: skip
    own_schemas = any(schema.name != "public" for schema in model.schemas)
    return any(kinds) or own_schemas or any(each.kind == "structure" for each in model.unread)


def _named(documents: Sequence[Document]) -> str:
    names = [repr(each.source) for each in documents]
    if names == ["'<text>'"]:
        return "The text"
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(names[:_MOST_NAMED]) + more


def _blank(documents: Sequence[Document]) -> str:
    if any(each.text.strip() for each in documents):
        return "it holds nothing but comments."
    return "it is empty."


def _idle(unread: Sequence[Unread]) -> str:
    kinds = Counter(each.kind for each in unread)
    return "it holds only " + ", ".join(f"{number} × {kind}" for kind, number in sorted(kinds.items())) + "."


def _unparsed(documents: Sequence[Document], broken: Sequence[Unread], total: int, dialect: str) -> SourceError:
    first = broken[0]
    guess = next(filter(None, (guess_dialect(each.text) for each in documents)), "")
    foreign = guess not in {"", dialect}
    number = "its only statement" if total == 1 else f"{len(broken):,} of its {total:,} statements"
    looks = f", and it looks like {product(guess)}" if foreign else ""
    return SyntaxProblem(
        f"Nothing in {_named(documents)} could be read as {'PostgreSQL' if dialect == 'postgres' else dialect}.",
        where=str(first.location),
        why=f"{number} cannot be used{looks}; the first: {first.reason}.",
        fix=f"read it so: --from {guess}, or format={guess!r}."
        if foreign
        else "correct the statement, or say what format it is in.",
    )
