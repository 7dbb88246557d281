"""What planroom's own decisions claim, each as a function that their records name; `planroom adr check` calls them.

They are short: what confirms a decision at length is named under its heading "Confirmation".
"""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]


def every_record_is_madr() -> None:
    """Every record is written in MADR's form, and no rule finds an error in the log."""
    from planroom.adr import read_log
    from planroom.adr.rules import Surroundings, lint_log
    from planroom.findings import Severity

    log = read_log(ROOT / "adr")

    assert {each.style for each in log.records} == {"madr"}
    assert [str(each) for each in lint_log(Surroundings(log)) if each.severity is Severity.ERROR] == []


def one_floor_sees(floor: str, *packages: str) -> None:
    """A contract of import-linter keeps packages within one floor."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    keeping = [each for each in contracts if set(packages) <= set(each.get("protected_modules", ()))]

    assert [each["allowed_importers"] for each in keeping] == [[f"planroom.{floor}"]]


def partitions_say_what_is_their_own() -> None:
    """A partition has columns and keys of its own, and no check or foreign key of its parent's."""
    from planroom.ddl import read_postgres

    script = """
        CREATE TABLE c (id int PRIMARY KEY);
        CREATE TABLE p (id int PRIMARY KEY, c int REFERENCES c, CHECK (id > 0)) PARTITION BY RANGE (id);
        CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (9);
    """
    partition = read_postgres([("p.sql", script)]).tables_by_id["public.p1"]

    assert partition.columns
    assert partition.primary_key is not None
    assert (partition.foreign_keys, partition.checks) == ((), ())


def one_meaning_has_one_form() -> None:
    """Two ways to write one expression are equal, and two meanings are not."""
    from planroom.ddl import read_postgres

    def check(text: str) -> object:
        script = f"CREATE TABLE t (a int, b text, CHECK ({text}))"
        return read_postgres([("t.sql", script)]).tables_by_id["public.t"].checks[0].expression

    assert check("a IN (1, 2)") == check("a = ANY (ARRAY[1, 2])")
    assert check("b = '5'") != check("b = '5'::varchar(1)")


def pictures_fit_paper_of_one_width() -> None:
    """The picture of the example is no wider than where its 11 px text is still 10 px on a page of 1,280."""
    import re

    import planroom as pr

    svg = pr.er(ROOT / "schemas" / "shop.sql")._svg()
    found = re.search(r'<svg [^>]*?width="([\d.]+)"', svg)

    assert found is not None
    assert float(found[1]) <= 1280 * 11 / 10


def the_server_keeps_its_files_where_there_is_room() -> None:
    """The server's files are in memory where there is room, unless the user says where."""
    import os
    import shutil

    from planroom.engines.postgres.server import embedded

    memory = Path("/dev/shm")
    if "PLANROOM_SERVER_DIR" not in os.environ and memory.is_dir() and shutil.disk_usage(memory).free > 3 << 30:
        assert embedded().directory.is_relative_to(memory)


def help_loads_no_more_than_it_needs() -> None:
    """`planroom --help` imports click and no parser, engine or SQLAlchemy."""
    program = "import sys; from planroom.cli import main; main(['--help']); print(sorted(sys.modules))"
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)

    assert "'click'" in shown.stdout
    assert not any(f"'{each}'" in shown.stdout for each in ("sqlglot", "sqlalchemy", "duckdb", "psycopg"))


def renames_are_found_by_structure() -> None:
    """A table and a column with another name are renamed, not dropped and added."""
    import planroom as pr

    old = "CREATE TABLE people (id int PRIMARY KEY, mail text NOT NULL, born date);"
    text = str(pr.diff(old, old.replace("people", "persons")))

    assert "renamed" in text


def the_explorer_is_one_file_that_asks_nobody() -> None:
    """The explorer's page allows one script of its own, and names no other host."""
    import planroom as pr

    page = pr.explorer(ROOT / "schemas" / "shop.sql").html

    assert "script-src 'sha256-" in page
    assert "https://" not in page


def inferred_relations_have_a_score_below_one() -> None:
    """A relation that nobody declared has a score and its reasons; a declared one is certain."""
    import planroom as pr

    found = list(pr.infer_relations("create table users (id int primary key); create table notes (user_id int)"))

    assert [0 < each.score < 1 for each in found] == [True]
    assert found[0].reason


def other_dialects_are_held_in_the_same_words() -> None:
    """A varchar is the same thing everywhere, and an unsigned integer is not."""
    from planroom.formats import FORMATS, Document

    script = "CREATE TABLE t (a varchar(20), b int unsigned);"
    model = FORMATS["mysql"].read([Document("t.sql", script)])
    (table,) = model.tables

    assert [str(column.type) for column in table.columns] == ["character varying(20)", "int unsigned"]


def frozen_values_are_as_the_standard_library_makes_them() -> None:
    """A class has the standard library's fields, and its values are equal, hashed and shown as that library's are."""
    import dataclasses

    from planroom import values

    def declared(decorator: object) -> type:
        class Point:
            __qualname__ = "Point"
            x: int
            y: int = 0

        return decorator(frozen=True, slots=True)(Point)  # type: ignore[operator, no-any-return]

    own, standard = declared(values.dataclass), declared(dataclasses.dataclass)

    assert [each.name for each in dataclasses.fields(own)] == [each.name for each in dataclasses.fields(standard)]
    assert (repr(own(1)), hash(own(1)), own(1) == own(1, 0)) == (repr(standard(1)), hash(standard(1)), True)


def the_same_seed_gives_the_same_rows() -> None:
    """Rows are the same from one seed, and others from another."""
    import planroom as pr

    def digests(seed: int) -> list[str]:
        with pr.generate("create table t (id int primary key, name text not null)", {"t": 50}, seed=seed) as rows:
            return [each.digest for each in rows.tables]

    assert digests(7) == digests(7)
    assert digests(7) != digests(8)


def what_a_plan_charges_adds_up() -> None:
    """The nodes' own costs of a plan with a CTE, a loop and a LIMIT are the plan's total cost."""
    import planroom as pr

    sql = "with c as materialized (select n from t) select * from c join t using (n) where t.n < 9 limit 3"
    plan = pr.explain(sql, on="create table t (n int primary key)")
    own = sum(each.self_cost or 0.0 for each in plan.nodes)

    assert plan.total_cost is not None
    assert abs(own - plan.total_cost) < 0.01


def advised_indexes_are_near_the_best() -> None:
    """In random worlds what is advised saves no less than 95 % of what the best set within the budget would."""
    from planroom.advice.indexing import advised
    from planroom.sqltext.weighted_queries import WeightedQuery
    from tests.advice.indexing.worlds import world

    for seed in range(20):
        here = world(seed)
        queries = [WeightedQuery(str(at), "select 1", weight) for at, weight in enumerate(here.weights)]
        found = advised(here, queries, here.candidates, budget_bytes=here.budget, write_rates=here.writes)
        picked = frozenset(each.candidate.name for each in found.chosen)
        nothing = here.total(frozenset())

        assert sum(here.sizes[name] for name in picked) <= here.budget
        assert nothing - here.total(picked) >= 0.95 * (nothing - here.best()) - 1e-9


_AT_SCALE = "create table t (n int primary key, kind text, made_at timestamptz); create index on t (made_at)"


def a_database_at_scale_only_explains() -> None:
    """A database at scale refuses to run anything, so that nobody takes its holes for rows."""
    import planroom as pr
    from planroom.errors import StatementRefusedError

    with pr.at_scale(_AT_SCALE, {"t": 1e9}) as big:
        for ask in (big.engine.query, big.engine.run, lambda sql: big.engine.explain(sql, analyze=True)):
            try:
                ask("select count(*) from t")
            except StatementRefusedError:
                continue
            raise AssertionError("it was carried out")


def a_plan_at_scale_is_not_the_plan_of_an_empty_table() -> None:
    """The planner reckons with the rows that it is told, and with the index at its height."""
    import planroom as pr

    with pr.at_scale(_AT_SCALE, {"t": 1e9}) as big:
        whole, one = (big.explain(f"select * from t {where}") for where in ("", "where n = 7"))

    assert whole.root.estimated_rows is not None
    assert 0.99e9 < whole.root.estimated_rows < 1.01e9
    assert (one.total_cost or 1e9) < 20 < 1e6 < (whole.total_cost or 0)


def declared_statistics_are_those_of_made_up_rows() -> None:
    """How often each value occurs is the same in declared statistics and in rows that were made for the same model."""
    import planroom as pr
    from planroom.model import annotate
    from planroom.scaling.declared import declared

    model = annotate(pr.read("create table t (n int primary key, kind text)"), {"t.kind": {"distinct": 5, "skew": 1.2}})
    told = declared(model, {"public.t": 2e4}).by_column["public", "t", "kind", False]
    with pr.generate(model, {"t": 20_000}) as made:
        rows = dict(made.engine.query("select kind, count(*) filter (kind is not null) / 2e4 from public.t group by 1"))

    shares = dict(zip(told.common_values or (), told.common_frequencies or (), strict=True))
    assert shares.keys() == rows.keys() - {None}
    assert all(abs(share - rows[value]) < 0.02 for value, share in shares.items())
