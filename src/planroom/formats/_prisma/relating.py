"""Relations as foreign keys, and the tables that Prisma makes between two lists.

Source: Prisma's documentation, "Referential actions" (the defaults) and "Many-to-many relations" (the tables' layout).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planroom.changing import replace
from planroom.formats._prisma.naming import constraint_name
from planroom.formats._prisma.tables import Draft, Settings
from planroom.model import Column, ForeignKey, Index, IndexColumn, PrimaryKey, Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from planroom.formats._prisma.syntax import Attribute, Field
    from planroom.formats._text.sources import Notebook

__all__ = ["between", "relate"]

_ACTIONS = {
    "Cascade": "cascade", "Restrict": "restrict", "NoAction": "no action", "SetNull": "set null",
    "SetDefault": "set default",
}  # fmt: skip


def relate(draft: Draft, drafts: Mapping[str, Draft], settings: Settings, notebook: Notebook) -> None:
    """Give a table the foreign keys of its model's relations; what leads nowhere is noted."""
    for each in draft.block.fields:
        target = drafts.get(each.type)
        attribute = each.attribute("relation")
        if target and attribute and attribute.value("fields"):
            key, reason = _foreign_key(draft, each, attribute, target, settings, notebook)
            if key:
                draft.foreign_keys.append(key)
            else:
                notebook.wrong(draft.source, f"relation {each.name}", reason, each.place, each.end)


def _foreign_key(
    draft: Draft, each: Field, attribute: Attribute, target: Draft, settings: Settings, notebook: Notebook
) -> tuple[ForeignKey | None, str]:
    """Return the foreign key of a relation; or none, and why."""
    own, missing = _columns(draft, attribute, "fields", notebook)
    other, absent = _columns(target, attribute, "references", notebook)
    if missing or absent:
        return None, missing or absent
    if len(own) != len(other):
        return None, f"{len(own)} fields refer to {len(other)}: name as many on both sides"
    origin = draft.source.at(each.place, each.place + len(each.name))
    deleted = "set null" if each.arity == "?" else "no action" if settings.provider == "sqlserver" else "restrict"
    key = ForeignKey(
        name=attribute.text("map") or constraint_name(settings.provider, draft.name, own, "fkey"),
        columns=own,
        referenced_table=target.id,
        referenced_columns=other,
        on_delete=_ACTIONS.get(attribute.text("onDelete"), deleted),
        on_update=_ACTIONS.get(attribute.text("onUpdate"), "cascade"),
        validated=settings.enforced,
        enforced=settings.enforced,
        origin=origin,
    )
    return key, ""


def _columns(draft: Draft, attribute: Attribute, side: str, notebook: Notebook) -> tuple[tuple[str, ...], str]:
    """Return the columns of one side of a relation; or none, and why."""
    value = attribute.value(side)
    if value is None or not value.items:
        return (), f"the relation names no {side}"
    for item in value.items:
        if item.text not in draft.columns:
            hint = notebook.did_you_mean(item.text, draft.columns)
            return (), f"{draft.block.name} has no field {item.text!r} with a column{hint}"
    return tuple(draft.columns[item.text].name for item in value.items), ""


# -- many to many ------------------------------------------------------------------------------------------------------


class _Lists(NamedTuple):
    """Two models whose lists lead to each other, in the order of their names, and the name of the relation."""

    first: Draft
    second: Draft
    name: str


def between(drafts: Mapping[str, Draft], settings: Settings) -> Iterator[Table]:
    """Yield the tables that Prisma makes for lists that lead to each other."""
    for lists in _lists(drafts):
        if lists.first.primary_key and lists.second.primary_key:
            yield _table(lists, settings)


def _lists(drafts: Mapping[str, Draft]) -> Iterator[_Lists]:
    listed: dict[tuple[str, str, str], list[str]] = {}
    for name, draft in drafts.items():
        for each in draft.block.fields:
            if each.arity == "[]" and each.type in drafts:
                listed.setdefault((name, each.type, _relation_name(each)), []).append(each.name)
    for (owner, other, relation), fields in listed.items():
        opposite = listed.get((other, owner, relation), [])
        if (owner < other and opposite) or (owner == other and len(fields) > 1):
            yield _Lists(drafts[owner], drafts[other], relation or f"{owner}To{other}")


def _relation_name(each: Field) -> str:
    attribute = each.attribute("relation")
    return attribute.text("name", first=True) if attribute else ""


def _table(lists: _Lists, settings: Settings) -> Table:
    name = f"_{lists.name}"
    owners = {"A": lists.first, "B": lists.second}
    columns, keys = [], []
    for letter, owner in owners.items():
        identity = _identity(owner)
        kept = replace(identity, name=letter, default=None, identity=None, nullable=False, comment="")
        columns.append(replace(kept, origin=lists.first.origin))
        keys.append(
            ForeignKey(
                name=f"{name}_{letter}_fkey",
                columns=(letter,),
                referenced_table=owner.id,
                referenced_columns=(identity.name,),
                on_delete="cascade",
                on_update="cascade",
                validated=settings.enforced,
                enforced=settings.enforced,
                origin=lists.first.origin,
            )
        )
    pair = (IndexColumn(column="A"), IndexColumn(column="B"))
    keyed = settings.dialect == "postgres"
    unique = [] if keyed else [Index(name=f"{name}_AB_unique", columns=pair, unique=True)]
    return Table(
        schema=lists.first.schema,
        name=name,
        columns=tuple(columns),
        primary_key=PrimaryKey(name=f"{name}_AB_pkey", columns=("A", "B")) if keyed else None,
        foreign_keys=tuple(keys),
        indexes=(*unique, Index(name=f"{name}_B_index", columns=pair[1:])),
        origin=lists.first.origin,
    )


def _identity(draft: Draft) -> Column:
    """Return the column of a model's key; one of several columns cannot stand in a list."""
    name = draft.primary_key.columns[0] if draft.primary_key else ""
    return next(column for column in draft.columns.values() if column.name == name)
