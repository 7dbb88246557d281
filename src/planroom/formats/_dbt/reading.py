"""A model from dbt's YAML: resources become tables, claims their constraints."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from planroom.collector import put_off
from planroom.errors import PlanroomError, SourceError, SyntaxProblem, nearest
from planroom.findings import Finding, Fix, Location, Severity
from planroom.formats._dbt import PROJECT_FILE
from planroom.formats._dbt.claims import Claim, claims_of
from planroom.formats._dbt.constraints import constraints_of
from planroom.formats._dbt.jinja import unescaped
from planroom.formats._dbt.nodes import Node, parsed
from planroom.formats._dbt.resources import Project, Resource, annotations_of, project
from planroom.formats.base import Document
from planroom.model import Column, Model, Schema, Table, Unread, quote_identifier
from planroom.sqltext import BUILTIN_TYPE_NAMES, DataType, parse_type

__all__ = ["model_of"]

_DIRECTORIES = ("models", "seeds", "snapshots", "sources")


@put_off()
def model_of(documents: Sequence[Document]) -> Model:
    """Return the model that the YAML files of a project describe.

    Raises:
        SyntaxProblem: None of them is YAML.
        SourceError: None of them describes a model, seed, snapshot or source; or one is a bomb of aliases.
    """
    roots, broken = _roots(documents)
    schemas = [root for root in roots if not _is_project(root)]
    found = project(schemas)
    found.unread[:0] = broken
    if not found.resources and not any(each.kind == "broken" for each in found.unread):
        raise _nothing(documents)
    for root in roots:
        if _is_project(root):
            _note_settings(found, root)
    tables = _tables(found)
    return Model(
        name=next((root.get("name").text for root in roots if _is_project(root)), ""),
        schemas=tuple(
            Schema(name=name, comment=found.schemas.get(name, "")) for name in sorted({each.schema for each in tables})
        ),
        tables=tables,
        unread=tuple(found.unread),
        findings=tuple(_doubtful_types(tables)),
    )


def _roots(documents: Sequence[Document]) -> tuple[list[Node], list[Unread]]:
    """Return the trees; a file that is no YAML costs itself alone, unless it is the only one."""
    roots, broken = [], []
    for document in documents:
        try:
            roots.append(parsed(document))
        except SyntaxProblem as error:
            if len(documents) == 1:
                raise
            broken.append(_unread(document, error))
    return roots, broken


def _unread(document: Document, error: PlanroomError) -> Unread:
    line, column = (int(part) for part in error.where.removeprefix(document.source).split(":")[1:] or (0, 0))
    place = Location(document.source, line, column)
    return Unread(kind="broken", what=document.source, reason=error.why.rstrip("."), text=document.text, location=place)


def _is_project(root: Node) -> bool:
    """Whether a tree is that of a ``dbt_project.yml``."""
    return "config-version" in root.fields or any(root.get(key).kind == "mapping" for key in _DIRECTORIES)


def _note_settings(found: Project, root: Node) -> None:
    for key in _DIRECTORIES:
        if root.get(key).fields:
            found.note("session", f"{key} in {PROJECT_FILE}", "settings of folders are not applied", root.get(key))


def _nothing(documents: Sequence[Document]) -> SourceError:
    names = ", ".join(repr(each.source) for each in documents[:3])
    return SourceError(
        f"{names} describes no dbt model, seed, snapshot or source.",
        why="none of these keys stands at its top, or below them stands nothing.",
        fix="give a properties file such as models/schema.yml, or the folder of the project.",
    )


def _tables(found: Project) -> tuple[Table, ...]:
    claims = {name: list(claims_of(found, each)) for name, each in found.resources.items()}
    implied = _implied(claims)
    tables = [_table(found, each, claims[name], implied[name]) for name, each in found.resources.items()]
    return tuple(sorted(tables, key=lambda each: each.id))


def _implied(claims: dict[str, list[Claim]]) -> dict[str, dict[str, Location]]:
    """Return the columns that constraints and tests name, of each table, by where they are named."""
    found: dict[str, dict[str, Location]] = defaultdict(dict)
    for name, mine in claims.items():
        for claim in mine:
            for column in claim.columns:
                found[name].setdefault(column, claim.location)
            for column in claim.target_columns:
                found[claim.target].setdefault(column, claim.location)
    return found


def _table(found: Project, resource: Resource, claims: list[Claim], implied: dict[str, Location]) -> Table:
    columns = _columns(found, resource, implied)
    constraints = constraints_of(resource.table, claims)
    for each in constraints.further_primary_keys:
        found.unread.append(_second_key(resource, each))
    return Table(
        schema=resource.schema,
        name=resource.table,
        columns=tuple(replace(each, nullable=each.name not in constraints.not_null) for each in columns.values()),
        primary_key=constraints.primary_key,
        unique_constraints=constraints.unique,
        foreign_keys=constraints.foreign_keys,
        checks=constraints.checks,
        comment=unescaped(resource.description),
        annotations=annotations_of(found, f"{resource.kind} {resource.id}", resource.metas, resource.owner),
        origin=resource.location,
    )


def _second_key(resource: Resource, claim: Claim) -> Unread:
    what, reason = f"primary key of {resource.id}", "the table has another already; list all columns at the table"
    return Unread(kind="broken", what=what, reason=reason, text=", ".join(claim.columns), location=claim.location)


# -- columns -----------------------------------------------------------------------------------------------------------

_COLUMN_KEYS = {"name", "data_type", "description", "constraints", "tests", "data_tests", "meta", "quote"}


def _columns(found: Project, resource: Resource, implied: dict[str, Location]) -> dict[str, Column]:
    columns: dict[str, Column] = {}
    for node in resource.columns:
        name = unescaped(node.get("name").text)
        what = f"column {resource.id}.{quote_identifier(name)}"
        if not name or name in columns:
            found.note("broken", what, "it is described twice" if name else "it has no name", node)
        else:
            columns[name] = _column(found, what, name, node)
    for name, place in implied.items():
        columns.setdefault(name, Column(name, DataType.UNKNOWN, origin=place))
    return columns


def _column(found: Project, what: str, name: str, node: Node) -> Column:
    config = node.get("config")
    for level, known in ((node, {*_COLUMN_KEYS, "config"}), (config, {"meta"})):
        for key, value in level.fields.items():
            if key not in known:
                found.note("session", f"{key} of {what}", "the model has no place for it", value)
    return Column(
        name,
        _type(unescaped(node.get("data_type").text)),
        comment=unescaped(node.get("description").text),
        annotations=annotations_of(found, what, (node.get("meta"), config.get("meta"))),
        origin=node.location,
    )


def _type(text: str) -> DataType:
    """Return the type that a text names; that of another database is kept as it is written."""
    if not text.strip():
        return DataType.UNKNOWN
    try:
        return parse_type(text)
    except SyntaxProblem:
        return DataType(text.strip())


def _doubtful_types(tables: Iterable[Table]) -> Iterable[Finding]:
    """Yield what nobody can make a table of: columns without a type, and types that PostgreSQL has not."""
    columns = [column for table in tables for column in table.columns]
    untyped = [each for each in columns if each.type == DataType.UNKNOWN]
    if untyped:
        yield _finding(
            "DBT001", "column-without-type", untyped[0].origin,
            f"{len(untyped)} of {len(columns)} columns have no data_type, the first is {untyped[0].name!r}",
            "Nobody can make a table of them.", "add data_type to each, and enforce the model's contract",
        )  # fmt: skip
    foreign: dict[str, Column] = {}
    for each in columns:
        if not each.type.schema and each.type.name not in BUILTIN_TYPE_NAMES and each.type != DataType.UNKNOWN:
            foreign.setdefault(each.type.name, each)
    for name, column in sorted(foreign.items()):
        close = nearest(name, BUILTIN_TYPE_NAMES)
        yield _finding(
            "DBT002", "type-of-another-database", column.origin, f"PostgreSQL has no type {name!r}",
            "dbt hands types on to whatever database it works with.",
            f"for PostgreSQL, perhaps {close}" if close else "",
        )  # fmt: skip


def _finding(code: str, slug: str, place: Location, message: str, why: str, fix: str) -> Finding:
    return Finding(
        code=code, slug=slug, severity=Severity.NOTE, message=message, location=place, why=why,
        fix=Fix(fix) if fix else None,
    )  # fmt: skip
