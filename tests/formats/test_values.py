# ruff: noqa: E501  (examples read best on one line)
"""Pydantic classes and JSON Schema say of a row what PostgreSQL says of it, as far as they claim to know."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import planroom as pr
from planroom.engines.postgres.engine import OwnedPostgres
from planroom.errors import StatementFailedError
from planroom.formats import FORMATS
from planroom.formats._values.claims import Claims, claims_of
from tests.strategies import models

if TYPE_CHECKING:
    from types import ModuleType

    from planroom.engines.postgres.server import Server
    from planroom.model import Model

jsonschema = pytest.importorskip("jsonschema")
pydantic = pytest.importorskip("pydantic")
ROOT = Path(__file__).parents[2]

SCHEMA = """
CREATE TYPE colour AS ENUM ('red', 'dark red', '2nd');
CREATE DOMAIN positive AS integer CHECK (VALUE > 0);
CREATE TABLE things (
    id integer GENERATED ALWAYS AS IDENTITY,
    code varchar(5) NOT NULL CHECK (code ~ '^[A-Z]+$'),
    amount numeric(5, 2) CHECK (amount >= 0 AND amount < 500),
    size smallint CHECK (size BETWEEN 1 AND 9),
    kind text CHECK (kind IN ('a', 'b')),
    step integer CHECK (step IN (1, 2, 3)),
    pieces positive,
    colour colour NOT NULL DEFAULT 'red',
    note text CHECK (length(note) BETWEEN 2 AND 4),
    "real name" text,
    flags boolean[],
    at timestamptz DEFAULT now(),
    big bigint
);
"""


def module(text: str, name: str = "written") -> ModuleType:
    spec = importlib.util.spec_from_loader(name, loader=None)
    assert spec
    made = importlib.util.module_from_spec(spec)
    sys.modules[name] = made  # Pydantic looks annotations up there
    exec(compile(text, name, "exec"), made.__dict__)
    return made


def shop() -> Model:
    return pr.read(ROOT / "schemas" / "shop.sql")


# -- PostgreSQL as the judge ---------------------------------------------------------------------------------------------

CANDIDATES: dict[str, Any] = {
    "code": st.sampled_from(["AB", "A", "ABCDE", "ABCDEF", "ab", "", "A1"]),
    "amount": st.sampled_from([None, "0", "499.99", "500", "-1", "999.99", "1000", "1.5"]),
    "size": st.sampled_from([None, 0, 1, 9, 10, 40000]),
    "kind": st.sampled_from([None, "a", "b", "c", ""]),
    "step": st.sampled_from([None, 1, 3, 4]),
    "pieces": st.sampled_from([None, 0, 1, 2147483647, 2147483648]),
    "colour": st.sampled_from(["red", "dark red", "2nd", "blue", None]),
    "note": st.sampled_from([None, "a", "ab", "abcd", "abcde", "éé"]),
    "real name": st.sampled_from([None, "x"]),
    "flags": st.sampled_from([None, [], [True, None]]),
    "big": st.sampled_from([None, 2**63 - 1, 2**63, -(2**63)]),
}


@pytest.mark.server
def test_a_row_is_accepted_by_all_three_or_by_none(server: Server) -> None:
    model = pr.read(SCHEMA)
    row_class = module(FORMATS["pydantic"].write(model)).Things
    document = json.loads(FORMATS["json-schema"].write(model))
    validator = jsonschema.Draft202012Validator({**document, "$ref": "#/$defs/public.things"})
    answers = set()
    with OwnedPostgres(server) as engine:
        engine.run(SCHEMA)

        @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
        @given(st.fixed_dictionaries({}, optional=CANDIDATES))
        def holds(row: dict[str, Any]) -> None:
            taken = is_taken(engine, row)
            sent = {name: float(value) if name == "amount" and value else value for name, value in row.items()}
            answers.add(taken)
            assert is_valid(row_class, row) == taken, row
            assert validator.is_valid(sent) == taken, (row, [each.message for each in validator.iter_errors(sent)])

        holds()
    assert answers == {True, False}


def is_taken(engine: OwnedPostgres, row: dict[str, Any]) -> bool:
    columns = ", ".join(f'"{name}"' for name in row)
    values = ", ".join(quoted(value) for value in row.values())
    try:
        engine.run(f"INSERT INTO things ({columns}) VALUES ({values})" if row else "INSERT INTO things DEFAULT VALUES")
    except StatementFailedError:
        return False
    return True


def quoted(value: object) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, list):
        return "ARRAY[" + ", ".join("NULL" if each is None else str(each) for each in value) + "]::boolean[]"
    return str(value) if isinstance(value, int) else "'" + str(value).replace("'", "''") + "'"


def is_valid(row_class: Any, row: dict[str, Any]) -> bool:
    try:
        made = row_class.model_validate(row)
    except pydantic.ValidationError:
        return False
    assert made.model_dump(exclude_unset=True, by_alias=True).keys() == row.keys()
    return True


@pytest.mark.server
def test_what_postgresql_gives_back_is_valid(server: Server) -> None:
    model = pr.read(SCHEMA)
    document = json.loads(FORMATS["json-schema"].write(model))
    validator = jsonschema.Draft202012Validator({**document, "$ref": "#/$defs/public.things"})
    row_class = module(FORMATS["pydantic"].write(model)).Things
    with OwnedPostgres(server) as engine:
        engine.run(SCHEMA)
        engine.run("INSERT INTO things (code, amount, flags, big) VALUES ('AB', 1.5, '{t,f}', 5), ('C', NULL, NULL, 1)")
        rows = [row for (row,) in engine.connection.execute("SELECT to_jsonb(things) FROM things").fetchall()]

    for row in rows:
        assert list(validator.iter_errors(row)) == []
        row_class.model_validate(row)


# -- what is written -----------------------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=25, suppress_health_check=list(HealthCheck))
@given(models())
def test_any_model_gives_a_schema_that_is_one_and_a_module_that_runs(model: Model) -> None:
    document = json.loads(FORMATS["json-schema"].write(model))
    text = FORMATS["pydantic"].write(model)
    made = module(text)

    jsonschema.Draft202012Validator.check_schema(document)
    for name in document["$defs"]:
        reference = name.replace("~", "~0").replace("/", "~1")
        assert reference is not None
    classes = [each for each in vars(made).values() if isinstance(each, type) and issubclass(each, pydantic.BaseModel)]
    rows = [table for table in model.tables if not table.partition_of]
    assert len(classes) - 1 >= len(rows)


def test_every_reference_leads_somewhere() -> None:
    document = json.loads(FORMATS["json-schema"].write(shop()))
    validator = jsonschema.Draft202012Validator({**document, "$ref": "#/$defs/ordering.orders"})

    errors = [each.message for each in validator.iter_errors({"status": "lost"})]

    assert any("'lost' is not one of" in each for each in errors)
    assert any("is a required property" in each for each in errors)


def test_the_modules_layout_is_ruffs_and_its_types_are_right(tmp_path: Path) -> None:
    path = tmp_path / "rows.py"
    path.write_text(FORMATS["pydantic"].write(shop()))
    for command in (["format", "--check", "--isolated"], ["check", "--select", "E,F,I", "--isolated"]):
        done = subprocess.run([sys.executable, "-m", "ruff", *command, path], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
    if importlib.util.find_spec("mypy"):
        done = subprocess.run(
            [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path), path],
            capture_output=True, text=True, cwd=tmp_path,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout


def test_names_that_are_no_identifiers_have_aliases_and_none_becomes_code() -> None:
    model = pr.read("""CREATE TABLE "x; import os" ("model_dump" int, "a b" text, "class" int, "a_b" int);\n""")
    made = module(FORMATS["pydantic"].write(model))
    (row_class,) = [each for each in vars(made).values() if isinstance(each, type) and each.__module__ == "written"]

    row = row_class.model_validate({"model_dump": 1, "a b": "x", "class": 2, "a_b": 3})

    assert row.model_dump(by_alias=True) == {"model_dump": 1, "a b": "x", "class": 2, "a_b": 3}


# -- claims --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("condition", "claims"),
    [
        ("n >= 1 AND n <= 5", Claims(at_least=Decimal(1), at_most=Decimal(5))),
        ("5 > n", Claims(below=Decimal(5))),
        ("n = ANY (ARRAY['a'::text, 'b'::text])", Claims(one_of=("a", "b"))),
        ("length(n) <= 3", Claims(longest=3)),
        ("n <> ''::text", Claims(shortest=1)),
        ("n ~ '^[a-z0-9-]+$'::text", Claims(pattern="^[a-z0-9-]+$")),
    ],
)
def test_what_is_sure_is_claimed(condition: str, claims: Claims) -> None:
    assert claims_of([condition], "n") == claims


@pytest.mark.parametrize(
    "condition",
    ["n > 0 OR m", "n > m", "lower(n) = 'a'::text", "n ~ '^.+$'::text", r"n ~ '\d'::text", "n ~* 'a'::text", "n > 'NaN'::numeric",
     "NOT n > 0", "n ~ '(?i)a'::text", "n ~ 'a*?'::text", r"n ~ '\ma'::text", "other > 0", "n ~ '[[:alpha:]]'::text"],
)  # fmt: skip
def test_what_is_not_sure_is_not_claimed(condition: str) -> None:
    assert claims_of([condition], "n") == Claims()
