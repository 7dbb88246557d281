# ruff: noqa: E501  (a script reads best on one line)
"""Models of one dialect in another: what is lost is said, and the scripts run."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import HealthCheck, given, settings

from planroom.errors import FormatError
from planroom.formats import FORMATS, Document
from planroom.formats._translation import translated
from planroom.model import Model
from tests.dialect_models import dialect_models
from tests.strategies import models

POSTGRES = """
CREATE TYPE mood AS ENUM ('good', 'bad');
CREATE DOMAIN positive AS int CHECK (VALUE > 0) NOT NULL;
CREATE TABLE parent (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, m mood DEFAULT 'good', n positive, at timestamptz DEFAULT now(),
    doc jsonb, u uuid, tags text[] DEFAULT '{}', span int4range, code text UNIQUE, total numeric(12,2) CHECK (total > 0),
    s serial, EXCLUDE USING gist (span WITH &&)
);
CREATE INDEX part ON parent (code) WHERE total > 5;
CREATE INDEX expr ON parent (lower(code));
CREATE INDEX js ON parent USING gin (doc);
CREATE TABLE child (
    id int PRIMARY KEY, p bigint REFERENCES parent ON DELETE CASCADE DEFERRABLE,
    twice int GENERATED ALWAYS AS (id * 2) STORED
);
CREATE MATERIALIZED VIEW v AS SELECT id, code FROM parent WHERE total > 5;
"""


def postgres(text: str) -> Model:
    return FORMATS["postgres"].read([Document("x.sql", text)])


def said(model: Model, to: str) -> dict[str, str]:
    """Return the messages of the findings, with the slugs, in one text by subject."""
    found: dict[str, str] = {}
    for each in translated(model, to)[1]:
        found[each.subject] = found.get(each.subject, "") + f"{each.slug}: {each.message}\n"
    return found


@pytest.mark.parametrize(
    ("to", "subject", "slug", "words"),
    [
        ("mysql", "public.parent.at", "type-changes-values", "the time zone is lost"),
        ("mysql", "public.parent.doc", "type-checks-less", "cannot be indexed"),
        ("mysql", "public.parent.u", "type-checks-less", "char(36)"),
        ("mysql", "public.parent.tags", "type-checks-less", "elements are kept as JSON"),
        ("mysql", "public.parent.span", "type-checks-less", "int4range becomes longtext"),
        ("mysql", "public.parent.code", "type-changes-values", "MySQL indexes no longer text"),
        ("mysql", "public.positive", "object-changed", "its checks move there"),
        ("mysql", "public.parent", "object-left-out", "the exclusion constraint"),
        ("mysql", "public.parent", "object-left-out", "the index part of public.parent is left out: it is partial"),
        ("mysql", "public.parent", "object-left-out", "the index expr of public.parent is left out: MariaDB has no"),
        ("mysql", "public.parent", "object-left-out", "there is no gin"),
        ("mysql", "public.parent.s", "object-left-out", "no longer numbers itself"),
        ("mysql", "public.child", "property-left-out", "DEFERRAL of the foreign key"),
        ("mysql", "public.v", "object-changed", "becomes a plain view"),
        ("sqlite", "public.parent.m", "object-changed", "the enum mood becomes a text with a check"),
        ("sqlite", "public.parent.id", "property-left-out", "ALWAYS"),
        ("duckdb", "public.child.twice", "property-left-out", "not stored"),
        ("duckdb", "public.child", "property-left-out", "CASCADE"),
    ],
)
def test_what_is_lost_is_a_finding_about_the_object(to, subject, slug, words):
    found = said(postgres(POSTGRES), to)

    assert any(line.startswith(slug) and words in line for line in found[subject].splitlines()), found[subject]


@pytest.mark.parametrize("to", ["mysql", "sqlite", "duckdb"])
def test_a_finding_has_a_code_a_place_a_reason_and_a_way_out(to):
    for each in FORMATS[to].losses(postgres(POSTGRES)):
        assert each.code.startswith("DIA")
        assert each.why
        assert each.fix
        assert each.location.line, each.message


@pytest.mark.parametrize("to", ["mysql", "sqlite", "duckdb"])
def test_what_means_the_same_there_gives_no_finding(to):
    model = postgres(
        """
        CREATE TABLE a (id bigint PRIMARY KEY, n integer NOT NULL DEFAULT 3, d numeric(12,2), t text DEFAULT 'x',
                        CONSTRAINT n_is_positive CHECK (n > 0));
        CREATE TABLE b (id bigint PRIMARY KEY, a bigint REFERENCES a);
        CREATE INDEX i ON b (a);
        CREATE VIEW v AS SELECT a.id, a.n FROM a;
        """
    )

    made, findings = translated(model, to)

    assert findings == ()
    assert len(made.relations) == 1
    assert made.tables[0].checks[0].name == "n_is_positive"
    assert len(made.views) == 1


@pytest.mark.parametrize("dialect", ["postgres", "mysql", "sqlite", "duckdb"])
def test_a_model_of_the_dialect_itself_stays_as_it_is(dialect):
    model = Model(dialect=dialect)

    assert translated(model, dialect) == (model, ())


def test_a_dialect_that_planroom_does_not_write_is_refused():
    with pytest.raises(FormatError, match="does not write it"):
        translated(Model(), "oracle")


@settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
@given(models())
def test_sqlite_runs_the_script_of_any_postgresql_model(model):
    script = FORMATS["sqlite"].write(model)

    with sqlite3.connect(":memory:") as connection:
        connection.executescript(script)
        found = connection.execute(
            "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name <> 'sqlite_sequence'"
        )
        assert found.fetchone()[0] == len([each for each in model.tables if not each.partition_of])


@pytest.mark.server
@pytest.mark.parametrize("dialect", ["mysql", "sqlite", "duckdb"])
def test_postgresql_takes_the_script_of_a_model_of_another_dialect_and_says_the_same_of_it(server, dialect):
    from planroom.engines.postgres.engine import OwnedPostgres

    @settings(deadline=None, max_examples=8, suppress_health_check=list(HealthCheck))
    @given(dialect_models(dialect))
    def holds(model: Model) -> None:
        script = FORMATS["postgres"].write(model)
        with OwnedPostgres(server) as database:
            database.run(script)

            assert database.model() == postgres(script)

    holds()


def test_mysqls_own_things_are_said_too():
    model = FORMATS["mysql"].read(
        [
            Document(
                "x.sql",
                """CREATE TABLE t (id int unsigned AUTO_INCREMENT, at timestamp NULL ON UPDATE CURRENT_TIMESTAMP,
                   on_sale tinyint(1) DEFAULT '1', n varchar(20), PRIMARY KEY (id), KEY k (n(3)), FULLTEXT KEY f (n),
                   CHECK (on_sale = 1));""",
            )
        ]
    )

    made, findings = translated(model, "postgres")
    messages = " ".join(each.message for each in findings)

    table = made.table("t")
    assert [str(each.type) for each in table.columns[:3]] == ["bigint", "timestamp(0) with time zone", "boolean"]
    assert str(table.columns[2].default) == "true"
    assert "true" in table.checks[0].expression.text.lower()
    assert "ON UPDATE" in messages
    assert "the prefix lengths of the index k" in messages
    assert "there is no fulltext" in messages
    assert "negative numbers are no longer refused" in messages
