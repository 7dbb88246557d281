"""Whatever names something renamed is read under the new name, and no reference is in the table for nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from planroom.comparison import compare, renaming
from planroom.ddl import read_postgres
from planroom.model import Extension, Model, RangeType, Routine, Schema, Table
from planroom.sqltext import DataType

SCRIPT = """
CREATE SCHEMA s;
CREATE TYPE s.kind AS ENUM ('a', 'b', 'c');
CREATE TYPE s.line AS (street text, city text);
CREATE FUNCTION s.touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TABLE s.parent (
    id int PRIMARY KEY, code text NOT NULL UNIQUE, amount numeric(8, 2) CHECK (amount > 0), during int4range,
    kind s.kind DEFAULT 'a',
    CONSTRAINT apart EXCLUDE USING gist (during WITH &&) INCLUDE (amount) WHERE (amount > 1)
);
CREATE UNIQUE INDEX by_code ON s.parent (code) INCLUDE (amount) WHERE amount > 5;
CREATE UNIQUE INDEX whole ON s.parent (code);
ALTER TABLE s.parent CLUSTER ON by_code;
ALTER TABLE s.parent REPLICA IDENTITY USING INDEX whole;
CREATE STATISTICS s.together ON code, amount FROM s.parent;
CREATE TRIGGER touched BEFORE UPDATE OF amount ON s.parent FOR EACH ROW EXECUTE FUNCTION s.touch();
CREATE SEQUENCE s.numbers OWNED BY s.parent.amount;
CREATE TABLE s.child (
    number int PRIMARY KEY, parent_id int, since date,
    FOREIGN KEY (parent_id) REFERENCES s.parent (id) ON DELETE SET NULL (parent_id)
);
CREATE TABLE s.heir (more date) INHERITS (s.parent);
CREATE TABLE s.typed OF s.line;
CREATE TABLE s.parted (at date NOT NULL, what text, size bigint) PARTITION BY RANGE (at);
CREATE INDEX on_what ON s.parted (what);
CREATE TABLE s.part PARTITION OF s.parted FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE FUNCTION s.rows_of() RETURNS SETOF s.kind LANGUAGE sql AS 'SELECT NULL';
CREATE VIEW s.shown AS SELECT p.code, c.since FROM s.parent p JOIN s.child c ON c.parent_id = p.id;
"""

RENAMES = (
    "TABLE s.parent RENAME TO elder",
    "TABLE s.parent RENAME amount TO sum_of_it",
    "TABLE s.parent RENAME code TO code_of_it",
    "TABLE s.parent RENAME id TO id_of_it",
    "TABLE s.child RENAME parent_id TO elder_id",
    "TABLE s.parted RENAME TO divided",
    "INDEX s.by_code RENAME TO code_first",
    "INDEX s.whole RENAME TO code_whole",
    "INDEX s.on_what RENAME TO by_what",
    "TYPE s.kind RENAME TO sort",
    "TYPE s.line RENAME TO address",
)


def read(script: str) -> Model:
    model = read_postgres([("it.sql", script)])
    assert [each for each in model.unread if each.kind in {"broken", "structure"}] == []
    return model


OLD = read(SCRIPT)


def pairs() -> dict[str, tuple[Model, Model]]:
    """Return the model before and after each rename."""
    found = {rename: (OLD, read(f"{SCRIPT}; ALTER {rename}")) for rename in RENAMES}
    found |= {name: (change(OLD, ""), change(OLD, "_renamed")) for name, change in BY_HAND.items()}
    return found


# What the reader of scripts does not follow, the server does.


def _routine(model: Model, suffix: str) -> Model:
    routine = replace(next(each for each in model.routines if each.name == "touch"), name=f"touch{suffix}")
    trigger = replace(model.table("s.parent").triggers[0], function=f"s.touch{suffix}")
    span = RangeType(schema="s", name="span", subtype=DataType("date"), options=(("subtype_diff", f"s.touch{suffix}"),))
    return Model(tables=(Table(schema="s", name="t", triggers=(trigger,)),), routines=(routine,), range_types=(span,))


def _indexes(model: Model, suffix: str) -> Model:
    index = replace(model.table("s.parent").indexes[0], name=f"by_code{suffix}")
    named = {"clustered_on": index.name, "replica_identity": index.name}
    return Model(tables=(Table(schema="s", name="t", indexes=(index,), **named),))


def _types(model: Model, suffix: str) -> Model:
    composite = replace(model.composite_types[0], name=f"line{suffix}")
    routine = Routine(schema="s", name="f", returns=f"SETOF s.line{suffix}")
    typed = Table(schema="s", name="t", of_type=composite.id)
    return Model(composite_types=(composite,), routines=(routine,), tables=(typed,))


def _schema(model: Model, suffix: str) -> Model:
    name = f"s{suffix}"
    enums = tuple(replace(each, schema=name) for each in model.enums)
    return Model(schemas=(Schema(name=name),), enums=enums, extensions=(Extension(name="e", schema=name),))


BY_HAND: dict[str, Callable[[Model, str], Model]] = {
    "routine": _routine, "indexes": _indexes, "types": _types, "schema": _schema,
}  # fmt: skip


def additions() -> list[str]:
    """Return what is said beyond the rename itself."""
    return [
        f"{name}: {change}"
        for name, (old, new) in pairs().items()
        for change in compare(old, new).changes
        if change.state != "renamed"
    ]


@pytest.mark.parametrize("name", pairs())
def test_a_rename_is_the_only_change(name: str) -> None:
    found = compare(*pairs()[name]).changes

    assert [str(change.state) for change in found] == ["renamed"], list(map(str, found))


@pytest.mark.parametrize("field", renaming.REFERENCES)
def test_without_its_line_a_reference_would_look_changed(field: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        renaming, "REFERENCES", {name: how for name, how in renaming.REFERENCES.items() if name != field}
    )

    assert additions()
