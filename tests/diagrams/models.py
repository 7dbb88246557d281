"""Models for pictures: small ones by hand, large ones by rule. No reader is needed."""

from __future__ import annotations

import re
from random import Random

from planroom.model import (
    Annotations,
    Column,
    Enum,
    ForeignKey,
    Index,
    IndexColumn,
    Model,
    Partition,
    Partitioning,
    PrimaryKey,
    Table,
    Unique,
)
from planroom.sqltext import DataType, Expression, qualified

WORDS = (
    "account address agreement album article asset attribute audit badge balance basket batch booking brand branch "
    "budget campaign carrier category channel claim comment contract coupon course credit currency customer delivery "
    "device discount document employee event feature feedback file group image incident inventory invoice item job "
    "language ledger licence location manifest market media member menu message metric note notification offer option "
    "order outlet package page parcel partner payment permission person plan policy position price product profile "
    "project promotion provider quote rating refund region report request return review role route rule sale schedule "
    "segment session setting shipment shop slot status stock store subscription supplier survey tag task tax team "
    "template ticket token transfer user variant vendor version visit voucher wallet warehouse"
).split()

_COLUMN = re.compile(r"(?P<name>\S+) (?P<type>[^!?>#]+?)(?P<marks>(?: [!?#u]| >\S+| pii)*)$")


def table(name: str, *columns: str, schema: str = "public", unique: tuple[tuple[str, ...], ...] = (), **more) -> Table:
    """Return a table from lines such as ``id bigint !`` (primary key), ``email text u`` (unique),
    ``customer_id bigint >customers`` (references customers.id), ``note text ?`` (nullable), ``at date #`` (indexed).
    """
    made, primary, foreign, uniques, indexes = [], [], [], list(unique), []
    for line in columns:
        match = _COLUMN.match(line)
        assert match, line
        column, marks = match["name"], match["marks"].split()
        made.append(
            Column(
                column,
                DataType(match["type"].strip()),
                nullable="?" in marks,
                annotations=Annotations(pii="email") if "pii" in marks else Annotations(),
            )
        )
        if "!" in marks:
            primary.append(column)
        if "u" in marks:
            uniques.append((column,))
        if "#" in marks:
            indexes.append(Index(name=f"{name}_{column}_idx", columns=(IndexColumn(column),)))
        for mark in marks:
            if mark.startswith(">"):
                target = mark[1:] if "." in mark else f"{schema}.{mark[1:]}"
                foreign.append(
                    ForeignKey(
                        name=f"{name}_{column}_fkey",
                        columns=(column,),
                        referenced_table=target,
                        referenced_columns=("id",),
                    )
                )
    return Table(
        schema=schema,
        name=name,
        columns=(*made, *more.pop("columns_", ())),
        primary_key=PrimaryKey(name=f"{name}_pkey", columns=tuple(primary)) if primary else None,
        foreign_keys=tuple(foreign),
        unique_constraints=tuple(Unique(name=f"{name}_key{at}", columns=key) for at, key in enumerate(uniques)),
        indexes=(*indexes, *more.pop("indexes_", ())),
        **more,
    )


def small() -> Model:
    """Five tables, an enum, a self reference, two keys between the same tables."""
    return Model(
        name="shop",
        tables=(
            table(
                "addresses", "id bigint !", "customer_id bigint >customers", "street text", "city text", "zip text ?"
            ),
            table("categories", "id bigint !", "parent_id bigint ? >categories", "name text"),
            table("customers", "id bigint !", "email text u pii", "name text", "created_at timestamptz"),
            table(
                "order_items",
                "order_id bigint ! >orders",
                "position integer !",
                "product_id bigint # >products",
                "quantity integer",
                "unit_price numeric(12,2)",
            ),
            table(
                "orders",
                "id bigint !",
                "customer_id bigint # >customers",
                "billing_address_id bigint >addresses",
                "shipping_address_id bigint ? >addresses",
                "status order_status",
                "placed_at timestamptz #",
            ),
            table("products", "id bigint !", "category_id bigint ? >categories", "sku text u", "name text"),
        ),
        enums=(Enum(schema="public", name="order_status", labels=("draft", "placed", "paid", "shipped", "closed")),),
    )


def generated(
    count: int, *, columns: int = 8, hubs: int = 0, schemas: int = 1, seed: int = 1, contexts: int = 0
) -> Model:
    """Return a model with hub-shaped relations, like real schemas: a few tables are referenced by most."""
    random = Random(seed)
    names: list[str] = []
    for at in range(count):
        name = WORDS[at % len(WORDS)] + "s"
        names.append(name if at < len(WORDS) else f"{WORDS[at // len(WORDS)]}_{name}")
    ids: list[str] = []
    tables = []
    hub_count = hubs or max(2, count // 8)
    for at, name in enumerate(names):
        schema = "public" if schemas == 1 else f"area_{at * schemas // count:02d}"
        lines = ["id bigint !"]
        parents = [ids[random.randrange(min(len(ids), hub_count))]] if ids and random.random() < 0.75 else []
        if at > 3 and random.random() < 0.6:
            near = range(max(0, at - 12), at)
            parents.append(ids[random.choice(near)])
        for parent in dict.fromkeys(parents):
            optional = " ?" if random.random() < 0.3 else ""
            lines.append(f"{parent.partition('.')[2].rstrip('s')}_id bigint{optional} # >{parent}")
        types = ("text", "varchar(80)", "timestamptz", "numeric(12,2)", "boolean", "jsonb", "integer")
        rest = random.sample(("name", "code", "created_at", "amount", "is_active", "payload", "rank", "note"), 8)
        kept = rest[: max(0, columns - len(lines) + random.randrange(-2, 3))]
        lines += [f"{field} {random.choice(types)}{' ?' if random.random() < 0.4 else ''}" for field in kept]
        more = {"annotations": Annotations(context=f"context {at * contexts // count}")} if contexts else {}
        tables.append(table(name, *lines, schema=schema, **more))
        ids.append(f"{schema}.{name}")
    return Model(name=f"{count} tables", tables=tuple(sorted(tables, key=lambda t: t.id)))


def deep(count: int) -> Model:
    """Return chains as deep as the model: each table references its predecessor and one further back."""
    tables = []
    for at in range(count):
        lines = ["id bigint !"]
        if at:
            lines.append(f"previous_id bigint >t{at - 1:04d}")
            lines.append(f"older_id bigint ? >t{at * 2 // 3:04d}")
        tables.append(table(f"t{at:04d}", *lines))
    return Model(name="deep", tables=tuple(tables))


def partitioned(children: int = 12) -> Model:
    """Return a partitioned table whose partitions refer to another table too."""
    key = Partitioning("range", (IndexColumn("at"),))
    events = table("events", "id bigint !", "user_id bigint >users", "at timestamptz !", partitioning=key)
    parts = [
        table(
            f"events_{month:02d}",
            "id bigint !",
            "user_id bigint >users",
            "at timestamptz !",
            partition_of=Partition("public.events", Expression("DEFAULT", "DEFAULT")),
        )
        for month in range(1, children + 1)
    ]
    return Model(name="log", tables=(events, *parts, table("users", "id bigint !", "name text")))


HOSTILE = (
    'x"><script>alert(1)</script>',
    "two\nlines",
    "مرحبا بالعالم",
    "🚀🧑‍🚀 launch",
    "n" * 63,
    "表格名称",
    "back\\slash\\N%{}`#;",
    "\u202eoverride",
    "a]]>b&amp;c",
    "pk",
)


def hostile() -> Model:
    """Return tables and columns with names that want to be markup."""
    tables = [
        Table(
            schema="public",
            name=name,
            columns=(
                Column("id", DataType("bigint"), nullable=False),
                Column(name, DataType("text"), comment=f'about {name} --> "%%'),
                Column("up", DataType("bigint")),
            ),
            primary_key=PrimaryKey(name="p", columns=("id",)),
            foreign_keys=(
                ForeignKey(
                    name="f",
                    columns=("up",),
                    referenced_table=qualified("public", HOSTILE[at - 1]),
                    referenced_columns=("id",),
                ),
            )
            if at
            else (),
            comment=name,
        )
        for at, name in enumerate(HOSTILE)
    ]
    return Model(name='evil "><b>', tables=tuple(sorted(tables, key=lambda t: t.id)))
