"""One walk over a model that makes it one of another dialect."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property
from typing import Any

from planroom.errors import FormatError
from planroom.findings import Finding
from planroom.formats._translation.abilities import ABILITIES
from planroom.formats._translation.columns import Columns
from planroom.formats._translation.expressions import query_in_dialect
from planroom.formats._translation.naming import Places
from planroom.formats._translation.noting import Notes
from planroom.formats._translation.tables import Tables
from planroom.model import Model, Schema, View
from planroom.sqltext.dialect_expressions import query_tables

__all__ = ["translated"]


def translated(model: Model, to: str) -> tuple[Model, tuple[Finding, ...]]:
    """Return a model in another dialect, and a finding for everything that is lost or changed on the way.

    A model of that dialect is returned as it is.

    Raises:
        FormatError: planroom does not write the dialect.
    """
    if model.dialect == to:
        return model, ()
    if to not in ABILITIES:
        raise FormatError(
            f"This model cannot be written as {to}: planroom does not write it.",
            why=f"it writes {', '.join(ABILITIES)}.",
        )
    return _Translation(model, to).result()


class _Translation:
    def __init__(self, model: Model, to: str) -> None:
        self.model = model
        self.to = to
        self.target = ABILITIES[to]
        self.notes = Notes(model.dialect, self.target)
        self.places = Places(model, self.target, self.notes)
        self.columns = Columns(model, to, self.places, self.notes)

    def result(self) -> tuple[Model, tuple[Finding, ...]]:
        self._left_out()
        tables = Tables(self.model, self.to, self.places, self.columns, self.notes).translated()
        views = self._views({each.id for each in self.model.tables if each.id in self.columns.written})
        enums = self.columns.enums()
        schemas = {each.schema for found in (tables, views, enums) for each in found}
        schemas |= {"public"} if self.to == "postgres" else set()  # which a database of PostgreSQL always has
        made = Model(
            name=self.model.name,
            dialect=self.to,
            schemas=tuple(Schema(name=each) for each in sorted(schemas - {""})),
            tables=_sorted(tables),
            views=_sorted(views),
            enums=_sorted(enums),
            sequences=_sorted(self._sequences()),
            findings=self.model.findings,
        )
        return made, tuple(self.notes.found)

    def _left_out(self) -> None:
        """Note the objects of which the dialect has none; from PostgreSQL's own to another nothing of them is kept."""
        model = self.model
        gone: list[tuple[str, Iterable[Any]]] = [
            ("routine", model.routines),
            ("range type", model.range_types),
            ("extension", (each for each in model.extensions if each.name != "plpgsql")),
        ]
        for kind, objects in gone:
            for each in objects:
                subject = getattr(each, "id", each.name)
                self.notes.add("object-left-out", subject, f"the {kind} {subject} is left out", each.origin)
        for domain in model.domains:
            message = f"the domain {domain.id} is its type {domain.type} in every column; its checks move there"
            self.notes.add("object-changed", domain.id, message, domain.origin)

    def _sequences(self) -> Iterable[Any]:
        for each in self.model.sequences:
            if self.target.sequences:
                schema, name = self.places.of(each.schema, each.name)
                yield replace(each, schema=schema, name=name, owned_by="")
            elif each.id not in self.columns.replaced_sequences:
                self.notes.add("object-left-out", each.id, f"the sequence {each.id} is left out", each.origin)

    # -- views -------------------------------------------------------------------------------------------------------

    def _views(self, known: set[str]) -> list[View]:
        """Return the views that can be translated, and that name nothing that is left out."""
        pending = {each.id: each for each in self.model.views}
        found: dict[str, View] = {}
        for view in pending.values():
            made = self._view(view)
            if made:
                found[view.id] = made
        return [each for key, each in found.items() if self._names_only(pending[key], known | found.keys())]

    def _view(self, view: View) -> View | None:
        query, reason = query_in_dialect(
            view.query,
            self.model.dialect,
            self.to,
            own_types=self.columns.own_types,
            booleans=self.columns.all_booleans,
            texts=self.columns.texts,
        )
        if query is None:
            self.notes.add("expression-left-out", view.id, f"the view {view.id} is left out: {reason}", view.origin)
            return None
        if view.materialised and not self.target.materialised:
            self.notes.add(
                "object-changed", view.id, f"the materialised view {view.id} becomes a plain view", view.origin
            )
        schema, name = self.places.of(view.schema, view.name)
        own = view.materialised and self.target.materialised
        return replace(
            view,
            schema=schema,
            name=name,
            query=self.places.moved(query, self.to),
            materialised=own,
            indexes=(),
            triggers=(),
            options=tuple(each for each in view.options if each[0] == "check_option" and self.target.comments),
            columns=tuple(replace(each, comment=each.comment if self.target.comments else "") for each in view.columns),
            comment=view.comment if self.target.comments else "",
            tablespace="",
        )

    def _names_only(self, view: View, known: set[str]) -> bool:
        """Whether the query names nothing that is left out; what stands outside the model is let through."""
        for schema, name in query_tables(view.query.text, self.model.dialect):
            for each in self._ids.get(name.casefold(), ()):
                if each not in known and (not schema or each.casefold().startswith(schema.casefold())):
                    self.notes.add(
                        "object-left-out", view.id, f"the view {view.id} is left out: it names {each}", view.origin
                    )
                    return False
        return True

    @cached_property
    def _ids(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for each in self.model.tables_and_views:
            found.setdefault(each.name.casefold(), []).append(each.id)
        return found


def _sorted(objects: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(sorted(objects, key=lambda each: each.id))
