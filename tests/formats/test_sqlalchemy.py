"""SQLAlchemy objects, read as what they would create, and made from a model."""

from __future__ import annotations

import enum
import subprocess
import sys
from dataclasses import replace

import psycopg
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import DeclarativeBase, Mapped, declarative_base, mapped_column

from planroom.errors import FormatError
from planroom.formats.postgres import PostgresFormat
from planroom.formats.sqlalchemy import SqlalchemyFormat, to_metadata
from planroom.model import Annotations, Domain, Model, Table
from tests.formats.catalog import fingerprint
from tests.strategies import models

FORMAT = SqlalchemyFormat()


class Base(DeclarativeBase):
    pass


ORDER_NUMBERS = sa.Sequence("order_numbers", start=7, metadata=Base.metadata)


class Kind(enum.Enum):
    PERSON = 1
    COMPANY = 2


class Customer(Base):
    __tablename__ = "customers"
    __table_args__ = ({"comment": "it's 100% real", "info": {"planroom": {"owner": "core", "rows": 2e9, "ticket": 7}}},)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(sa.String(200), unique=True, comment="mail", info={"planroom": {"pii": "email"}})
    kind: Mapped[Kind]
    tags: Mapped[list[str]] = mapped_column(postgresql.ARRAY(sa.String(3)))


class Order(Base):
    __tablename__ = "orders"
    __table_args__ = (
        sa.CheckConstraint("total > 0", name="total_is_positive"),
        sa.UniqueConstraint("customer_id", "total", postgresql_nulls_not_distinct=True),
        sa.Index("big", "total", postgresql_where=sa.text("total > 5"), postgresql_include=["id"]),
        sa.Index("ops", "literal", postgresql_ops={"literal": "text_pattern_ops"}, postgresql_using="btree"),
        postgresql.ExcludeConstraint((sa.column("span"), "&&"), using="gist"),
        {"schema": "shop"},
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(start=10), primary_key=True)
    customer_id: Mapped[int] = mapped_column(
        sa.ForeignKey("customers.id", ondelete="CASCADE", deferrable=True, initially="DEFERRED"), index=True
    )
    total = mapped_column(sa.Numeric(12, 2), server_default="0")
    placed_at = mapped_column(sa.DateTime(timezone=True), server_default=sa.func.now())
    twice = mapped_column(sa.Numeric, sa.Computed("total * 2", persisted=True))
    thrice = mapped_column(sa.Numeric, sa.Computed("total * 3"))
    span = mapped_column(postgresql.INT4RANGE)
    rating = mapped_column(postgresql.DOMAIN("rating", sa.Integer, check="VALUE > 0", not_null=True))
    data = mapped_column(postgresql.JSONB, server_default=sa.text("'{}'::jsonb"))
    token = mapped_column(sa.Uuid, server_default=sa.text("gen_random_uuid()"))
    literal = mapped_column(sa.String, server_default="a'b%c:d")
    number = mapped_column(sa.Integer, server_default=ORDER_NUMBERS.next_value())


class Note(Base):
    __tablename__ = "notes"

    id: Mapped[int] = mapped_column(primary_key=True)


def test_the_model_is_what_create_all_makes_on_the_server(server):
    from planroom.engines.postgres.engine import OwnedPostgres

    with OwnedPostgres(server) as theirs, OwnedPostgres(server) as ours:
        theirs.run("CREATE SCHEMA shop")
        engine = sa.create_engine(
            "postgresql+psycopg://", creator=lambda: psycopg.connect(theirs.dsn), poolclass=sa.pool.NullPool
        )
        with engine.begin() as connection:
            Base.metadata.create_all(connection)
        ours.run(PostgresFormat().write(FORMAT.read_object(Base)))

        assert fingerprint(ours.connection) == fingerprint(theirs.connection)


def test_info_becomes_annotations_and_the_class_the_origin():
    customers = FORMAT.read_object(Base).table("customers")

    assert customers.annotations == Annotations(owner="core", rows=2_000_000_000, other=(("ticket", "7"),))
    assert customers.columns_by_name["email"].annotations == Annotations(pii="email")
    assert customers.origin.source.endswith("test_sqlalchemy.Customer")
    assert customers.columns_by_name["email"].origin.source.endswith("test_sqlalchemy.Customer.email")


def test_a_class_stands_for_its_table_and_those_that_it_refers_to():
    assert [table.name for table in FORMAT.read_object(Order).tables] == ["customers", "orders"]
    assert [table.name for table in FORMAT.read_object([Customer, Note]).tables] == ["customers", "notes"]


@pytest.mark.parametrize("source", [Base, Base.metadata, Base.registry], ids=["base", "metadata", "registry"])
def test_a_base_its_metadata_and_its_registry_are_the_same_model(source):
    assert FORMAT.accepts(source)
    assert FORMAT.read_object(source) == FORMAT.read_object(Base)
    assert len(FORMAT.read_object(source).tables) == 3


def test_old_style_bases_and_sqlmodel_are_read_too():
    old = declarative_base()

    class Thing(old):
        __tablename__ = "things"
        id = sa.Column(sa.Integer, primary_key=True)

    sqlmodel = pytest.importorskip("sqlmodel")

    class Hero(sqlmodel.SQLModel, table=True):
        id: int | None = sqlmodel.Field(default=None, primary_key=True)
        name: str = sqlmodel.Field(index=True)

    assert [table.name for table in FORMAT.read_object(old).tables] == ["things"]
    assert FORMAT.accepts(Hero)
    assert FORMAT.accepts(sqlmodel.SQLModel)
    (hero,) = FORMAT.read_object(Hero).tables
    assert [index.name for index in hero.indexes] == ["ix_hero_name"]


@pytest.mark.parametrize("source", [None, 3, "orders", [], int, object(), [Customer, 3], {"a": 1}])
def test_other_objects_are_not_accepted(source):
    assert not FORMAT.accepts(source)


def test_asking_whether_an_object_is_accepted_imports_nothing():
    code = (
        "import sys; from planroom.formats.sqlalchemy import SqlalchemyFormat; "
        "assert not SqlalchemyFormat().accepts(object()); assert 'sqlalchemy' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_type_without_a_postgresql_form_is_refused_by_name():
    class Strange(sa.types.TypeEngine):
        __visit_name__ = "strange"

    metadata = sa.MetaData()
    sa.Table("t", metadata, sa.Column("a", Strange()))

    with pytest.raises(FormatError, match="cannot write these tables for PostgreSQL"):
        FORMAT.read_object(metadata)


@pytest.mark.parametrize(("entry", "says"), [(7, "must be a dictionary"), ({"rows": "many"}, "must be a whole number")])
def test_an_annotation_that_makes_no_sense_is_refused_with_its_place(entry, says):
    metadata = sa.MetaData()
    sa.Table("t", metadata, sa.Column("a", sa.Integer, info={"planroom": entry}))

    with pytest.raises(FormatError, match=says) as caught:
        FORMAT.read_object(metadata)
    assert ".a" in caught.value.where


@settings(deadline=None, max_examples=30, suppress_health_check=list(HealthCheck))
@given(models())
def test_a_model_survives_metadata_but_for_what_the_format_says_it_loses(model):
    kept = held_by_metadata(model)

    assert held_by_metadata(FORMAT.read_object(to_metadata(kept))) == kept


def held_by_metadata(model: Model) -> Model:
    """The model without what `SqlalchemyFormat.loses` names."""
    special = {table.id for table in model.tables if table.partition_of or table.inherits}
    tables = tuple(_held(table, special) for table in model.tables if table.id not in special)
    return Model(
        tables=tables,
        enums=tuple(replace(each, comment="") for each in model.enums),
        domains=tuple(_held_domain(each) for each in model.domains),
        sequences=tuple(replace(each, owned_by="", comment="") for each in model.sequences),
    )


def _held_domain(domain: Domain) -> Domain:
    checks = domain.checks if domain.nullable else tuple(replace(each, name="") for each in domain.checks)
    return replace(domain, comment="", not_null_name="", checks=checks)


def _held(table: Table, special: set[str]) -> Table:
    columns = tuple(replace(each, not_null_name="", statistics_target=None) for each in table.columns)
    return replace(
        table,
        columns=columns,
        primary_key=table.primary_key and replace(table.primary_key, comment=""),
        checks=tuple(replace(each, validated=True) for each in table.checks if each.enforced and not each.no_inherit),
        foreign_keys=tuple(
            each for each in table.foreign_keys if each.enforced and each.referenced_table not in special
        ),
        indexes=tuple(replace(each, comment="") for each in table.indexes),
        statistics=(),
        triggers=(),
        policies=(),
        row_security=False,
        force_row_security=False,
        replica_identity="default",
    )
