"""What the rules about designs say of a server, the server does."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planroom.ddl import read_postgres
from planroom.errors import StatementFailedError
from planroom.linting import SCHEMA_RULES, SchemaRule, lint_schema
from planroom.linting.layout import best_order, data_bytes, slots_of, wasted_bytes
from planroom.linting.types import Types
from planroom.sqltext import must_be_quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.engines.postgres.engine import OwnedPostgres

pytestmark = pytest.mark.server


def finds(slug: str, ddl: str) -> bool:
    return bool(lint_schema(read_postgres([("x.sql", ddl)]), rules=[SCHEMA_RULES[slug]]).findings)


def plan(database: OwnedPostgres, sql: str) -> str:
    rows = database.connection.execute(b"EXPLAIN (COSTS OFF) " + sql.encode()).fetchall()
    return "\n".join(str(row[0]) for row in rows)


def one(database: OwnedPostgres, sql: str) -> Any:
    row = database.connection.execute(sql.encode()).fetchone()
    assert row
    return row[0]


# -- foreign keys and their indexes ------------------------------------------------------------------------------------

INDEXES = {
    "none": "",
    "of its own": "CREATE INDEX ix ON c (a, b);",
    "in another order": "CREATE INDEX ix ON c (b, a, x);",
    "behind another column": "CREATE INDEX ix ON c (x, a, b);",
    "partial on a third column": "CREATE INDEX ix ON c (a, b) WHERE x > 5;",
    "partial where not null": "CREATE INDEX ix ON c (a, b) WHERE a IS NOT NULL AND b IS NOT NULL;",
    "partial where null": "CREATE INDEX ix ON c (a, b) WHERE a IS NULL;",
}
TABLES = (
    "CREATE TABLE p (a int, b int, PRIMARY KEY (a, b));"
    "CREATE TABLE c (id int PRIMARY KEY, a int, b int, x int, FOREIGN KEY (a, b) REFERENCES p);"
)


@pytest.mark.parametrize("kind", INDEXES)
def test_a_foreign_key_is_looked_up_by_a_scan_exactly_when_the_rule_says_so(
    fresh_database: OwnedPostgres, kind: str
) -> None:
    ddl = TABLES + INDEXES[kind]
    fresh_database.run(ddl)
    fresh_database.run(
        "INSERT INTO p SELECT n, n FROM generate_series(1, 20000) n;"
        "INSERT INTO c SELECT n, n, n, n FROM generate_series(1, 20000) n; ANALYZE c;"
    )
    # What a foreign key's own trigger asks: a plan for any value.
    fresh_database.connection.execute(
        b"PREPARE look AS SELECT 1 FROM ONLY c x WHERE $1::int = a AND $2::int = b FOR KEY SHARE OF x"
    )
    fresh_database.connection.execute(b"SET plan_cache_mode = force_generic_plan")

    scans = "Seq Scan" in plan(fresh_database, "EXECUTE look (7, 7)")

    assert scans == finds("foreign-key-without-index", ddl)


PARTITIONED = (
    "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (d int, p_id int REFERENCES p) PARTITION BY LIST (d);"
    "CREATE TABLE c1 PARTITION OF c FOR VALUES IN (1); CREATE TABLE c2 PARTITION OF c FOR VALUES IN (2);"
)


@pytest.mark.parametrize(
    "indexes",
    ["", "CREATE INDEX ON c (p_id);", "CREATE INDEX ON c1 (p_id);", "CREATE INDEX ON ONLY c (p_id);",
     "CREATE INDEX ON c1 (p_id); CREATE INDEX ON c2 (p_id);"],
)  # fmt: skip
def test_a_partitioned_table_is_read_whole_exactly_when_a_partition_lacks_the_index(
    fresh_database: OwnedPostgres, indexes: str
) -> None:
    fresh_database.run(PARTITIONED + indexes)
    fresh_database.run(
        "INSERT INTO p SELECT generate_series(1, 20000);"
        "INSERT INTO c SELECT 1 + n % 2, n FROM generate_series(1, 20000) n; ANALYZE c;"
    )

    assert ("Seq Scan" in plan(fresh_database, "SELECT 1 FROM c WHERE p_id = 7")) == finds(
        "foreign-key-without-index", PARTITIONED + indexes
    )


TYPES = (
    "smallint", "integer", "bigint", "numeric", "real", "double precision", "text", "varchar(10)", "char(3)", "date",
    "timestamp", "timestamptz", "uuid", "inet", "cidr", "oid", "name", "boolean",
)  # fmt: skip


def test_a_mismatch_is_an_error_for_casts_exactly_where_the_server_cannot_use_the_index(
    fresh_database: OwnedPostgres,
) -> None:
    """Each pair of types that a foreign key may join: the index of the referencing column serves it, or does not."""
    fresh_database.run("SET enable_seqscan = off; SET enable_bitmapscan = off;")
    differing, seen = [], 0
    for its, mine in itertools.product(TYPES, TYPES):
        ddl = f"CREATE TABLE p (k {its} PRIMARY KEY); CREATE TABLE c (k {mine} REFERENCES p); CREATE INDEX ix ON c (k);"
        try:
            fresh_database.run(ddl)
        except StatementFailedError:
            fresh_database.run("DROP TABLE IF EXISTS c, p;")
            continue
        seen += 1
        condition = one(
            fresh_database,
            "SELECT format('$1::%s OPERATOR(pg_catalog.%s) k%s', format_type(a.atttypid, NULL), o.oprname,"
            " CASE WHEN o.oprright <> f.atttypid THEN '::' || format_type(o.oprright, NULL) ELSE '' END)"
            " FROM pg_constraint n JOIN pg_operator o ON o.oid = n.conpfeqop[1]"
            " JOIN pg_attribute a ON a.attrelid = n.confrelid AND a.attname = 'k'"
            " JOIN pg_attribute f ON f.attrelid = n.conrelid AND f.attname = 'k'"
            " WHERE n.contype = 'f' AND n.conrelid = 'c'::regclass",
        )
        fresh_database.connection.execute(
            f"PREPARE look AS SELECT 1 FROM ONLY c x WHERE {condition} FOR KEY SHARE OF x".encode()
        )
        fresh_database.connection.execute(b"SET plan_cache_mode = force_generic_plan")
        used = "Index Cond" in plan(fresh_database, "EXECUTE look (NULL)")
        fresh_database.run("DEALLOCATE look; DROP TABLE c, p;")
        found = lint_schema(read_postgres([("x.sql", ddl)]), rules=[SCHEMA_RULES["foreign-key-type-mismatch"]]).findings
        said = any("casts" in each.message for each in found)
        if said == used:
            differing.append((its, mine, used, said))
    assert seen > 40
    assert differing == []


def test_a_narrower_integer_cannot_refer_to_every_key(fresh_database: OwnedPostgres) -> None:
    fresh_database.run("CREATE TABLE p (id bigint PRIMARY KEY); CREATE TABLE c (p_id int REFERENCES p);")
    fresh_database.run("INSERT INTO p VALUES (3000000000)")

    with pytest.raises(StatementFailedError, match="integer out of range"):
        fresh_database.run("INSERT INTO c VALUES (3000000000)")


# -- indexes -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("slug", ["duplicate-index", "redundant-index"])
def test_without_a_needless_index_the_other_one_is_used(fresh_database: OwnedPostgres, slug: str) -> None:
    for ddl in SCHEMA_RULES[slug].bad:
        found = lint_schema(read_postgres([("x.sql", ddl)]), rules=[SCHEMA_RULES[slug]]).findings
        fresh_database.run(ddl + "INSERT INTO t SELECT FROM generate_series(1, 0); SET enable_seqscan = off;")
        [finding] = found
        kept = str(finding.facts.get("kept", finding.facts.get("longer")))
        fresh_database.run(f"DROP INDEX {finding.subject}")
        column = "id" if "y ON t (id)" in ddl else "a"
        condition = f"{column} IN (1, 2)" if "WHERE" in ddl else f"{column} = 1"
        assert kept in plan(fresh_database, f"SELECT * FROM t WHERE {condition}"), ddl
        fresh_database.run("DROP TABLE t")


# -- rows --------------------------------------------------------------------------------------------------------------


def test_a_null_lets_the_same_values_in_twice_exactly_where_the_rule_says_so(fresh_database: OwnedPostgres) -> None:
    rule = SCHEMA_RULES["nullable-column-in-unique-constraint"]
    scripts = [(ddl, True) for ddl in rule.bad] + [(ddl, False) for ddl in rule.good if "market text," in ddl]
    for ddl, expected in scripts:
        fresh_database.run(ddl)
        column = "email" if "email" in ddl else "code"
        fresh_database.run(f"INSERT INTO t (id, {column}) VALUES (1, 'x')")
        if "WHERE market IS NOT NULL" in ddl:  # what it leaves open, it says
            fresh_database.run("DROP TABLE t")
            continue
        try:
            fresh_database.run(f"INSERT INTO t (id, {column}) VALUES (2, 'x')")
            twice = True
        except StatementFailedError:
            twice = False
        fresh_database.run("DROP TABLE t")
        assert twice == expected, ddl


def test_no_row_gets_into_a_circle_of_required_foreign_keys_by_a_statement_of_its_own(
    fresh_database: OwnedPostgres,
) -> None:
    ddl = SCHEMA_RULES["required-foreign-key-cycle"].bad[0]
    fresh_database.run(ddl)

    with pytest.raises(StatementFailedError, match="foreign key"):
        fresh_database.run("INSERT INTO a VALUES (1, 1)")
    with pytest.raises(StatementFailedError, match="foreign key"):
        fresh_database.run("INSERT INTO b VALUES (1, 1)")
    fresh_database.run("WITH first AS (INSERT INTO a VALUES (1, 1)) INSERT INTO b VALUES (1, 1)")


@pytest.mark.parametrize("ddl", SCHEMA_RULES["required-foreign-key-cycle"].good)
def test_a_circle_that_is_left_alone_can_be_entered(fresh_database: OwnedPostgres, ddl: str) -> None:
    fresh_database.run(ddl)
    fresh_database.run(
        "BEGIN; SET CONSTRAINTS ALL DEFERRED;"
        + ("INSERT INTO a VALUES (1, 1); INSERT INTO b VALUES (1, 1);" if "b_id int NOT NULL" in ddl else
           "INSERT INTO a VALUES (1, NULL); INSERT INTO b VALUES (1, 1);" if "b_id" in ddl else
           "INSERT INTO a VALUES (1, 1);")
        + "COMMIT;"
    )  # fmt: skip


def test_an_integer_key_ends_where_the_rule_says(fresh_database: OwnedPostgres) -> None:
    fresh_database.run("CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY)")
    fresh_database.run("ALTER TABLE t ALTER id RESTART WITH 2147483647; INSERT INTO t DEFAULT VALUES")

    with pytest.raises(StatementFailedError, match="reached maximum value"):
        fresh_database.run("INSERT INTO t DEFAULT VALUES")


def test_rows_without_a_key_cannot_be_replicated_as_deleted(fresh_database: OwnedPostgres) -> None:
    fresh_database.run("CREATE TABLE t (a int); INSERT INTO t VALUES (1); CREATE PUBLICATION all_of_it FOR TABLE t")

    with pytest.raises(StatementFailedError, match="replica identity"):
        fresh_database.run("DELETE FROM t")


# -- types -------------------------------------------------------------------------------------------------------------


def test_floats_do_not_add_up(fresh_database: OwnedPostgres) -> None:
    assert one(fresh_database, "SELECT 0.1::float8 + 0.2::float8 = 0.3::float8") is False
    assert one(fresh_database, "SELECT 0.1::numeric + 0.2::numeric = 0.3::numeric") is True


def test_money_means_what_a_setting_says(fresh_database: OwnedPostgres) -> None:
    scale = "SELECT ('1'::money / 1::float8)::text"
    fresh_database.run("SET lc_monetary = 'C'")

    assert "1.00" in one(fresh_database, scale)
    assert "lc_monetary" in one(fresh_database, "SELECT name FROM pg_settings WHERE name = 'lc_monetary'")


def test_a_timestamp_is_another_moment_for_another_reader(fresh_database: OwnedPostgres) -> None:
    fresh_database.run("SET TimeZone = 'UTC'; CREATE TABLE t (plain timestamp, zoned timestamptz);")
    fresh_database.run("INSERT INTO t VALUES ('2026-03-01 12:00', '2026-03-01 12:00')")
    moment = "SELECT extract(epoch FROM {}::timestamptz)::bigint FROM t"
    before = one(fresh_database, moment.format("plain")), one(fresh_database, moment.format("zoned"))
    fresh_database.run("SET TimeZone = 'Asia/Tokyo'")
    after = one(fresh_database, moment.format("plain")), one(fresh_database, moment.format("zoned"))

    assert after[0] == before[0] - 9 * 3600
    assert after[1] == before[1]


def test_char_is_filled_with_blanks_that_like_sees_and_equality_does_not(fresh_database: OwnedPostgres) -> None:
    assert one(fresh_database, "SELECT 'a'::char(3) = 'a'") is True
    assert one(fresh_database, "SELECT 'a'::char(3) LIKE 'a'") is False


def test_json_has_neither_equality_nor_an_index(fresh_database: OwnedPostgres) -> None:
    fresh_database.run("CREATE TABLE t (j json)")

    with pytest.raises(StatementFailedError, match="equality operator"):
        fresh_database.run("SELECT DISTINCT j FROM t")
    with pytest.raises(StatementFailedError, match="no default operator class"):
        fresh_database.run("CREATE INDEX ON t (j)")


def test_a_serial_column_needs_a_privilege_on_its_sequence_and_an_identity_column_none(
    fresh_database: OwnedPostgres,
) -> None:
    fresh_database.run(
        "CREATE ROLE linting_writer; CREATE TABLE s (id serial, a int); CREATE TABLE i (id int GENERATED ALWAYS AS"
        " IDENTITY, a int); GRANT INSERT ON s, i TO linting_writer; SET ROLE linting_writer"
    )
    try:
        fresh_database.run("INSERT INTO i (a) VALUES (1)")
        with pytest.raises(StatementFailedError, match="permission denied for sequence"):
            fresh_database.run("INSERT INTO s (a) VALUES (1)")
    finally:
        fresh_database.run("RESET ROLE; DROP OWNED BY linting_writer; DROP ROLE linting_writer")


def test_a_misspelt_value_is_stored_where_no_check_stands(fresh_database: OwnedPostgres) -> None:
    rule = SCHEMA_RULES["enumeration-without-check"]
    fresh_database.run(rule.bad[0])
    fresh_database.run("INSERT INTO t VALUES (1, 'recieved'); DROP TABLE t;")
    fresh_database.run(rule.good[0])

    with pytest.raises(StatementFailedError, match="check constraint"):
        fresh_database.run("INSERT INTO t VALUES (1, 'recieved')")


def test_a_cascade_deletes_rows_of_a_table_that_one_may_not_touch(fresh_database: OwnedPostgres) -> None:
    fresh_database.run(
        "CREATE TABLE o (id int PRIMARY KEY); CREATE TABLE r (id int PRIMARY KEY REFERENCES o ON DELETE CASCADE);"
        "INSERT INTO o VALUES (1); INSERT INTO r VALUES (1); CREATE ROLE linting_clerk;"
        "GRANT SELECT, DELETE ON o TO linting_clerk; SET ROLE linting_clerk;"
    )
    try:
        fresh_database.run("DELETE FROM o")
    finally:
        fresh_database.run("RESET ROLE; DROP OWNED BY linting_clerk; DROP ROLE linting_clerk")

    assert one(fresh_database, "SELECT count(*) FROM r") == 0


@pytest.mark.parametrize("ddl", SCHEMA_RULES["set-null-on-required-column"].bad)
def test_a_row_that_is_referred_to_by_a_required_column_cannot_be_deleted(
    fresh_database: OwnedPostgres, ddl: str
) -> None:
    fresh_database.run(ddl)
    values = "(1, 1)" if "t int" in ddl else "(1)"
    fresh_database.run(f"INSERT INTO p VALUES {values}; INSERT INTO c VALUES {values};")

    with pytest.raises(StatementFailedError, match="null value in column"):
        fresh_database.run("DELETE FROM p")


@pytest.mark.parametrize("ddl", SCHEMA_RULES["set-null-on-required-column"].good)
def test_a_row_that_is_left_alone_can_be_deleted(fresh_database: OwnedPostgres, ddl: str) -> None:
    fresh_database.run(ddl)
    values = "(1, 1)" if "t int" in ddl else "(1)"
    fresh_database.run(f"INSERT INTO p VALUES {values}; INSERT INTO c VALUES {values};")
    fresh_database.run(("INSERT INTO p VALUES (0);" if "DEFAULT 0" in ddl else "") + "DELETE FROM p WHERE id = 1")


def test_the_sequence_of_a_widened_serial_column_ends_where_the_old_type_did(fresh_database: OwnedPostgres) -> None:
    rule = SCHEMA_RULES["sequence-narrower-than-column"]
    fresh_database.run(rule.bad[0])
    fresh_database.run("SELECT setval('t_id_seq', 2147483647)")

    with pytest.raises(StatementFailedError, match="reached maximum value"):
        fresh_database.run("INSERT INTO t DEFAULT VALUES")
    for ddl in rule.good:
        if "serial" not in ddl or "bigint" in ddl:
            fresh_database.run("DROP TABLE t")
            fresh_database.run(ddl)
            fresh_database.run("SELECT setval(pg_get_serial_sequence('t', 'id'), 2147483647)")
            fresh_database.run("INSERT INTO t DEFAULT VALUES")


# -- the layout of rows ------------------------------------------------------------------------------------------------

FIXED = {
    "boolean": "true", "smallint": "1", "integer": "1", "bigint": "1", "real": "1", "double precision": "1",
    "date": "'2026-01-01'", "time": "'1:00'", "timetz": "'1:00+01'", "timestamptz": "now()", "interval": "'1 day'",
    "uuid": "gen_random_uuid()", '"char"': "'x'", "money": "1", "macaddr": "'08:00:2b:01:02:03'", "oid": "1",
    "macaddr8": "'08:00:2b:01:02:03:04:05'", "point": "'(1,2)'", "box": "'((1,2),(3,4))'", "circle": "'<(1,2),3>'",
    "line": "'{1,2,3}'", "lseg": "'((1,2),(3,4))'", "pg_lsn": "'0/1'", "xid8": "'1'", "name": "'x'",
    "regclass": "'pg_class'", "mood": "'good'", "tid": "'(0,1)'",
}  # fmt: skip
MOOD = "CREATE TYPE mood AS ENUM ('good', 'bad');"
HEADER = 24  # of a row without NULLs


def slots(ddl: str) -> Any:
    model = read_postgres([("x.sql", ddl)])
    found = slots_of(model.table("t"), Types(model))
    assert found is not None
    return found


@given(st.lists(st.sampled_from(sorted(FIXED)), min_size=1, max_size=12))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_row_has_the_bytes_that_are_calculated(fresh_database: OwnedPostgres, types: list[str]) -> None:
    ddl = "CREATE TABLE t (" + ", ".join(f"c{number} {kind}" for number, kind in enumerate(types)) + ");"
    fresh_database.run("DROP TABLE IF EXISTS t; DROP TYPE IF EXISTS mood;" + MOOD + ddl)
    fresh_database.run(f"INSERT INTO t VALUES ({', '.join(FIXED[kind] for kind in types)})")

    assert one(fresh_database, "SELECT pg_column_size(t.*) FROM t") == HEADER + data_bytes(slots(MOOD + ddl), {})


def test_no_order_of_some_columns_takes_fewer_bytes_than_the_best(fresh_database: OwnedPostgres) -> None:
    kinds = ("boolean", "bigint", "smallint", "integer", "timetz")
    sizes = {}
    for order in itertools.permutations(kinds):
        found = slots("CREATE TABLE t (" + ", ".join(f"c{kind} {kind}" for kind in order) + ")")
        sizes[order] = data_bytes(found, {})
        assert data_bytes(best_order(found), {}) <= min(sizes.values())


def test_the_bytes_that_another_order_saves_are_those_of_real_rows(fresh_database: OwnedPostgres) -> None:
    ddl = SCHEMA_RULES["column-order-waste"].bad[1]
    columns = {slot.name: slot for slot in slots(ddl)}
    fresh_database.run(ddl)
    kinds = {name: one(fresh_database, f"SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid ="
                       f" 't'::regclass AND attname = '{name}'") for name in columns}  # fmt: skip
    best = [slot.name for slot in best_order(tuple(columns.values()))]
    fresh_database.run(f"CREATE TABLE u ({', '.join(f'{name} {kinds[name]}' for name in best)})")
    texts = [name for name in columns if kinds[name] == "text"]
    values = {name: f"repeat('x', {name}_)" if name in texts else FIXED.get(kinds[name], "now()") for name in columns}
    values["id"] = "row_number() OVER ()"
    lengths = ", ".join(f"generate_series(0, 7) {name}_" for name in texts)
    for table in ("t", "u"):
        fresh_database.run(
            f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values.values())} FROM {lengths}"
        )
    mean = "(SELECT avg(pg_column_size({0}.*)) FROM {0})"
    saved = one(fresh_database, f"SELECT ({mean.format('t')} - {mean.format('u')})::float8")

    assert wasted_bytes(tuple(columns.values())) == pytest.approx(saved, abs=0.01)


# -- who sees what -----------------------------------------------------------------------------------------------------


@pytest.fixture
def reader(fresh_database: OwnedPostgres) -> Iterator[OwnedPostgres]:
    """A database with a role that may do everything with what is in ``public``, and owns nothing."""
    fresh_database.run(
        "CREATE ROLE linting_reader; GRANT USAGE ON SCHEMA public TO linting_reader;"
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ALL ON TABLES TO linting_reader;"
    )
    yield fresh_database
    fresh_database.run("RESET ROLE; DROP OWNED BY linting_reader; DROP ROLE linting_reader;")


def seen(database: OwnedPostgres, relation: str = "t") -> int:
    database.run("SET ROLE linting_reader")
    try:
        return int(one(database, f"SELECT count(*) FROM {relation}"))
    finally:
        database.run("RESET ROLE")


@pytest.mark.parametrize(
    ("slug", "bad", "good"), [("policy-without-row-security", 1, 0), ("row-security-without-policy", 0, 1)]
)
def test_policies_and_row_security_need_each_other(reader: OwnedPostgres, slug: str, bad: int, good: int) -> None:
    rule = SCHEMA_RULES[slug]
    for scripts, expected in ((rule.bad, bad), (rule.good, good)):
        for ddl in scripts:
            reader.run(ddl)
            reader.run("INSERT INTO t (id) VALUES (1)")
            assert seen(reader) == expected, ddl
            reader.run("DROP TABLE t")


def test_a_policy_that_is_always_true_lets_everybody_write(reader: OwnedPostgres) -> None:
    rule = SCHEMA_RULES["policy-always-true"]
    for ddl, expected in [*((each, True) for each in rule.bad), *((each, False) for each in rule.good)]:
        reader.run(ddl)
        reader.run("SET ROLE linting_reader")
        try:
            reader.run("INSERT INTO t VALUES (-1)")
            written = True
        except StatementFailedError:
            written = False
        reader.run("RESET ROLE; DROP TABLE t;")
        assert written == expected, ddl


def test_rows_that_a_policy_hides_in_one_table_are_seen_in_another_that_has_none(reader: OwnedPostgres) -> None:
    reader.run(SCHEMA_RULES["tenant-table-without-row-security"].bad[0])
    reader.run("INSERT INTO a VALUES (1, 2); INSERT INTO c VALUES (1, 2)")

    assert (seen(reader, "a"), seen(reader, "c")) == (0, 1)


def test_a_view_shows_what_the_policies_hide_unless_it_asks_as_its_reader(reader: OwnedPostgres) -> None:
    rule = SCHEMA_RULES["view-bypasses-row-security"]
    for ddl, expected in [*((each, 1) for each in rule.bad), (rule.good[0], 0)]:
        table, _, rest = ddl.partition(";")
        reader.run(f"{table}; INSERT INTO t VALUES (2); {rest}")
        assert seen(reader) == 0
        assert seen(reader, "v") == expected, ddl
        reader.run("DROP TABLE t CASCADE")


@pytest.mark.parametrize(
    ("setting", "hijacked"),
    [("", True), ("SET search_path = public", True), ("SET search_path = public, pg_temp", False)],
)
def test_a_caller_puts_a_table_of_its_own_before_that_of_a_security_definer(
    reader: OwnedPostgres, setting: str, hijacked: bool
) -> None:
    ddl = (
        "CREATE TABLE secret (v text); INSERT INTO secret VALUES ('true one');"
        f"CREATE FUNCTION f() RETURNS text LANGUAGE sql SECURITY DEFINER {setting} AS 'SELECT v FROM secret';"
    )
    reader.run(ddl)
    reader.run("SET ROLE linting_reader; CREATE TEMP TABLE secret (v text); INSERT INTO secret VALUES ('forged');")
    found = one(reader, "SELECT f()")
    reader.run("DROP TABLE pg_temp.secret")

    assert (found == "forged") == hijacked
    assert finds("security-definer-without-search-path", ddl) == hijacked


def test_a_policy_asks_the_session_for_each_row_or_once_in_a_sub_select(reader: OwnedPostgres) -> None:
    rule = SCHEMA_RULES["policy-calls-function-for-each-row"]
    reader.run("CREATE SEQUENCE asked; GRANT ALL ON SEQUENCE asked TO linting_reader;")
    for ddl, each_row in ((rule.bad[0], True), (rule.good[0], False)):
        counting = ddl.replace("BEGIN RETURN 1; END", "BEGIN PERFORM nextval(''asked''); RETURN 1; END")
        reader.run("DROP TABLE IF EXISTS t; DROP FUNCTION IF EXISTS me();" + counting)
        reader.run("INSERT INTO t SELECT n, 1 FROM generate_series(1, 100) n; ALTER SEQUENCE asked RESTART;")
        assert seen(reader) == 100
        asked = one(reader, "SELECT nextval('asked')") - 1
        assert asked in ((100, 101) if each_row else (1, 2)), "the planner may ask once more, to estimate"


# -- constraints and names ---------------------------------------------------------------------------------------------


def test_each_of_two_equal_foreign_keys_is_checked(fresh_database: OwnedPostgres) -> None:
    fresh_database.run(SCHEMA_RULES["duplicate-foreign-key"].bad[0])

    checks = (
        "SELECT count(*) FROM pg_trigger WHERE tgrelid = 'c'::regclass AND tgfoid = '\"RI_FKey_check_ins\"'::regproc"
    )
    assert one(fresh_database, checks) == 2


def test_what_was_not_validated_may_be_broken_by_older_rows(fresh_database: OwnedPostgres) -> None:
    table, _, rest = SCHEMA_RULES["constraint-not-validated"].bad[0].partition(";")
    fresh_database.run(f"{table}; INSERT INTO t VALUES (1, -1); {rest}")

    assert one(fresh_database, "SELECT count(*) FROM t WHERE NOT a > 0") == 1


def test_a_foreign_key_with_one_null_is_not_checked_exactly_where_the_rule_says_so(
    fresh_database: OwnedPostgres,
) -> None:
    rule = SCHEMA_RULES["partly-null-foreign-key"]
    for ddl, expected in [(rule.bad[0], True), (rule.good[0], False), (rule.good[2], False)]:
        fresh_database.run(ddl)
        try:
            fresh_database.run("INSERT INTO c VALUES (7, NULL)")
            dangling = True
        except StatementFailedError:
            dangling = False
        fresh_database.run("DROP TABLE c, p")
        assert dangling == expected, ddl


def test_exactly_the_names_that_must_be_quoted_are_refused_bare(fresh_database: OwnedPostgres) -> None:
    words = [str(row[0]) for row in fresh_database.connection.execute(b"SELECT word FROM pg_get_keywords()").fetchall()]
    assert len(words) > 400
    for word in words:
        try:
            fresh_database.run(f"CREATE TEMP TABLE {word} ({word} int); DROP TABLE {word};")
            bare = True
        except StatementFailedError:
            bare = False
        assert bare != must_be_quoted(word), word


def test_null_in_quotes_is_a_text(fresh_database: OwnedPostgres) -> None:
    fresh_database.run(SCHEMA_RULES["default-is-the-word-null"].bad[0] + "INSERT INTO t VALUES (1)")

    assert one(fresh_database, "SELECT count(*) FROM t WHERE a IS NULL") == 0


def test_an_index_on_a_boolean_alone_is_not_used(fresh_database: OwnedPostgres) -> None:
    fresh_database.run(SCHEMA_RULES["index-on-boolean"].bad[0])
    fresh_database.run("INSERT INTO t SELECT n, n % 2 = 0 FROM generate_series(1, 20000) n; ANALYZE t;")

    assert "Seq Scan" in plan(fresh_database, "SELECT * FROM t WHERE done")


def test_a_key_stands_twice_in_parent_and_child_and_once_in_partitions(fresh_database: OwnedPostgres) -> None:
    rule = SCHEMA_RULES["table-inheritance"]
    fresh_database.run(rule.bad[0] + "INSERT INTO p VALUES (1); INSERT INTO c VALUES (1);")
    assert one(fresh_database, "SELECT count(*) FROM p WHERE id = 1") == 2
    fresh_database.run("DROP TABLE c, p; " + rule.good[0] + "INSERT INTO p VALUES (1);")

    with pytest.raises(StatementFailedError, match="duplicate key"):
        fresh_database.run("INSERT INTO c VALUES (1)")


# -- examples ----------------------------------------------------------------------------------------------------------


def test_every_example_runs(fresh_database: OwnedPostgres) -> None:
    for rule in SCHEMA_RULES:
        for script in (*rule.bad, *rule.good):
            fresh_database.run("DROP SCHEMA public CASCADE; CREATE SCHEMA public; SET check_function_bodies = off;")
            try:
                fresh_database.run(script)
            except StatementFailedError as error:
                pytest.fail(f"{rule.slug}: {script}: {error}")


# -- no rule without its proof -----------------------------------------------------------------------------------------

SOURCE = Path(__file__).read_text(encoding="utf-8")
BY_VALUE = {
    "integer-key-runs-out", "table-without-primary-key", "money-as-floating-point", "money-type", "json-type",
    "timestamp-without-time-zone", "char-type", "serial-column", "cascade-across-contexts", "name-needs-quotes",
}  # fmt: skip
"""Rules about what a type or action does; a test above shows it without the rule's own examples."""


@pytest.mark.parametrize("rule", [rule for rule in SCHEMA_RULES if not rule.unproven], ids=lambda rule: str(rule.slug))
def test_a_rule_has_its_experiment_or_says_why_it_has_none(rule: SchemaRule) -> None:
    assert rule.slug in BY_VALUE or f'"{rule.slug}"' in SOURCE
