"""Declarative classes as source code: importable, formatted, and the same model when they are read back."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import warnings

import pytest
from hypothesis import HealthCheck, given, settings

import planroom as pr
from planroom.errors import FormatError
from planroom.formats.sqlalchemy import SqlalchemyFormat
from planroom.model import Model
from tests.counting import calls
from tests.formats.python_modules import imported, objections
from tests.formats.test_sqlalchemy import held_by_metadata
from tests.strategies import models

FORMAT = SqlalchemyFormat()
SHOP = pr.read("schemas/shop.sql")


def back(text: str) -> Model:
    """The model of the module that a text is; every mapper is configured, and no warning is let pass."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        base = imported(text).Base
        base.registry.configure()
    return FORMAT.read_object(base)


def lines(ddl: str, *of: str) -> str:
    """The body of the classes written for some DDL, or of those named."""
    text = FORMAT.write(pr.read(ddl))
    classes = [part for part in re.split(r"\n\n\n", text) if part.startswith("class ") and "(Base)" in part]
    return "\n".join(
        part.rstrip("\n") + "\n" for part in classes if not of or re.match(rf"class (?:{'|'.join(of)})\(", part)
    )


@settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
@given(models())
def test_a_model_survives_its_source_but_for_what_the_format_says_it_loses(model):
    kept = held_by_metadata(model)

    assert held_by_metadata(back(FORMAT.write(kept))) == kept


@settings(deadline=None, max_examples=15, suppress_health_check=list(HealthCheck))
@given(models())
def test_formatting_changes_nothing_and_linting_finds_nothing(model):
    assert objections(FORMAT.write(model)) == ""


@pytest.mark.parametrize("length", range(20, 34))
def test_a_long_annotated_name_is_broken_where_the_formatter_breaks_it(length):
    name = f"c{'é' * length}"
    table = pr.read(f"create table t ({name} tstzrange unique); comment on column t.{name} is 'when'")

    assert objections(FORMAT.write(table)) == ""


def test_the_shop_survives_is_formatted_and_is_typed(tmp_path):
    text = FORMAT.write(SHOP)
    kept = held_by_metadata(SHOP)
    (tmp_path / "shop.py").write_text(text)
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--cache-dir", str(tmp_path / "c"), "shop.py"],
        cwd=tmp_path, capture_output=True, text=True, timeout=120,
    )  # fmt: skip

    assert held_by_metadata(back(text)) == kept
    assert objections(text) == ""
    assert checked.returncode == 0, checked.stdout


def test_plain_things_are_written_plainly():
    written = lines(
        "create table customers (id serial primary key, email text not null unique, note varchar(20));"
        "create table orders (id bigint generated always as identity primary key,"
        " customer_id int not null references customers on delete cascade, placed_on date default current_date);"
    )

    assert written == (
        "class Customer(Base):\n"
        '    __tablename__ = "customers"\n'
        "\n"
        "    id: Mapped[int] = mapped_column(primary_key=True)\n"
        "    email: Mapped[str] = mapped_column(sa.Text, unique=True)\n"
        "    note: Mapped[str | None] = mapped_column(sa.String(20))\n"
        "\n"
        '    orders: Mapped[list[Order]] = relationship(back_populates="customer")\n'
        "\n"
        "class Order(Base):\n"
        '    __tablename__ = "orders"\n'
        "\n"
        "    id: Mapped[int] = mapped_column(\n"
        "        sa.BigInteger,\n"
        "        sa.Identity(always=True),\n"
        "        primary_key=True,\n"
        "    )\n"
        "    customer_id: Mapped[int] = mapped_column(\n"
        '        sa.ForeignKey("customers.id", ondelete="CASCADE"),\n'
        "    )\n"
        "    placed_on: Mapped[dt.date | None] = mapped_column(\n"
        '        server_default=sa.text("CURRENT_DATE"),\n'
        "    )\n"
        "\n"
        '    customer: Mapped[Customer] = relationship(back_populates="orders")\n'
    )


def relationship_lines(ddl: str) -> list[str]:
    """The relationships of some DDL, a line each: name, annotation, arguments."""
    found = re.findall(r"^    (\w+): Mapped\[([^=]+)\] = relationship\((.*?)\)$", lines(ddl), re.DOTALL | re.MULTILINE)
    return [f"{name}: {annotation}, {' '.join(arguments.split()).strip(' ,')}" for name, annotation, arguments in found]


def test_several_keys_between_two_tables_are_told_apart():
    assert relationship_lines(
        "create table addresses (id int primary key);"
        "create table orders (id int primary key, billing_address_id int references addresses,"
        " ship_id int not null unique references addresses);"
    ) == [
        'billing_orders: list[Order], foreign_keys="[Order.billing_address_id]", back_populates="billing_address"',
        'ship_order: Order | None, foreign_keys="[Order.ship_id]", back_populates="ship"',
        'billing_address: Address | None, foreign_keys="[Order.billing_address_id]", back_populates="billing_orders"',
        'ship: Address, foreign_keys="[Order.ship_id]", back_populates="ship_order"',
    ]


def test_a_table_that_refers_to_itself_knows_which_side_is_which():
    assert relationship_lines("create table categories (id int primary key, parent_id int references categories);") == [
        'parent: Category | None, remote_side="[Category.id]", back_populates="children"',
        'children: list[Category], back_populates="parent"',
    ]


def test_composite_keys_that_share_a_column_say_so():
    text = lines(
        "create table tenants (id int primary key);"
        "create table users (tenant_id int references tenants, id int, primary key (tenant_id, id));"
        "create table notes (tenant_id int references tenants, id int, user_id int, primary key (tenant_id, id),"
        " foreign key (tenant_id, user_id) references users (tenant_id, id));",
        "Note",
    )

    assert '            ["tenant_id", "user_id"],\n            ["users.tenant_id", "users.id"],\n' in text
    assert 'overlaps="notes,tenant"' in text


def test_a_table_without_a_primary_key_is_a_plain_table():
    text = FORMAT.write(pr.read("create table log (line text not null);"))

    assert 'log = sa.Table("log", Base.metadata, sa.Column("line", sa.Text, nullable=False))' in text


def test_labels_that_are_no_identifiers_survive():
    labels = ("in-transit", "2nd", "", "class", "In Transit", "in transit", "日本", "a'b\"c\\", "é", "mro")
    quoted = ", ".join("'" + each.replace("'", "''") + "'" for each in labels)
    ddl = f"create type state as enum ({quoted}); create table t (id int primary key, s state);"
    text = FORMAT.write(pr.read(ddl))

    assert back(text).enums[0].labels == labels
    assert [member.value for member in imported(text).State] == list(labels)


def test_classes_of_the_same_name_are_told_apart_by_their_schema():
    ddl = "".join(f"create schema {name}; create table {name}.t (id int primary key);" for name in "ab")

    assert re.findall(r"^class (\w+)\(Base", FORMAT.write(pr.read(ddl)), re.MULTILINE) == ["AT", "BT"]


HOSTILE = [
    'x"; import os; os.system("id") #', "a\nimport os", "'''", '"""', "\\", "{__import__('os')}", "%(x)s", "__init__",
    "metadata", "registry", "Base", "sa", "class", "Mapped", "list", "_sa_class_manager", "𝐦𝐞𝐭𝐚𝐝𝐚𝐭𝐚", "\u202e", "a.b",
]  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_of_a_model_becomes_code(name):
    quoted, text = '"' + name.replace('"', '""') + '"', name.replace("'", "''")
    model = pr.read(
        f"create schema {quoted}; create type {quoted}.{quoted} as enum ('{text}');"
        f"create table {quoted}.{quoted} ({quoted} int primary key, e {quoted}.{quoted} default '{text}',"
        f" other int constraint {quoted} references {quoted}.{quoted}, check (e <> '{text}'));"
        f"comment on table {quoted}.{quoted} is '{text}'; comment on column {quoted}.{quoted}.e is '{text}';"
    )
    written = FORMAT.write(model)
    names = {node.id for node in ast.walk(ast.parse(written)) if isinstance(node, ast.Name)}
    modules = {
        alias.name for node in ast.walk(ast.parse(written)) if isinstance(node, ast.Import) for alias in node.names
    }

    assert modules <= {"datetime", "enum", "sqlalchemy"}
    assert not names & {"os", "__import__", "exec", "eval"}
    assert held_by_metadata(back(written)) == held_by_metadata(model)
    assert objections(written) == ""


def test_a_python_file_is_not_run_to_be_read(tmp_path):
    path = tmp_path / "models.py"
    path.write_text("raise SystemExit('it was run')\n")

    with pytest.raises(FormatError, match="does not read") as caught:
        pr.read(path)
    assert "pr.read(models.Base)" in caught.value.fix


def test_the_suffix_py_means_it_when_writing(tmp_path):
    pr.write("create table t (id int primary key);", tmp_path / "models.py")

    assert "class T(Base):" in (tmp_path / "models.py").read_text()


def test_another_dialect_is_refused():
    with pytest.raises(FormatError, match="mysql"):
        FORMAT.write(Model(dialect="mysql"))


def test_four_times_the_tables_are_four_times_the_work():
    def ddl(tables: int) -> str:
        columns = ", ".join(f"c{number} text" for number in range(8))
        return "".join(
            f"create table t{n} (id bigint primary key, t{max(n - 1, 0)}_id bigint references t{max(n - 1, 0)},"
            f" hub_id bigint references t0, {columns});"
            for n in range(tables)
        )

    small, large = (pr.read(ddl(tables)) for tables in (100, 400))

    assert calls(lambda: FORMAT.write(large)) < 5 * calls(lambda: FORMAT.write(small))
