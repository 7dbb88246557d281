"""Queries and routines that stand between the statements of a design or a migration, judged with what is there then."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from planroom.linting.base import Judged
from planroom.sqltext import mentioned_relations, parse_postgres, statement_texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from planroom.ddl import Catalog
    from planroom.findings import Finding
    from planroom.model import Model
    from planroom.sqltext import Statement

    Asked = tuple[Model | None, list[tuple[str, str]]]
    """What is there, and the source and the text of scripts that ask it."""

__all__ = ["lint_between"]

_ASKS = re.compile(r"(?:\(*\s*select|with)\b.*?\bfrom\b", re.IGNORECASE | re.DOTALL)
_RUNS = re.compile(
    r"(?:create\s+(?:or\s+replace\s+)?(?:function|procedure)|do)\b.*?\bexecute\b", re.IGNORECASE | re.DOTALL
)
_KINDS = frozenset({"SelectStmt", "CreateFunctionStmt", "DoStmt"})
_OTHERS = re.compile(r"[^\n;]+")


def lint_between(
    scripts: Sequence[tuple[str, str]],
    *,
    model: Model | None = None,
    follow: bool = False,
    rows: Mapping[str, float] | None = None,
) -> Judged:
    """Return what the rules about queries find in PostgreSQL scripts that define or change.

    Only SELECT statements on tables and routines that execute texts are looked at. What else a script does to rows is
    the business of the rules about migrations.

    Args:
        scripts: The source and the text of each, in the order in which they run.
        model: What is there.
        follow: Each statement meets what those before it left of the model, or made; else all meet the model, and
            nothing is known of what is there where it is None.
        rows: Rows by table id, where they are known.
    """
    asking = [text for _, text in scripts if _may_ask(text)]
    if not any(_is_asked(each) for text in asking for each in statement_texts(text)):
        return Judged()
    from planroom.linting.queries import lint_queries

    findings: list[Finding] = []
    for state, asked in _following(scripts, model) if follow else [(model, [_asking(*each) for each in scripts])]:
        known = replace(state, routines=()) if state is not None else None  # those of the model are not the scripts'
        findings += lint_queries(asked, model=known, rows=rows, bodies=False).findings
    return Judged(tuple(findings))


def _may_ask(text: str) -> bool:
    lowered = text.lower()
    return "from" in lowered or "execute" in lowered


def _is_asked(text: str) -> bool:
    return bool(_ASKS.match(text) or _RUNS.match(text))


def _asks(statement: Statement) -> bool:
    return statement.kind in _KINDS and _is_asked(statement.text)


def _following(scripts: Iterable[tuple[str, str]], model: Model | None) -> Iterator[Asked]:
    """Yield the statements that ask, as scripts of their own, with what is there when they run."""
    from planroom.ddl import Catalog, apply, catalog_of

    catalog = catalog_of(model) if model is not None else Catalog()
    for source, text in scripts:
        asking: list[Statement] = []
        for statement in parse_postgres(text, source):
            if _asks(statement):
                asking.append(statement)
            if statement.kind != "SelectStmt":
                if asking:
                    yield _met(catalog, asking), [(source, _alone(text, asking))]
                    asking = []
                apply(catalog, statement, last=True)
        if asking:
            yield _met(catalog, asking), [(source, _alone(text, asking))]


def _met(catalog: Catalog, asking: Iterable[Statement]) -> Model:
    """Return what statements meet: no more than they name, for there may be thousands of tables."""
    queries = [each.text for each in asking if each.kind == "SelectStmt"]
    return catalog.part({name for text in queries for name in mentioned_relations(text)})


def _asking(source: str, text: str) -> tuple[str, str]:
    return source, _alone(text, [each for each in parse_postgres(text, source) if _asks(each)])


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _alone(text: str, statements: Iterable[Statement]) -> str:
    """Return a script in which some statements stand alone, each in its place."""
    text = text.removeprefix("\ufeff")
    parts, position = [], 0
    for each in statements:
        parts += [_OTHERS.sub(_blank, text[position : each.offset]), each.text]
        position = each.offset + len(each.text)
    return "".join([*parts, ";"] if parts else [])
