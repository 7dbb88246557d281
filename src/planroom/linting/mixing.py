"""Queries and routines that stand between the statements of a design or a migration, judged with what is there then."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from planroom.linting.base import Judged
from planroom.sqltext import mentioned_relations, parse_postgres, statement_texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from planroom.ddl import Catalog
    from planroom.findings import Finding
    from planroom.model import Model
    from planroom.sqltext import Statement

    Asked = tuple[Model | None, list[tuple[str, str]]]
    """What is there, and the source and the text of scripts that ask it."""

__all__ = ["Between", "lint_between"]

_ASKS = re.compile(r"(?:\(*\s*select|with)\b.*?\bfrom\b", re.IGNORECASE | re.DOTALL)
_RUNS = re.compile(
    r"(?:create\s+(?:or\s+replace\s+)?(?:function|procedure)|do)\b.*?\bexecute\b", re.IGNORECASE | re.DOTALL
)
_KINDS = frozenset({"SelectStmt", "CreateFunctionStmt", "DoStmt"})
_OTHERS = re.compile(r"[^\n;]+")


def lint_between(
    scripts: Sequence[tuple[str, str]], *, model: Model | None = None, rows: Mapping[str, float] | None = None
) -> Judged:
    """Return what the rules find in queries and routines that stand in PostgreSQL scripts, where all meet one model.

    Only SELECT statements on tables and routines that execute texts are looked at. What else a script does to rows is
    the business of the rules about migrations.

    Args:
        scripts: The source and the text of each.
        model: What is there; nothing is known of it where it is None.
        rows: Rows by table id, where they are known.
    """
    asking = [_asking(*each) for each in scripts if _holds_questions(each[1])]
    temporary = frozenset(name for _, text in scripts for name in _temporary_in(text))
    return _judged([(model, asking)] if asking else [], rows, temporary)


class Between:
    """What stands between the steps of a migration, gathered while they are folded, with what is there then."""

    def __init__(self, scripts: Iterable[tuple[str, str]]) -> None:
        self._texts = {source: text for source, text in scripts if _holds_questions(text)}
        self._unheld = frozenset(name for text in self._texts.values() for name in _temporary_in(text))
        self._asking: list[Statement] = []
        self._found: list[Asked] = []

    def follow(self, statement: Statement, catalog: Catalog) -> None:
        """Look at a statement before it is folded."""
        if statement.location.source not in self._texts:
            return
        if _asks(statement):
            self._asking.append(statement)
        if statement.kind != "SelectStmt":
            self.arrive(catalog)

    def arrive(self, catalog: Catalog) -> None:
        """Note what the statements that wait meet: the next changes it, or the script ends."""
        if self._asking:
            source = self._asking[0].location.source
            self._unheld |= {name.lower() for _, name in catalog.obscure}
            self._found.append((_met(catalog, self._asking), [(source, _alone(self._texts[source], self._asking))]))
            self._asking = []

    def judged(self, rows: Mapping[str, float] | None = None) -> Judged:
        """Return what the rules about queries find in what was gathered; see `lint_between`."""
        return _judged(self._found, rows, self._unheld)


def _judged(found: Sequence[Asked], rows: Mapping[str, float] | None, unheld: frozenset[str]) -> Judged:
    if not found:
        return Judged()
    from planroom.linting.queries import lint_queries

    findings: list[Finding] = []
    for state, asking in found:
        known = replace(state, routines=()) if state is not None else None  # those of the model are not the scripts'
        findings += lint_queries(asking, model=known, rows=rows, bodies=False, made=unheld).findings
    return Judged(tuple(findings))


def _temporary_in(text: str) -> Iterable[str]:
    """Return the names of temporary tables, which no model holds."""
    from planroom.resolving.query_tables import names_made_in

    return names_made_in(text, temporary=True) if "temp" in text.lower() else ()


def _holds_questions(text: str) -> bool:
    return _may_ask(text) and any(map(_is_asked, statement_texts(text)))


def _may_ask(text: str) -> bool:
    lowered = text.lower()
    return "from" in lowered or "execute" in lowered


def _is_asked(text: str) -> bool:
    return bool(_ASKS.match(text) or _RUNS.match(text))


def _asks(statement: Statement) -> bool:
    return statement.kind in _KINDS and _is_asked(statement.text)


def _met(catalog: Catalog, asking: Iterable[Statement]) -> Model:
    """Return what statements meet: no more than they name, for there may be thousands of tables."""
    queries = [each.text for each in asking if each.kind == "SelectStmt"]
    return catalog.part({name for text in queries for name in mentioned_relations(text)})


def _asking(source: str, text: str) -> tuple[str, str]:
    return source, _alone(text, [each for each in parse_postgres(text, source, templates=True) if _asks(each)])


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
