"""Hypothesis strategies for models that PostgreSQL 18 accepts, hostile names and texts included.

`models()` gives a whole database design: schemas, enums, domains, composite and range types, sequences, routines,
tables with every kind of constraint and index, partitions, inheritance, triggers, policies, views and comments.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from planroom.ddl.naming import default_name, key_name
from planroom.model import (
    Annotations,
    Argument,
    Check,
    Column,
    CompositeType,
    Domain,
    Enum,
    Exclusion,
    ExclusionElement,
    ExtendedStatistics,
    Field,
    ForeignKey,
    Generated,
    Identity,
    Index,
    IndexColumn,
    Model,
    Partition,
    Partitioning,
    Policy,
    PrimaryKey,
    RangeType,
    Routine,
    Schema,
    Sequence,
    SequenceOptions,
    Table,
    Trigger,
    Unique,
    View,
    qualified,
    quote_identifier,
)
from planroom.model.types import DomainCheck
from planroom.sqltext import DataType, Expression, parse_expression, parse_query

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["HOSTILE_NAMES", "annotations", "comments", "hostile_texts", "models", "names"]

HOSTILE_NAMES = (
    'x"><script>alert(1)</script>', "line\nbreak", "tab\tstop", "\u202eright to left\u202c", "שלום", "日本語",
    "emoji 🎉", "dot.ted", 'quo"te', "apo'strophe", "back\\slash", "Upper Case", " leading blank", "trailing blank ",
    "select", "user", "table", "order", "$1", "dash--comment", "/* block */", "semi;colon", "%percent%", "$$dollar$$",
    "{brace}", "[bracket]", "<b>", "&amp;", "`tick`", "#hash", "null", "é" * 31, "ü" * 20, "a" * 40, "😀" * 15,
    "\u200b",
)  # fmt: skip

_WORDS = ("customers", "orders", "lines", "payments", "events", "products", "items", "stock", "prices", "notes")
_MAX_BYTES = 63


def names() -> st.SearchStrategy[str]:
    """Names: plain words, keywords, and what should never reach HTML, SVG or SQL unescaped; at most 63 bytes."""
    wild = st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), min_size=1, max_size=12)
    return st.sampled_from(_WORDS) | st.sampled_from(HOSTILE_NAMES) | wild.map(lambda text: _cut(text, _MAX_BYTES))


def hostile_texts() -> st.SearchStrategy[str]:
    """Free texts such as comments, without NUL."""
    return st.sampled_from(HOSTILE_NAMES) | st.text(
        st.characters(exclude_characters="\0", exclude_categories=("Cs",)), min_size=1, max_size=30
    )


def comments() -> st.SearchStrategy[str]:
    """Comments, mostly none."""
    return st.just("") | st.just("") | hostile_texts()


@st.composite
def annotations(draw: st.DrawFn) -> Annotations:
    """Annotations of a table or column, mostly none."""
    if draw(st.integers(0, 3)):
        return Annotations()
    text = st.sampled_from(["", "sales", 'x"><script>', "core team"])
    return Annotations(
        context=draw(text),
        aggregate=draw(text),
        owner=draw(text),
        pii=draw(st.sampled_from(["", "email", "name"])),
        retention=draw(st.sampled_from(["", "7 years"])),
        rows=draw(st.none() | st.integers(0, 10**12)),
        growth=draw(st.sampled_from(["", "8% per month"])),
        domain=draw(st.sampled_from(["", "closed", "grows"])),
        renamed_from=draw(st.sampled_from(["", "", "former"])),
        distinct=draw(st.none() | st.floats(0, 1e6)),
        null_fraction=draw(st.none() | st.floats(0, 1)),
        skew=draw(st.none() | st.floats(0, 3)),
        other=draw(st.sampled_from([(), (("ticket", "A-1"),)])),
    )


def _cut(text: str, limit: int) -> str:
    return text.encode()[:limit].decode(errors="ignore")


# -- building blocks ---------------------------------------------------------------------------------------------------

_PLAIN_TYPES = (
    DataType("bigint"), DataType("integer"), DataType("smallint"), DataType("text"), DataType("boolean"),
    DataType("uuid"), DataType("jsonb"), DataType("bytea"), DataType("date"), DataType("numeric"),
    DataType("numeric", ("12", "2")), DataType("character varying", ("20",)), DataType("character", ("3",)),
    DataType("timestamp with time zone"), DataType("timestamp without time zone", ("3",)),
    DataType("time without time zone"), DataType("interval"), DataType("double precision"), DataType("real"),
    DataType("text", array=True), DataType("integer", array=True), DataType("int4range"), DataType("tstzrange"),
    DataType("inet"), DataType("xml"), DataType("point"), DataType("tsvector"), DataType("bit", ("5",)),
    DataType("bit varying", ("9",)), DataType("money"), DataType("json"),
)  # fmt: skip

_BTREE = frozenset(
    "bigint integer smallint text boolean uuid date numeric inet interval bytea int4range tstzrange real".split()
) | {"character varying", "character", "timestamp with time zone", "double precision", "time without time zone"}

_DEFAULTS: Mapping[str, tuple[str, ...]] = {
    "bigint": ("42", "0"), "integer": ("1",), "text": ("'x'::text", "'it''s'::text"), "boolean": ("true", "false"),
    "uuid": ("gen_random_uuid()",), "timestamp with time zone": ("now()",), "date": ("CURRENT_DATE",),
    "jsonb": ("'{}'::jsonb",), "numeric": ("0",),
}  # fmt: skip


@dataclass
class _Namer:
    """Gives names that no two objects of a model share; what the server derives from them differs then too."""

    draw: st.DrawFn
    used: set[str] = field(default_factory=set)

    def __call__(self, prefix: str = "") -> str:
        base = self.draw(names())
        number = len(self.used)
        name = (
            base if base not in self.used and len(base.encode()) < 20 else _cut(f"{number}{prefix}_{base}", _MAX_BYTES)
        )
        while name in self.used:
            number += 1
            name = _cut(f"{number}{prefix}_{base}", _MAX_BYTES)
        self.used.add(name)
        return name


def _q(name: str) -> str:
    return quote_identifier(name)


def _sorted(items: list[Any], key: Callable[[Any], Any] = lambda each: each.name) -> tuple[Any, ...]:
    return tuple(sorted(items, key=key))


def _expression(text: str, columns: Mapping[str, DataType] | None = None) -> Expression:
    return parse_expression(text, columns or {})


def _some(draw: st.DrawFn, items: tuple[Any, ...], limit: int) -> list[Any]:
    if not items:
        return []
    chosen = draw(st.lists(st.sampled_from(range(len(items))), max_size=limit, unique=True))
    return [items[place] for place in sorted(chosen)]


def _indexable(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    return tuple(each for each in columns if each.type.name in _BTREE and not each.type.array and not each.type.schema)


@st.composite
def _columns(draw: st.DrawFn, namer: _Namer, types: tuple[DataType, ...], table: str) -> tuple[Column, ...]:
    """Columns with a bigint first, which serves as a key."""
    first = Column(namer("c"), DataType("bigint"), nullable=False, comment=draw(comments()))
    if draw(st.booleans()):
        first = replace(first, identity=Identity(always=draw(st.booleans()), sequence=draw(_sequence_options())))
    columns = [first]
    columns += [draw(_column(namer, each, table)) for each in draw(st.lists(st.sampled_from(types), max_size=5))]
    if draw(st.integers(0, 3)) == 0:
        expression = _expression(f"{_q(first.name)} * 2", {first.name: first.type})
        generated = Generated(expression, stored=draw(st.booleans()))
        columns.append(Column(namer("g"), DataType("bigint"), generated=generated))
    return tuple(columns)


@st.composite
def _column(draw: st.DrawFn, namer: _Namer, data_type: DataType, table: str) -> Column:
    name = namer("c")
    nullable = draw(st.booleans())
    named = not nullable and draw(st.integers(0, 4)) == 0
    known = () if data_type.array or data_type.schema or data_type.modifiers else _DEFAULTS.get(data_type.name, ())
    default = draw(st.sampled_from(known)) if known and draw(st.booleans()) else ""
    return Column(
        name,
        data_type,
        nullable=nullable,
        not_null_name=namer("nn") if named else "",
        default=parse_expression(default, {}, target=data_type) if default else None,
        collation='"C"' if data_type == DataType("text") and draw(st.integers(0, 3)) == 0 else "",
        statistics_target=draw(st.sampled_from([None, None, None, 500])),
        comment=draw(comments()),
        annotations=draw(annotations()),
    )


@st.composite
def _sequence_options(draw: st.DrawFn) -> SequenceOptions:
    return SequenceOptions(
        start=draw(st.sampled_from([None, None, 100])),
        increment=draw(st.sampled_from([1, 1, 10])),
        cache=draw(st.sampled_from([1, 1, 20])),
        cycle=draw(st.booleans()),
    )


# -- tables ------------------------------------------------------------------------------------------------------------


@st.composite
def _table(draw: st.DrawFn, namer: _Namer, schema: str, types: tuple[DataType, ...], triggers: str) -> Table:
    name = namer("t")
    columns = draw(_columns(namer, types, name))
    by_name = {each.name: each.type for each in columns}
    keyed = _indexable(tuple(each for each in columns if not each.generated))
    first = columns[0].name
    primary = PrimaryKey(name=namer("pk"), columns=(first,), comment=draw(comments())) if draw(st.booleans()) else None
    if primary and draw(st.booleans()):
        primary = replace(primary, name=default_name(name, "", "pkey"))
    unique = [
        Unique(
            name=namer("u"),
            columns=(each.name,),
            include=(first,) if each.name != first and draw(st.booleans()) else (),
            deferrable=(deferrable := draw(st.booleans())),
            initially_deferred=deferrable and draw(st.booleans()),
            nulls_not_distinct=draw(st.booleans()),
            comment=draw(comments()),
        )
        for each in _some(draw, keyed, 2)
    ]
    if not any(key.columns == (first,) and not key.deferrable for key in unique) and primary is None:
        unique.append(Unique(name=namer("u"), columns=(first,)))
    checks = [
        Check(
            name=namer("ck"),
            expression=_expression(text, by_name),
            no_inherit=draw(st.integers(0, 5)) == 0,
            validated=(validated := draw(st.integers(0, 4)) > 0),
            enforced=validated,
            comment=draw(comments()),
        )
        for text in draw(st.lists(st.sampled_from([f"{_q(first)} > 0", f"{_q(first)} <> 13"]), max_size=2, unique=True))
    ]
    exclusions = []
    ranges = [each for each in columns if each.type in {DataType("int4range"), DataType("tstzrange")}]
    if ranges and draw(st.booleans()):
        elements = (ExclusionElement(IndexColumn(column=ranges[0].name), "&&"),)
        predicate = _expression(f"{_q(first)} > 1", by_name) if draw(st.booleans()) else None
        exclusions.append(Exclusion(name=namer("ex"), elements=elements, predicate=predicate))
    return Table(
        schema=schema,
        name=name,
        columns=columns,
        primary_key=primary,
        unique_constraints=_sorted(unique),
        checks=_sorted(checks),
        exclusions=tuple(exclusions),
        indexes=_sorted(draw(_indexes(namer, columns))),
        statistics=_sorted(draw(_statistics(namer, schema, keyed))),
        triggers=_sorted(draw(_triggers(namer, columns, triggers))),
        policies=_sorted(draw(_policies(namer, by_name, first))),
        row_security=draw(st.booleans()),
        unlogged=False,
        storage=draw(st.sampled_from([(), (("fillfactor", "70"),), (("autovacuum_enabled", "false"),)])),
        replica_identity=draw(st.sampled_from(["default", "default", "full", "nothing"])),
        comment=draw(comments()),
        annotations=draw(annotations()),
    )


@st.composite
def _indexes(draw: st.DrawFn, namer: _Namer, columns: tuple[Column, ...]) -> list[Index]:
    by_name = {each.name: each.type for each in columns}
    plain = tuple(each for each in _indexable(columns) if not each.generated)
    first = columns[0].name
    found = []
    for each in _some(draw, plain, 2):
        descending = draw(st.booleans())
        part = IndexColumn(column=each.name, descending=descending, nulls_first=draw(st.booleans()))
        found.append(
            Index(
                name=namer("ix"),
                columns=(part,),
                unique=draw(st.booleans()),
                include=(first,) if each.name != first and draw(st.booleans()) else (),
                predicate=_expression(f"{_q(first)} > 5", by_name) if draw(st.booleans()) else None,
                storage=draw(st.sampled_from([(), (("fillfactor", "80"),)])),
                comment=draw(comments()),
            )
        )
    texts = [each for each in columns if each.type == DataType("text") and not each.generated]
    if texts and draw(st.booleans()):
        expression = _expression(f"lower({_q(texts[0].name)})", by_name)
        opclass = draw(st.sampled_from(["", "text_pattern_ops"]))
        found.append(Index(name=namer("ix"), columns=(IndexColumn(expression=expression, operator_class=opclass),)))
    if any(each.type == DataType("jsonb") for each in columns) and draw(st.booleans()):
        json = next(each for each in columns if each.type == DataType("jsonb"))
        found.append(Index(name=namer("ix"), method="gin", columns=(IndexColumn(column=json.name),)))
    return found


@st.composite
def _statistics(draw: st.DrawFn, namer: _Namer, schema: str, keyed: tuple[Column, ...]) -> list[ExtendedStatistics]:
    if len(keyed) < 2 or draw(st.integers(0, 2)):
        return []
    kinds = tuple(sorted(draw(st.sets(st.sampled_from(["ndistinct", "dependencies", "mcv"]), min_size=1))))
    columns = tuple(each.name for each in keyed[:3])
    return [ExtendedStatistics(schema=schema, name=namer("st"), kinds=kinds, columns=columns, comment=draw(comments()))]


@st.composite
def _triggers(draw: st.DrawFn, namer: _Namer, columns: tuple[Column, ...], function: str) -> list[Trigger]:
    if draw(st.integers(0, 2)):
        return []
    events = draw(st.sampled_from([("insert",), ("update",), ("insert", "update"), ("delete",)]))
    plain = [each for each in columns if not each.generated]
    return [
        Trigger(
            name=namer("tg"),
            timing=draw(st.sampled_from(["before", "after"])),
            events=events,
            function=function,
            update_of=(plain[0].name,) if "update" in events and draw(st.booleans()) else (),
            for_each_row=True,
            arguments=draw(st.sampled_from([(), ("a", "it's")])),
            enabled=draw(st.sampled_from(["origin", "origin", "disabled", "replica", "always"])),
            comment=draw(comments()),
        )
    ]


@st.composite
def _policies(draw: st.DrawFn, namer: _Namer, columns: Mapping[str, DataType], first: str) -> list[Policy]:
    if draw(st.integers(0, 3)):
        return []
    condition = _expression(f"{_q(first)} > 7", columns)
    command = draw(st.sampled_from(["all", "select", "insert", "update", "delete"]))
    return [
        Policy(
            name=namer("po"),
            command=command,
            permissive=draw(st.booleans()),
            using=None if command == "insert" else condition,
            check=condition if command in {"insert", "update"} else None,
            comment=draw(comments()),
        )
    ]


@st.composite
def _with_foreign_keys(draw: st.DrawFn, namer: _Namer, tables: list[Table]) -> list[Table]:
    """The tables with foreign keys among them, forward, backward and to themselves."""
    found = []
    for table in tables:
        own = [each for each in table.columns if each.type == DataType("bigint") and not each.generated]
        targets = _some(draw, tuple(tables), 2)
        keys = [draw(_foreign_key(namer, table, draw(st.sampled_from(own)), target)) for target in targets]
        found.append(replace(table, foreign_keys=_sorted(keys)))
    return found


@st.composite
def _foreign_key(draw: st.DrawFn, namer: _Namer, table: Table, column: Column, target: Table) -> ForeignKey:
    settable = column.nullable
    actions = ["no action", "restrict", "cascade"] + (["set null"] if settable else [])
    deferrable = draw(st.booleans())
    enforced = draw(st.integers(0, 5)) > 0
    return ForeignKey(
        name=namer("fk"),
        columns=(column.name,),
        referenced_table=target.id,
        referenced_columns=(target.columns[0].name,),
        on_update=draw(st.sampled_from(["no action", "restrict", *(["cascade"] if not column.identity else [])])),
        on_delete=draw(st.sampled_from(actions)),
        match_full=draw(st.booleans()),
        deferrable=deferrable,
        initially_deferred=deferrable and draw(st.booleans()),
        validated=enforced and draw(st.integers(0, 4)) > 0,
        enforced=enforced,
        comment=draw(comments()),
    )


@st.composite
def _partitioned(draw: st.DrawFn, namer: _Namer, schema: str) -> list[Table]:
    """A partitioned table with partitions of its own kind, whose keys are named as the server would, or otherwise."""
    name, key, day = namer("pt"), namer("c"), namer("c")
    columns = (
        Column(key, DataType("bigint"), nullable=False),
        Column(day, DataType("date"), nullable=False, comment=draw(comments())),
    )
    primary = PrimaryKey(name=default_name(name, "", "pkey"), columns=(key, day))
    strategy = draw(st.sampled_from(["range", "list", "hash"]))
    part = key if strategy == "hash" else day
    index = Index(name=namer("ix"), columns=(IndexColumn(column=day),))
    parent = Table(
        schema=schema,
        name=name,
        columns=columns,
        primary_key=primary,
        indexes=(index,) if draw(st.booleans()) else (),
        partitioning=Partitioning(strategy, (IndexColumn(column=part),)),
        comment=draw(comments()),
    )
    bounds = {
        "range": ["FOR VALUES FROM ('2026-01-01') TO ('2026-02-01')", "FOR VALUES FROM ('2026-02-01') TO (MAXVALUE)"],
        "list": ["FOR VALUES IN ('2026-01-01', '2026-01-02')", "DEFAULT"],
        "hash": ["FOR VALUES WITH (modulus 2, remainder 0)", "FOR VALUES WITH (modulus 2, remainder 1)"],
    }[strategy]
    count = draw(st.integers(0, 2))
    return [parent, *(draw(_partition(namer, parent, bound)) for bound in bounds[:count])]


@st.composite
def _partition(draw: st.DrawFn, namer: _Namer, parent: Table, bound: str) -> Table:
    name = namer("p")
    renamed = draw(st.booleans())
    assert parent.primary_key
    indexes = [
        replace(
            each,
            name=namer("ix")
            if draw(st.booleans())
            else key_name(name, [part.column for part in each.columns], "idx", lambda _: False),
            parent=each.name,
        )
        for each in parent.indexes
    ]
    return Table(
        schema=parent.schema,
        name=name,
        columns=tuple(
            replace(each, comment="", not_null_name=default_name(parent.name, each.name, "not_null"))
            for each in parent.columns
        ),
        primary_key=replace(
            parent.primary_key,
            name=namer("pk") if renamed else default_name(name, "", "pkey"),
            parent=parent.primary_key.name,
        ),
        indexes=_sorted(indexes),
        partition_of=Partition(parent.id, Expression(bound, bound)),
        comment=draw(comments()),
    )


@st.composite
def _inheriting(draw: st.DrawFn, namer: _Namer, parent: Table) -> Table:
    """A child of a table by inheritance, with a column of its own."""
    inherited = [
        replace(
            each,
            identity=None,
            inherited=True,
            comment="",
            annotations=Annotations(),
            statistics_target=None,
            not_null_name=""
            if each.nullable
            else each.not_null_name or default_name(parent.name, each.name, "not_null"),
        )
        for each in parent.columns
    ]
    own = Column(namer("c"), DataType("text"), comment=draw(comments()))
    return Table(schema=parent.schema, name=namer("t"), columns=(*inherited, own), inherits=(parent.id,))


# -- the rest ----------------------------------------------------------------------------------------------------------


@st.composite
def _enum(draw: st.DrawFn, namer: _Namer, schema: str) -> Enum:
    labels = draw(st.lists(hostile_texts().map(lambda text: _cut(text, 60)), min_size=1, max_size=4, unique=True))
    return Enum(schema=schema, name=namer("e"), labels=tuple(labels), comment=draw(comments()))


@st.composite
def _domain(draw: st.DrawFn, namer: _Namer, schema: str) -> Domain:
    base = draw(st.sampled_from([DataType("text"), DataType("numeric", ("12", "2")), DataType("bigint")]))
    text = "VALUE <> ''" if base.name == "text" else "VALUE >= 0"
    checks = [DomainCheck(namer("dc"), _expression(text, {"value": base}))] if draw(st.booleans()) else []
    return Domain(
        schema=schema,
        name=namer("d"),
        type=base,
        nullable=draw(st.booleans()),
        checks=tuple(checks),
        comment=draw(comments()),
    )


@st.composite
def _view(draw: st.DrawFn, namer: _Namer, schema: str, source: Table | View) -> View:
    first = source.columns[0]
    name = namer("vc")
    query = parse_query(f"SELECT x.{_q(first.name)} AS {_q(name)} FROM {source.id} x")
    materialised = draw(st.booleans())
    column = Column(name, first.type, comment=draw(comments()))
    own = namer("v")
    index = Index(name=namer("ix"), columns=(IndexColumn(column=name),), unique=draw(st.booleans()))
    return View(
        schema=schema,
        name=own,
        query=query,
        columns=(column,),
        materialised=materialised,
        options=(("security_barrier", "true"),) if not materialised and draw(st.booleans()) else (),
        populated=not materialised or draw(st.booleans()),
        indexes=(index,) if materialised and draw(st.booleans()) else (),
        comment=draw(comments()),
    )


@st.composite
def _routines(draw: st.DrawFn, namer: _Namer, schema: str, tables: list[Table]) -> list[Routine]:
    """The trigger function, and functions whose bodies name tables that come later."""
    found = []
    for table in _some(draw, tuple(tables), 2):
        body = f"SELECT count(*) FROM {table.id} WHERE {_q(table.columns[0].name)} > $1"
        found.append(
            Routine(
                schema=schema,
                name=namer("f"),
                arguments=(Argument(DataType("bigint"), namer("a")),),
                returns="bigint",
                language="sql",
                body=body,
                volatility="stable",
                strict=draw(st.booleans()),
                parallel=draw(st.sampled_from(["unsafe", "safe"])),
                comment=draw(comments()),
            )
        )
    return found


@st.composite
def models(draw: st.DrawFn, *, tables: int = 4) -> Model:
    """Models that PostgreSQL 18 accepts, with at most about ``tables`` tables beside partitions and children."""
    namer = _Namer(draw)
    schemas = [Schema(name="public")]
    schemas += [Schema(name=namer("s"), comment=draw(comments())) for _ in range(draw(st.integers(0, 2)))]
    place = st.sampled_from([each.name for each in schemas])
    enums = [draw(_enum(namer, draw(place))) for _ in range(draw(st.integers(0, 2)))]
    domains = [draw(_domain(namer, draw(place))) for _ in range(draw(st.integers(0, 2)))]
    own = tuple(DataType(each.name, schema=each.schema) for each in (*enums, *domains))
    composites = [
        CompositeType(
            schema=draw(place), name=namer("ct"), fields=(Field(namer("f"), draw(st.sampled_from(_PLAIN_TYPES))),)
        )
        for _ in range(draw(st.integers(0, 1)))
    ]
    ranges = [
        RangeType(schema=draw(place), name=namer("r"), subtype=DataType("time without time zone"))
        for _ in range(draw(st.integers(0, 1)))
    ]
    own += tuple(DataType(each.name, schema=each.schema) for each in (*composites, *ranges))
    types = _PLAIN_TYPES + own * 3
    trigger = Routine(
        schema=draw(place), name=namer("tf"), returns="trigger", language="plpgsql", body="BEGIN\n  RETURN NEW;\nEND"
    )
    function = qualified(trigger.schema, trigger.name)
    made = [draw(_table(namer, draw(place), types, function)) for _ in range(draw(st.integers(0, tables)))]
    made = draw(_with_foreign_keys(namer, made))
    children = [draw(_inheriting(namer, each)) for each in made[:1] if _may_have_children(each) and draw(st.booleans())]
    partitions = draw(_partitioned(namer, draw(place))) if draw(st.booleans()) else []
    views = []
    for _ in range(draw(st.integers(0, 2)) if made else 0):
        sources = [*made, *(each for each in views if each.populated)]
        views.append(draw(_view(namer, draw(place), draw(st.sampled_from(sources)))))
    sequences = [
        Sequence(schema=draw(place), name=namer("sq"), type=DataType("integer"), options=draw(_sequence_options()))
        for _ in range(draw(st.integers(0, 1)))
    ]
    return Model(
        schemas=_sorted(schemas),
        tables=_sorted([*made, *children, *partitions], key=lambda each: each.id),
        views=_sorted(views, key=lambda each: each.id),
        enums=_sorted(enums, key=lambda each: each.id),
        domains=_sorted(domains, key=lambda each: each.id),
        composite_types=tuple(composites),
        range_types=tuple(ranges),
        sequences=tuple(sequences),
        routines=_sorted([trigger, *draw(_routines(namer, draw(place), made))], key=lambda each: each.id),
    )


def _may_have_children(table: Table) -> bool:
    """Whether a child needs nothing that the model keeps with the parent alone."""
    return not table.checks and all(not each.generated for each in table.columns)
