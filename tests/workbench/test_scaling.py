"""Statistics from whatever names them, without the values of personal data."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import planroom as pr
from planroom.engines.postgres.engine import OwnedPostgres
from planroom.errors import SourceError, UnknownNameError
from planroom.scaling.statistics import Statistics
from planroom.scaling.storing import statistics_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.engines.postgres.server import Server

pytestmark = pytest.mark.server

SCHEMA = """
CREATE TABLE people (id int PRIMARY KEY, email text, nickname text, town text);
INSERT INTO people SELECT i, 'sesame' || i % 40 || '@x.org', 'sesame' || i % 30, 'town' || i % 7
    FROM generate_series(1, 2000) i;
ANALYZE people;
"""


@pytest.fixture(scope="module")
def people(server: Server) -> Iterator[OwnedPostgres]:
    with OwnedPostgres(server) as engine:
        engine.run(SCHEMA)
        yield engine


@pytest.fixture(scope="module")
def url(people: OwnedPostgres) -> str:
    database = people.query("SELECT current_database()").scalar()
    return f"postgresql://postgres@/{database}?host={people.server.directory}"


@pytest.fixture(scope="module")
def dumped(people: OwnedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("dump") / "stats.sql"
    program = people.server.binaries.program("pg_dump")
    done = subprocess.run(
        [program, "-d", people.dsn, "--statistics", "-f", str(path)], capture_output=True, check=False
    )
    if done.returncode:
        pytest.skip("pg_dump writes statistics since PostgreSQL 18")
    return path


@pytest.fixture
def design(tmp_path: Path) -> Path:
    path = tmp_path / "people.sql"
    path.write_text("CREATE TABLE people (id int PRIMARY KEY, email text, nickname text, town text);")
    path.with_name("people.notes.yml").write_text("people.email: {pii: email}\npeople.nickname: {pii: name}\n")
    return path


def left_out(found: Statistics) -> set[str]:
    return {name for name, _ in found.left_out}


def test_with_a_design_its_annotations_decide(url: str, design: Path) -> None:
    found = pr.statistics(url, model=design)

    assert left_out(found) == {"public.people.email", "public.people.nickname"}
    assert "sesame" not in statistics_text(found)
    assert "town3" in statistics_text(found)


def test_without_a_design_names_and_values_decide_and_that_is_said(url: str, people: OwnedPostgres) -> None:
    for source in (url, people):
        found = pr.statistics(source)
        assert left_out(found) == {"public.people.email"}
        assert found.assumptions[-1].text.startswith("nothing was said of what is personal data")
    assert people.query("SELECT count(*) FROM people").scalar() == 2000  # it is still open


def test_values_may_be_replaced_and_ends_asked_for(url: str, design: Path) -> None:
    found = pr.statistics(url, model=pr.read(design), personal="replace", ends=True)

    assert found.by_column["public", "people", "nickname", False].common_values is not None
    assert found.by_column["public", "people", "id", False].ends == ("1", "2000")
    assert "sesame" not in statistics_text(found)


def test_a_file_of_statistics_comes_back_as_it_is_and_is_treated_where_there_is_a_design(
    url: str, design: Path, tmp_path: Path
) -> None:
    found = pr.statistics(url)
    path = found.save(tmp_path / "people.json")

    assert pr.statistics(path) == pr.statistics(str(path)) == found
    assert "public.people.nickname" in left_out(pr.statistics(path, model=design))
    assert pr.statistics(found) is found


def test_a_dump_is_judged_by_the_tables_in_it_or_by_a_design(dumped: Path, design: Path) -> None:
    found = pr.statistics(dumped)

    assert left_out(found) == {"public.people.email"}
    assert found.by_relation["public", "people_pkey"].table == "people"
    assert left_out(pr.statistics(dumped, model=design)) == {"public.people.email", "public.people.nickname"}


def test_a_dump_of_statistics_alone_is_judged_by_names(dumped: Path, tmp_path: Path) -> None:
    path = tmp_path / "alone.sql"
    text = dumped.read_text()
    path.write_text(text[text.index("SELECT * FROM pg_catalog.pg_restore") :])

    assert left_out(pr.statistics(path)) == {"public.people.email"}


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("missing.json", None, "missing.json"),
        ("a.sql", b"CREATE TABLE a (b int);", "--statistics-only"),
        ("a.json", b'{"schema": "planroom.statistics/1"', "ends before it is whole"),
        ("latin.json", '{"schema": "planroom.statistics/1", "source": "é"}'.encode("latin-1"), "UTF-8"),
        ("a.dump", b"PGDMP\0\0", "custom format"),
        ("empty.json", b"", "holds no statistics"),
    ],
)
def test_a_file_that_is_none_is_refused_with_what_to_do(
    tmp_path: Path, name: str, data: bytes | None, why: str
) -> None:
    path = tmp_path / name
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(SourceError) as caught:
        pr.statistics(path)
    assert why in str(caught.value)
    assert caught.value.fix


def test_what_has_no_statistics_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="duckdb has no statistics"):
        pr.statistics(pr.duckdb())
    with pytest.raises(SourceError, match="ends of keys"):
        pr.statistics(tmp_path / "a.json", ends=True)
    with pytest.raises(SourceError, match="int is no database"):
        pr.statistics(3)
    with pytest.raises(UnknownNameError, match="replase"):
        pr.statistics(Statistics(), personal="replase")


def test_what_statistics_show_of_themselves_holds_no_value(people: OwnedPostgres) -> None:
    from planroom.engines.postgres.statistics import read_statistics

    found = read_statistics(people, ends=True)
    bundle = found._repr_mimebundle_()

    assert "public.people" in bundle["text/plain"]
    assert "2,000" in bundle["text/plain"].replace("\u2009", ",")
    for shown in (repr(found), *bundle.values()):
        assert "sesame" not in shown
        assert "town" not in shown
    assert str(Statistics())
