"""The example shop agrees with itself: schema, notes, flaws, queries and the counts in its README."""

from __future__ import annotations

import re
from collections import Counter
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from planroom.sqltext import Statement, parse_postgres

if TYPE_CHECKING:
    from collections.abc import Iterator

SCHEMAS = Path(__file__).parents[2] / "schemas"
QUERIES = sorted((SCHEMAS / "queries").glob("*.sql"))
NOTE_KEYS = {
    *("context", "aggregate", "owner", "pii", "retention", "rows", "growth"),
    *("domain", "distinct", "null_fraction", "skew"),
}

Name = tuple[str, ...]


@cache
def statements() -> tuple[Statement, ...]:
    return parse_postgres((SCHEMAS / "shop.sql").read_text(encoding="utf-8"), "shop.sql")


def of_kind(kind: str) -> list[Statement]:
    return [statement for statement in statements() if statement.kind == kind]


def tables() -> Iterator[tuple[Name, Any]]:
    """Yield the name and tree of each table that is not a partition."""
    for statement in of_kind("CreateStmt"):
        if "partbound" not in statement.tree:
            yield relation_name(statement.tree["relation"]), statement.tree


def relation_name(relation: Any) -> Name:
    return relation["schemaname"], relation["relname"]


def columns() -> Iterator[Name]:
    for table, tree in tables():
        for element in tree["tableElts"]:
            if "ColumnDef" in element:
                yield *table, element["ColumnDef"]["colname"]


def foreign_keys() -> Iterator[tuple[Name, Name]]:
    """Yield who points at whom, over CREATE TABLE and ALTER TABLE."""
    added = (
        (relation_name(statement.tree["relation"]), {"Constraint": command["AlterTableCmd"]["def"]["Constraint"]})
        for statement in of_kind("AlterTableStmt")
        for command in statement.tree["cmds"]
        if command["AlterTableCmd"]["subtype"] == "AT_AddConstraint"
    )
    declared = ((table, element) for table, tree in tables() for element in tree["tableElts"])
    for table, element in (*declared, *added):
        constraint = element.get("Constraint", {})
        if constraint.get("contype") == "CONSTR_FOREIGN":
            yield table, relation_name(constraint["pktable"])


@cache
def notes() -> dict[str, dict[str, Any]]:
    loaded: dict[str, dict[str, Any]] = yaml.safe_load((SCHEMAS / "shop.notes.yml").read_text(encoding="utf-8"))
    return loaded


@cache
def flaws() -> list[dict[str, str]]:
    loaded: list[dict[str, str]] = yaml.safe_load((SCHEMAS / "shop.flaws.yml").read_text(encoding="utf-8"))
    return loaded


def names_something(selector: str) -> bool:
    known = {*columns(), *(name for name, _ in tables())}
    return any(fits(selector.split("."), name) or fits(selector.split("."), name[1:]) for name in known)


def fits(parts: list[str], name: Name) -> bool:
    return len(parts) == len(name) and all(map(fnmatchcase, name, parts))


def readme() -> str:
    return " ".join((SCHEMAS / "README.md").read_text(encoding="utf-8").split())


def aggregate_roots() -> dict[str, set[str]]:
    roots: dict[str, set[str]] = {}
    for (schema, table), _ in tables():
        roots.setdefault(schema, set()).add(notes()[f"{schema}.{table}"]["aggregate"])
    return roots


def test_every_statement_of_the_schema_parses() -> None:
    assert [statement.problem for statement in statements() if statement.problem] == []


def test_the_readme_counts_the_tables_and_roots_of_every_context() -> None:
    count = Counter(schema for (schema, _), _ in tables())
    rows = re.findall(r"\| `(\w+)` \| [^|]+ \| (\d+) \| ([^|]+) \|", readme())

    assert {schema: int(stated) for schema, stated, _ in rows} == count
    assert {schema: set(stated.strip().split(", ")) for schema, _, stated in rows} == aggregate_roots()
    assert f"**{count.total()}** | **{sum(map(len, aggregate_roots().values()))}**" in readme()


def test_the_readme_counts_foreign_keys_and_hubs() -> None:
    keys = list(foreign_keys())
    crossing = [(owner, target) for owner, target in keys if owner[0] != target[0]]
    hubs = Counter(target for _, target in keys).most_common(3)

    assert f"There are {len(keys)} foreign keys; {len(crossing)} of them cross" in readme()
    for (schema, table), count in hubs:
        assert re.search(rf"`{schema}\.{table}` \({count}\b", readme())


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("IndexStmt", "{} indexes made by hand"),
        ("CreateEnumStmt", "{} enums"),
        ("CreateDomainStmt", "{} domains"),
        ("ViewStmt", "{} views"),
        ("CreatePolicyStmt", "{} row-level"),
        ("CreateTrigStmt", "{} triggers"),
        ("CreateFunctionStmt", "{} functions"),
    ],
)
def test_the_readme_counts_what_else_there_is(kind: str, words: str) -> None:
    assert words.format(len(of_kind(kind))) in readme()


def test_the_readme_counts_columns_partitions_flaws_and_queries() -> None:
    partitions = [one for one in of_kind("CreateStmt") if "partbound" in one.tree]

    assert f"{len(list(columns()))} columns" in readme()
    assert f"These {len(partitions)} are not" in readme()
    assert (
        f"{len(flaws())} flaws that a review should find, of {len({one['flaw'] for one in flaws()})} kinds" in readme()
    )
    assert f"{len(QUERIES)} queries" in readme()


def test_every_selector_names_something() -> None:
    selectors = [*notes(), *(flaw["object"] for flaw in flaws())]

    assert [selector for selector in selectors if not names_something(selector)] == []


def test_every_table_has_an_owner_an_aggregate_root_and_expected_rows() -> None:
    for (schema, table), _ in tables():
        note = notes()[f"{schema}.{table}"]

        assert note["owner"].startswith("team-")
        assert isinstance(note["rows"], int)
        assert names_something(f"{schema}.{note['aggregate']}")


def test_notes_use_known_keys_only() -> None:
    assert {key for note in notes().values() for key in note} <= NOTE_KEYS


def test_the_only_key_into_the_inside_of_another_context_is_the_listed_flaw() -> None:
    inside = {
        owner
        for owner, target in foreign_keys()
        if owner[0] != target[0] and notes()[".".join(target)]["aggregate"] != target[1]
    }

    assert inside == {("payments", "refunds")}


def test_an_index_that_is_a_flaw_exists() -> None:
    indexes = {statement.tree["idxname"] for statement in of_kind("IndexStmt")}

    assert {flaw["index"] for flaw in flaws() if "index" in flaw} <= indexes


@pytest.mark.parametrize("word", ["flaw", "todo", "fixme", "planted", "wrong on purpose"])
def test_the_schema_does_not_give_its_flaws_away(word: str) -> None:
    assert word not in (SCHEMAS / "shop.sql").read_text(encoding="utf-8").lower()


@pytest.mark.parametrize("query", QUERIES, ids=lambda path: path.stem)
def test_a_query_says_what_it_answers_and_is_one_select(query: Path) -> None:
    text = query.read_text(encoding="utf-8")

    assert re.match(r"-- [A-Z].*[.?]", text)
    assert [statement.kind for statement in parse_postgres(text)] == ["SelectStmt"]
