"""Statements at random, over tables of every kind: what nobody thought of is tried as well."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

__all__ = ["ROWS", "SCHEMA", "statement"]

SCHEMA = """
CREATE SEQUENCE numbers;
CREATE DOMAIN positive AS int CHECK (value > 0); CREATE DOMAIN plain AS text; CREATE DOMAIN filled AS int NOT NULL;
CREATE TYPE mood AS ENUM ('a', 'b');
CREATE FUNCTION stable_one() RETURNS int LANGUAGE sql STABLE AS 'select 1';
CREATE FUNCTION volatile_one() RETURNS int LANGUAGE plpgsql VOLATILE AS 'begin return 1; end';
CREATE FUNCTION same(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'select $1';
CREATE TABLE p (id int PRIMARY KEY, k text UNIQUE, a int);
CREATE TABLE "Quoted ""T" (id int PRIMARY KEY, "Col é" varchar(10), n int);
CREATE TABLE t (
    id int PRIMARY KEY, n int, m int NOT NULL, s text, v varchar(20), p_id int REFERENCES p, j jsonb, ts timestamp,
    mo mood, po positive, CONSTRAINT n_ok CHECK (n IS NOT NULL), CONSTRAINT m_positive CHECK (m > 0) NOT VALID
);
CREATE INDEX t_n ON t (n); CREATE INDEX t_s ON t (lower(s)); CREATE UNIQUE INDEX t_u ON t (id, n);
CREATE TABLE parted (id int, d int NOT NULL, x text) PARTITION BY RANGE (d);
CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (0) TO (1000);
CREATE TABLE parted_2 PARTITION OF parted FOR VALUES FROM (1000) TO (2000);
CREATE TABLE loose (id int, d int NOT NULL, x text);
CREATE TABLE tight (id int, d int NOT NULL, x text, CHECK (d >= 3000 AND d < 4000));
CREATE TABLE parent (id int, a int); CREATE TABLE child (b int) INHERITS (parent);
CREATE TABLE few (id int, n int);
CREATE VIEW seen AS SELECT id, n FROM t; CREATE MATERIALIZED VIEW kept AS SELECT id, n FROM t;
"""

ROWS = """
INSERT INTO p SELECT g, g::text, g FROM generate_series(1, 300) g;
INSERT INTO "Quoted ""T" SELECT g, g::text, g FROM generate_series(1, 300) g;
INSERT INTO t SELECT g, g, g, g::text, g::text, g, '1', now(), 'a', 1 FROM generate_series(1, 300) g;
INSERT INTO parted SELECT g, g * 6, 'x' FROM generate_series(1, 300) g;
INSERT INTO loose SELECT g, 2000 + g, 'x' FROM generate_series(1, 300) g;
INSERT INTO tight SELECT g, 3000 + g, 'x' FROM generate_series(1, 300) g;
INSERT INTO parent SELECT g, g FROM generate_series(1, 300) g;
INSERT INTO child SELECT g, g, g FROM generate_series(1, 300) g;
INSERT INTO few SELECT g, g FROM generate_series(1, 300) g;
REFRESH MATERIALIZED VIEW kept;
"""

_COLUMNS = {
    "t": ("n", "m", "s", "v", "p_id", "ts", "mo", "po"), "p": ("k", "a"), '"Quoted ""T"': ('"Col é"', "n"),
    "parted": ("x", "d", "id"), "parent": ("a", "id"), "child": ("b", "a"), "few": ("id", "n"),
}  # fmt: skip
_TYPES = (
    "int", "bigint", "text", "varchar(5)", "varchar(30)", "numeric", "positive", "plain", "filled", "serial",
    "timestamptz", "uuid", "jsonb", "mood", "int[]", "date",
)  # fmt: skip
_DEFAULTS = (
    "", "", "DEFAULT 1", "DEFAULT now()", "DEFAULT random()", "DEFAULT stable_one()", "DEFAULT volatile_one()",
    "DEFAULT same(3)", "DEFAULT gen_random_uuid()", "DEFAULT NULL", "DEFAULT clock_timestamp()", "DEFAULT 'a'",
    "DEFAULT current_date", "DEFAULT (1 + 1)", "DEFAULT nextval('numbers')",
)  # fmt: skip
_CONSTRAINTS = (
    "", "", "", "NOT NULL", "CHECK (added IS NOT NULL)", "UNIQUE", "REFERENCES p", "PRIMARY KEY",
    "GENERATED ALWAYS AS IDENTITY", "GENERATED ALWAYS AS (1) STORED", "GENERATED ALWAYS AS (1) VIRTUAL",
    "CHECK (true) NO INHERIT",
)  # fmt: skip
_ACTIONS = (
    "ADD COLUMN added {type} {default} {constraint}", "ADD COLUMN added {type} {default} {constraint}",
    "ADD COLUMN added {type} {default} {constraint}", "ALTER COLUMN {column} SET NOT NULL",
    "ALTER COLUMN {column} DROP NOT NULL", "ALTER COLUMN {column} TYPE {type}", "ALTER COLUMN {column} SET {default}",
    "ALTER COLUMN {column} DROP DEFAULT", "DROP COLUMN {column}", "DROP COLUMN {column} CASCADE",
    "ADD CONSTRAINT cc CHECK ({column} IS NOT NULL) {validity}",
    "ADD CONSTRAINT cf FOREIGN KEY ({column}) REFERENCES {referenced} {validity}",
    "ADD UNIQUE ({column})", "ADD PRIMARY KEY ({column})", "ADD CONSTRAINT u UNIQUE USING INDEX {index}",
    "ADD CONSTRAINT nn NOT NULL {column} {validity}", "DROP CONSTRAINT {named}", "DROP CONSTRAINT {named} CASCADE",
    "VALIDATE CONSTRAINT {named}", "ALTER COLUMN {column} SET STATISTICS 10", "SET (fillfactor = 50)",
    "ALTER COLUMN {column} SET STORAGE external", "SET (autovacuum_enabled = false)", "SET UNLOGGED", "SET LOGGED",
    "ENABLE ROW LEVEL SECURITY", "FORCE ROW LEVEL SECURITY", "REPLICA IDENTITY FULL", "DISABLE TRIGGER ALL",
    "CLUSTER ON t_n", "SET WITHOUT CLUSTER", "INHERIT parent", "NO INHERIT parent", "OWNER TO current_user",
    "ALTER COLUMN {column} ADD GENERATED ALWAYS AS IDENTITY", "ALTER COLUMN {column} SET COMPRESSION pglz",
    "SET ACCESS METHOD heap", "ALTER COLUMN {column} SET (n_distinct = 5)",
)  # fmt: skip
_OTHERS = (
    "CREATE INDEX ON {table} ({column})", "CREATE UNIQUE INDEX ON ONLY {table} ({column})",
    "DROP TABLE {table} CASCADE",
    "TRUNCATE {table}", "TRUNCATE {table} CASCADE", "REFRESH MATERIALIZED VIEW kept", "REINDEX TABLE t",
    "REINDEX INDEX t_n", "DROP INDEX t_n", "CLUSTER t USING t_n",
    "ALTER TABLE parted ATTACH PARTITION loose FOR VALUES FROM (2000) TO (3000)",
    "ALTER TABLE parted ATTACH PARTITION tight FOR VALUES FROM (3000) TO (4000)",
    "ALTER TABLE parted ATTACH PARTITION loose DEFAULT", "ALTER TABLE parted DETACH PARTITION parted_1",
    "CREATE TABLE parted_3 PARTITION OF parted FOR VALUES FROM (5000) TO (6000)",
    "CREATE TABLE parted_3 PARTITION OF parted DEFAULT", "CREATE TABLE q (LIKE t INCLUDING ALL)",
    "CREATE TABLE q (id int REFERENCES p)", "CREATE TABLE q () INHERITS (parent)",
    "ALTER TABLE {table} RENAME TO other",
    "ALTER TABLE {table} RENAME COLUMN {column} TO other", "ALTER INDEX t_n RENAME TO t_other",
    "CREATE VIEW another AS SELECT * FROM t", "DROP VIEW seen", "UPDATE {table} SET {column} = {column}",
    "DELETE FROM {table} WHERE false", "COMMENT ON TABLE {table} IS 'x'", "CREATE POLICY po ON t USING (true)",
    "CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "CREATE STATISTICS st ON n, m FROM t", "ALTER DOMAIN positive ADD CHECK (value < 1000)",
    "ALTER DOMAIN plain ADD CHECK (value <> '')", "ALTER DOMAIN positive SET NOT NULL",
    "ALTER TYPE mood ADD VALUE 'c'", "CREATE RULE r AS ON INSERT TO t DO ALSO NOTHING",
    "CREATE TABLE q AS SELECT * FROM t", "GRANT SELECT ON t TO public", "DROP MATERIALIZED VIEW kept",
    "CREATE INDEX ON kept (n)", "ALTER SEQUENCE numbers RESTART", "ANALYZE t",
)  # fmt: skip


def statement(random: Random) -> str:
    """Return a statement: mostly an ALTER TABLE of one to three actions; the server may refuse it."""
    table = random.choice(list(_COLUMNS))
    if random.random() < 0.75:
        head = random.choice(("", "", "ONLY ", "IF EXISTS "))
        actions = (_filled(random, random.choice(_ACTIONS), table) for _ in range(random.choice((1, 1, 1, 2, 3))))
        return f"ALTER TABLE {head}{table} {', '.join(actions)}"
    return _filled(random, random.choice(_OTHERS), table)


def _filled(random: Random, pattern: str, table: str) -> str:
    return pattern.format(
        table=table,
        column=random.choice(_COLUMNS[table]),
        type=random.choice(_TYPES),
        default=random.choice(_DEFAULTS) or ("" if "ADD COLUMN" in pattern else "DEFAULT 2"),
        constraint=random.choice(_CONSTRAINTS),
        validity=random.choice(("", "NOT VALID", "NO INHERIT", "NOT ENFORCED", "DEFERRABLE")),
        referenced=random.choice(("p", "p (k)", "t")),
        index=random.choice(("t_u", "t_n")),
        named=random.choice(("n_ok", "m_positive", "t_pkey", "p_pkey", "t_p_id_fkey")),
    )
