"""No value of personal data is in statistics that are stored, whatever way it would take."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import planroom as pr
from planroom.engines.postgres.engine import OwnedPostgres
from planroom.engines.postgres.statistics import read_statistics
from planroom.errors import UnknownNameError
from planroom.model import Annotations
from planroom.scaling.made_up import family, made_up, ranks
from planroom.scaling.personal_columns import personal_columns
from planroom.scaling.privacy import WAYS, without_personal_values
from planroom.scaling.statistics import ColumnStatistics, ExtendedData, RelationStatistics, Statistics
from planroom.scaling.storing import statistics_text
from planroom.sqltext import DataType

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.engines.postgres.server import Server
    from planroom.model import Model

# Every value that must not get out holds one of these, as text, date, number or address.
SECRETS = ("sesame", "1913-0", "77123", "203.0.113", "736573616d65")
SCHEMA = """
CREATE DOMAIN mail AS text;
CREATE DOMAIN checked AS text CHECK (VALUE ~ 'sesame');
CREATE TABLE people (
    id bigint PRIMARY KEY, handle text UNIQUE, email mail, address checked, born date, account int, host inet,
    tags text[], "day of birth" timestamptz, town text, zip int,
    upper_handle text GENERATED ALWAYS AS (upper(handle)) STORED, key bytea
);
CREATE TABLE letters (id bigint PRIMARY KEY, sender text REFERENCES people (handle), kind text);
CREATE TABLE visits (who text, day int) PARTITION BY RANGE (day);
CREATE TABLE visits_1 PARTITION OF visits FOR VALUES FROM (0) TO (50);
CREATE TABLE visits_2 PARTITION OF visits FOR VALUES FROM (50) TO (100);
CREATE INDEX ON people (lower(handle));
CREATE INDEX ON people ((account % 100000), zip);
CREATE FUNCTION whole(people) RETURNS text IMMUTABLE LANGUAGE sql AS 'SELECT $1.handle';
CREATE INDEX ON people (whole(people));
CREATE INDEX ON people ((zip + 1));
CREATE INDEX ON visits (who);
CREATE INDEX ON people (born);
CREATE STATISTICS both_of ON handle, town FROM people;
CREATE STATISTICS places ON town, zip FROM people;
CREATE STATISTICS cut ON (left(handle, 9)), zip FROM people;
CREATE MATERIALIZED VIEW copied AS SELECT p.handle AS who, p.zip, p FROM people p;
CREATE MATERIALIZED VIEW counted AS
    WITH own AS (SELECT handle AS h, count(*) AS n FROM people GROUP BY 1) SELECT n, h FROM own;
CREATE VIEW seen AS SELECT who AS name FROM copied;
CREATE MATERIALIZED VIEW twice AS SELECT name FROM seen;
CREATE MATERIALIZED VIEW plain AS SELECT zip, count(*) AS n FROM people GROUP BY 1;
"""
ROWS = """
INSERT INTO people (id, handle, email, address, born, account, host, tags, "day of birth", town, zip, key)
    SELECT i, 'Sesame ' || i, 'sesame' || i % 9 || '@x.org', 'sesame ' || i % 20,
    '1913-01-01'::date + i % 200, 7712300 + i % 90, ('203.0.113.' || i % 200)::inet, ARRAY['sesame', 'sesame' || i % 4],
    '1913-01-01 00:00+00'::timestamptz + i % 200 * interval '1 day', 'town' || i % 30, i % 30,
    ('sesame' || i % 10)::bytea
    FROM generate_series(1, 3000) i;
INSERT INTO letters SELECT i, 'Sesame ' || 1 + i % 50, 'kind' || i % 3 FROM generate_series(1, 4000) i;
INSERT INTO visits SELECT 'sesame ' || i % 60, i % 100 FROM generate_series(1, 4000) i;
REFRESH MATERIALIZED VIEW copied; REFRESH MATERIALIZED VIEW counted; REFRESH MATERIALIZED VIEW twice;
REFRESH MATERIALIZED VIEW plain;
ANALYZE;
"""
PERSONAL = {
    "people": ("handle", "account", "born", "host", "tags", '"day of birth"', "key", "address"),
    "visits_1": ("who",),
}


def annotated(model: Model) -> Model:
    """Return the model with what is personal: columns, one partition's, and a domain."""

    def noted(table: Any) -> Any:
        names = {name.strip('"') for name in PERSONAL.get(table.name, ())}
        columns = [
            replace(each, annotations=Annotations(pii="secret")) if each.name in names else each
            for each in table.columns
        ]  # fmt: skip
        return replace(table, columns=tuple(columns))

    domains = [replace(each, annotations=Annotations(pii="mail")) if each.name == "mail" else each
               for each in model.domains]  # fmt: skip
    return replace(model, tables=tuple(map(noted, model.tables)), domains=tuple(domains))


@pytest.fixture(scope="module")
def database(server: Server) -> Iterator[OwnedPostgres]:
    with OwnedPostgres(server) as engine:
        engine.run(SCHEMA)
        engine.run(ROWS)
        yield engine


@pytest.fixture(scope="module")
def read(database: OwnedPostgres) -> Statistics:
    return read_statistics(database, ends=True)


@pytest.fixture(scope="module")
def model(database: OwnedPostgres) -> Model:
    return annotated(database.model())


def leaks(statistics: Statistics) -> list[str]:
    text = statistics_text(replace(statistics, relations=()))  # an index's definition holds no row
    return [secret for secret in SECRETS if secret in text.lower()]


@pytest.mark.server
def test_the_secrets_are_there_before(read: Statistics) -> None:
    assert leaks(read) == list(SECRETS)


@pytest.mark.server
@pytest.mark.parametrize("how", WAYS)
def test_no_secret_is_left(read: Statistics, model: Model, how: str) -> None:
    found = without_personal_values(read, model, how=how)

    assert leaks(found) == []
    assert {each.relations for each in (found, read)} == {read.relations}


@pytest.mark.server
@pytest.mark.parametrize("how", WAYS)
def test_no_secret_is_left_by_the_model_read_from_text_either(read: Statistics, how: str) -> None:
    assert leaks(without_personal_values(read, annotated(pr.read(SCHEMA)), how=how)) == []


@pytest.mark.server
def test_what_is_no_value_stays_and_other_columns_are_whole(read: Statistics, model: Model) -> None:
    found = without_personal_values(read, model)
    handle, before = (each.by_column["public", "people", "handle", False] for each in (found, read))

    assert (handle.null_fraction, handle.width, handle.distinct, handle.correlation) == (
        before.null_fraction, before.width, before.distinct, before.correlation)  # fmt: skip
    assert handle.histogram is handle.common_values is handle.ends is None
    kept = {("people", "id"), ("people", "town"), ("people", "zip"), ("letters", "kind"), ("plain", "zip"),
            ("plain", "n"), ("visits", "day"), ("copied", "zip"), ("people_expr_idx", "expr")}  # fmt: skip
    for table, name in kept:
        for inherited in (False, True):
            key = ("public", table, name, inherited)
            assert found.by_column.get(key) == read.by_column.get(key), key
    assert {(each.table, each.column) for each in read.columns} >= kept


@pytest.mark.server
def test_what_was_left_out_is_listed_with_the_reason(read: Statistics, model: Model) -> None:
    left_out = dict(without_personal_values(read, model).left_out)

    assert left_out["public.people.handle"] == "left out: personal data: secret"
    assert left_out["public.people.email"] == "left out: personal data: mail, of its type"
    assert left_out["public.letters.sender"] == "left out: it holds the values of public.people.handle"
    assert left_out["public.people.upper_handle"] == "left out: it is made of handle"
    assert left_out["public.visits.who"].startswith("left out: it holds the values of public.visits_1.who")
    assert left_out["public.visits_2.who"].startswith("left out: it holds the values of")
    assert left_out["public.people_lower_idx.lower"] == "left out: it is made of handle"
    assert "public.counted.h" in left_out
    assert "public.twice.name" in left_out
    assert "public.people.zip" not in left_out


@pytest.mark.server
def test_extended_statistics_keep_their_numbers_and_lose_their_values(read: Statistics, model: Model) -> None:
    before = {each.name: each for each in read.extended}
    after = {each.name: each for each in without_personal_values(read, model).extended}

    assert after["places"] == before["places"]
    for name in ("both_of", "cut"):
        assert before[name].common is not None
        assert after[name] == replace(before[name], common=None)


@pytest.mark.server
def test_made_up_values_keep_the_order_and_how_common_each_is(read: Statistics, model: Model) -> None:
    found = without_personal_values(read, model, how="replace")

    for name in ("born", "account", "email", "key", "host"):
        column, before = (each.by_column["public", "people", name, False] for each in (found, read))
        assert column.common_frequencies == before.common_frequencies
        assert list(column.histogram or ()) == sorted(column.histogram or (), key=lambda text: (len(text), text)), name
        assert len(column.histogram or ()) == len(before.histogram or ())
    born = found.by_column["public", "people", "born", False]
    assert (born.ends or ("",))[0] == "2000-01-01"
    assert dict(found.left_out)["public.people.born"] == "replaced: personal data: secret"
    for name in ("tags", "address"):  # an array; a domain with a check
        assert dict(found.left_out)[f"public.people.{name}"].startswith("left out")


@pytest.mark.server
def test_columns_that_hold_the_same_values_have_the_same_made_up_ones(read: Statistics, model: Model) -> None:
    found = without_personal_values(read, model, how="replace")
    own = dict(zip(column_values(read, "people", "handle"), column_values(found, "people", "handle"), strict=True))
    theirs = dict(zip(column_values(read, "letters", "sender"), column_values(found, "letters", "sender"), strict=True))

    assert len(own.keys() & theirs.keys()) > 0
    assert all(own[each] == theirs[each] for each in own.keys() & theirs.keys())


def column_values(statistics: Statistics, table: str, name: str) -> list[str]:
    column = statistics.by_column["public", table, name, False]
    return [*sorted(column.histogram or ()), *(column.common_values or ())]


@pytest.mark.server
def test_the_server_takes_made_up_values(read: Statistics, model: Model, server: Server) -> None:
    found = without_personal_values(read, model, how="replace")
    with OwnedPostgres(server) as engine:
        engine.run(SCHEMA)
        if engine.major < 18:
            pytest.skip("PostgreSQL 18 brought the functions that restore statistics")
        for each in found.columns:
            if each.table == "people" and (each.histogram or each.common_values):
                taken = engine.query(
                    "SELECT pg_restore_attribute_stats('schemaname', $1::text, 'relname', $2::text, "
                    "'attname', $3::text, 'inherited', false, 'null_frac', 0::real, 'avg_width', 4, "
                    "'n_distinct', 9::real, 'histogram_bounds', $4::text)",
                    params=[each.schema, each.table, each.column, pg_array(each.histogram or each.common_values or ())],
                )
                assert taken.scalar() is True, each


def pg_array(values: tuple[str, ...]) -> str:
    from planroom.scaling.array_literals import array_literal

    return array_literal(values)


# -- what looks personal -----------------------------------------------------------------------------------------------

PEOPLE = pr.read("CREATE TABLE people (id int PRIMARY KEY, email text, contact text, note text)")
MAILS = tuple(f"u{number}@x.org" for number in range(30))


def column(name: str, *values: str, table: str = "people", schema: str = "public") -> ColumnStatistics:
    return ColumnStatistics(schema=schema, table=table, column=name, histogram=values or ("a", "b"))


LOOKS = Statistics(columns=(column("contact", *MAILS), column("email"), column("id", "1", "2"), column("note")))


def test_what_looks_personal_is_warned_of_where_annotations_decide() -> None:
    found = without_personal_values(LOOKS, PEOPLE)

    assert found.columns == LOOKS.columns
    said = {each.subject: each.text for each in found.assumptions}
    assert said.keys() == {"public.people.email", "public.people.contact"}
    assert "named like personal data" in said["public.people.email"]
    assert "e-mail addresses" in said["public.people.contact"]


def test_what_looks_personal_is_left_out_where_names_decide() -> None:
    found = without_personal_values(LOOKS, PEOPLE, by_name=True)

    assert dict(found.left_out).keys() == {"public.people.email", "public.people.contact"}
    assert [each.histogram for each in found.columns] == [None, None, ("1", "2"), ("a", "b")]


def test_of_what_the_model_does_not_have_nobody_can_tell() -> None:
    unknown = Statistics(
        relations=(RelationStatistics(schema="public", name="ix", pages=1, rows=1.0, table="people"),),
        columns=(column("secret", table="new"), column("fresh"), column("lower", table="ix"), column("id", "1", "2")),
        extended=(ExtendedData(schema="public", name="new_stats", common="00"),),
    )
    found = without_personal_values(unknown, PEOPLE)

    assert dict(found.left_out).keys() == {"public.new.secret", "public.people.fresh", "public.ix.lower"}
    assert found.extended[0].common is None


def test_an_index_that_the_model_does_not_have_is_judged_by_its_definition() -> None:
    noted = replace(PEOPLE, tables=(replace(PEOPLE.tables[0], columns=tuple(
        replace(each, annotations=Annotations(pii="mail")) if each.name == "email" else each
        for each in PEOPLE.tables[0].columns)),))  # fmt: skip
    for expression, personal in (("lower(email)", True), ("lower(note)", False), ("public.whole(people.*)", True)):
        definition = f"CREATE INDEX ix ON public.people USING btree (({expression}))"
        index = RelationStatistics(schema="public", name="ix", pages=1, rows=1.0, table="people", definition=definition)
        found = without_personal_values(Statistics(relations=(index,), columns=(column("lower", table="ix"),)), noted)
        assert bool(found.left_out) is personal, expression


def test_a_table_that_is_annotated_is_personal_as_a_whole() -> None:
    noted = replace(PEOPLE, tables=(replace(PEOPLE.tables[0], annotations=Annotations(pii="patients")),))

    assert len(without_personal_values(LOOKS, noted).left_out) == 4
    assert set(personal_columns(noted).of("public.people")) == {"id", "email", "contact", "note"}


def test_doing_it_twice_changes_nothing_more() -> None:
    once = without_personal_values(LOOKS, PEOPLE, by_name=True)
    again = without_personal_values(once, PEOPLE, by_name=True)

    assert (again.columns, again.left_out) == (once.columns, once.left_out)


def test_a_way_that_is_none_is_refused_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="leave out"):
        without_personal_values(LOOKS, PEOPLE, how="leav out")


# -- made-up values ----------------------------------------------------------------------------------------------------

MADE = {
    "text": st.text(max_size=5),
    "integer": st.integers(-9, 9).map(str),
    "numeric": st.sampled_from(["NaN", "Infinity", "-Infinity", "1.5", "1.50", "-2", "10", "9"]),
    "date": st.dates().map(str) | st.sampled_from(["infinity", "-infinity", "0044-03-15 BC", "10000-01-01"]),
    "timestamp with time zone": st.datetimes().map(lambda when: f"{when}+02"),
    "inet": st.ip_addresses().map(str) | st.ip_addresses().map(lambda found: f"{found}/8"),
    "uuid": st.uuids().map(str),
}


@given(st.data())
def test_the_order_of_made_up_values_is_that_of_the_values(data: st.DataObject) -> None:
    kind = DataType(data.draw(st.sampled_from(sorted(MADE))))
    values = data.draw(st.lists(MADE[kind.name], min_size=1, max_size=30))
    order = ranks(values, kind)
    made = {value: made_up(rank, len(values), kind) for value, rank in order.items()}
    again = ranks([each or "" for each in made.values()], kind)

    assert {value: again[each or ""] for value, each in made.items()} == order


@pytest.mark.parametrize(
    ("kind", "many"),
    [(DataType("character varying", ("2",)), 100), (DataType("smallint"), 32767), (DataType("numeric", ("4", "2")), 99),
     (DataType("time without time zone"), 86400), (DataType("numeric", ("2", "2")), 0)],
)  # fmt: skip
def test_a_type_with_too_few_values_is_not_replaced(kind: DataType, many: int) -> None:
    assert made_up(0, many + 1, kind) is None
    if many:
        assert re.fullmatch(r"[\d:]{1,8}", made_up(many - 1, many, kind) or "")


@pytest.mark.parametrize("kind", [DataType("text", array=True), DataType("jsonb"), DataType("text", schema="own")])
def test_of_some_types_no_values_are_made_up(kind: DataType) -> None:
    assert family(kind) == ""


def test_the_offset_of_a_moment_counts() -> None:
    early, late = "2026-01-01 12:00:00+02", "2026-01-01 11:00:00+00"

    assert ranks([late, early], DataType("timestamp with time zone")) == {early: 0, late: 1}


@pytest.mark.parametrize("how", WAYS)
def test_ends_are_values_too_also_where_nothing_else_is_known(how: str) -> None:
    alone = replace(column("email"), histogram=None, ends=("a@x.org", "z@x.org"))
    found = without_personal_values(Statistics(columns=(alone,)), PEOPLE, how=how, by_name=True)

    assert found.columns[0].ends == (None if how == "leave out" else ("v000000", "v000001"))
    assert dict(found.left_out).keys() == {"public.people.email"}
