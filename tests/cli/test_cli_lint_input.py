"""`planroom lint` and what people and machines really give it: pipes, other encodings, endless lines, odd names."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from planroom.cli import main
from tests.counting import calls

TABLES = "create table a (id int primary key, n int);"
NOT_IN = "select * from a where id not in (select n from a);"
COMMAND = [sys.executable, "-m", "planroom"]
FORMS = ("text", "json", "sarif", "github", "markdown")


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.skipif(os.name == "nt", reason="POSIX pipes")
def test_standard_input_is_judged(here):
    result = subprocess.run(
        [*COMMAND, "lint", "-", "--format", "json"], input=f"select 1;\n{NOT_IN}\nselec",
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    found = json.loads(result.stdout)

    assert result.returncode == 1
    assert [(each["file"], each["line"], each["code"]) for each in found["findings"]] == [("<stdin>", 3, "READ001")]
    assert found["taken"][0]["as"] == "queries"


def test_a_file_that_is_no_utf_8_is_refused_with_its_place(planroom, here):
    Path("latin.sql").write_bytes("select 1;\nselect 'é'".encode("latin-1"))
    result = planroom("lint", "latin.sql")

    assert (result.status, result.out) == (2, "")
    assert "latin.sql:2:9" in result.err


def test_a_line_of_ten_megabytes_costs_its_length_and_is_shown_around_the_place(planroom, here):
    def script(size: int) -> str:
        return f"create table t (c text default '{'x' * size}'); select x from t where c = null;"

    Path("long.sql").write_text(script(10_000_000))
    result = planroom("lint", "long.sql", "--format", "text")

    assert result.status in {0, 1}
    assert max(map(len, result.out.splitlines())) < 500

    def work(size: int) -> int:
        Path("some.sql").write_text(script(size))
        return calls(lambda: main(["lint", "some.sql"]))

    assert work(400_000) < 2 * work(100_000)


@pytest.mark.skipif(os.name == "nt", reason="POSIX file names")
@pytest.mark.parametrize("form", FORMS)
def test_a_hostile_file_name_is_text_in_every_form(here, capfdbinary, form):
    name = os.fsdecode(b'x"><script>,a:b\n::error::\xff\x1b[2J.sql')
    try:
        Path(name).write_text(TABLES.replace("primary key", ""))
    except OSError:
        pytest.skip("this file system takes no such name")

    assert main(["lint", name, "--format", form]) == 1
    out = capfdbinary.readouterr().out

    assert out
    assert not any(line.startswith(b"::error::") for line in out.splitlines())
    assert form == "github" or b"\x1b" not in out
    assert form != "markdown" or b"<script" not in out.replace(b"`", b"")[: out.find(b"|")]


def test_nothing_is_left_half_written(planroom, here):
    Path("a.sql").write_text(NOT_IN)
    Path("known.json").write_text("before")

    for words in (
        ["-o", "missing/r.json"], ["--write-baseline", "missing/known.json"], ["-o", "r.pdf"],
        ["--baseline", "known.json"], ["--since", "HEAD"],
    ):  # fmt: skip
        assert planroom("lint", "a.sql", *words).status == 2
    assert sorted(path.name for path in here.rglob("*")) == ["a.sql", "known.json"]
    assert Path("known.json").read_text() == "before"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["a.sq"], "did you mean 'a.sql'?"),
        (["a.sql", "--select", "not-in-nulable"], "did you mean 'not-in-nullable'?"),
        (["a.sql", "--as", "query"], "is not one of"),
        (["a.sql", "--pg-version", "11"], "12 to 18"),
        (["a.sql", "--rows", "a=lots"], "'lots' is not a number of rows"),
        (["a.sql", "--model", "a.sq"], "did you mean 'a.sql'?"),
        (["a.sql", "--config", "x.toml"], "There is no file"),
        (["a.sql", "--dialect", "postgrs"], "did you mean 'postgres'?"),
        ([], "Missing argument"),
    ],
)
def test_an_unusable_call_is_2_and_says_what_to_do(planroom, here, words, says):
    Path("a.sql").write_text(NOT_IN)
    result = planroom("lint", *words)

    assert (result.status, result.out) == (2, "")
    assert says in result.err


def test_where_it_takes_long_a_terminal_is_told_what_is_worked_on(planroom, here, monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    for at in range(3):
        Path(f"{at}.sql").write_text(f"create table t{at} (id int primary key);\nalter table t0 add c{at} int;")
    monkeypatch.setattr("planroom.cli._output._PATIENCE_S", -1)
    seen = Terminal()
    monkeypatch.setattr("sys.stderr", seen)
    main(["lint", ".", "--as", "migrations"])

    shown = seen.getvalue()
    assert "2.sql (3 of 3)" in shown
    assert "\n" not in shown
    assert shown.rpartition("\r")[0].rpartition("\r")[2].strip() == "", "the last one wipes the line"


def test_what_no_terminal_reads_is_told_nothing_while_it_works(planroom, here, monkeypatch):
    Path("a.sql").write_text(TABLES)
    monkeypatch.setattr("planroom.cli._output._PATIENCE_S", -1)

    assert planroom("lint", "a.sql").err == ""


HEAVY = {"sqlalchemy", "sqlglot", "duckdb", "psycopg", "diagrams", "pygraphviz", "yaml", "rich", "IPython", "postgast"}


@pytest.mark.parametrize(
    ("text", "needs"),
    [(TABLES, set()), ("alter table a add column m int not null default 0;", set()), (NOT_IN, {"sqlglot"})],
)
def test_one_small_file_loads_only_what_judging_it_needs(here, text, needs):
    Path("a.sql").write_text(text)
    code = (
        "import sys, io, contextlib\n"
        "from planroom.cli import main\n"
        "with contextlib.redirect_stdout(io.StringIO()):\n"
        "    main(['lint', 'a.sql'])\n"
        "print(*{name.partition('.')[0] for name in sys.modules})\n"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)

    assert HEAVY & set(loaded.stdout.split()) == needs


@pytest.mark.parametrize(
    ("text", "needs"), [("create index i on a (b);", False), ("alter table a add check (b > 0);", True)]
)
def test_expressions_are_analysed_by_what_the_first_of_them_loads(here, text, needs):
    Path("a.sql").write_text(text)
    code = (
        "import sys\n"
        "from planroom.cli import main\n"
        "main(['lint', 'a.sql', '--model', 'create table a (b int)', '-o', 'report.json'])\n"
        "sys.exit('planroom.sqltext.analysis' in sys.modules)\n"
    )

    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60, check=False).returncode == needs
    )


def test_the_hook_of_pre_commit_calls_a_command_that_there_is():
    (hook,) = yaml.safe_load((Path(__file__).parents[2] / ".pre-commit-hooks.yaml").read_text())
    program, command = hook["entry"].split()

    assert (program, hook["id"]) == ("planroom", "planroom-lint")
    assert main([command, "--help"]) == 0


def test_what_planroom_says_of_its_own_has_a_page(planroom):
    assert planroom("rules", "LNT003").out.startswith("LNT003 allowance-unused")
    (one,) = json.loads(planroom("rules", "read001", "--format", "json").out)["rules"]
    assert one["slug"] == "statement-unreadable"


def test_the_letters_of_a_kind_list_its_rules(planroom):
    listed = json.loads(planroom("rules", "mig", "--format", "json").out)["rules"]

    assert {each["judges"] for each in listed} == {"migrations"}
    assert len(listed) > 30


def test_what_many_files_were_taken_for_is_one_line(planroom, here):
    for at in range(5):
        Path(f"{at}.sql").write_text("select 1 as x;")
    few, many = (planroom("lint", *(f"{at}.sql" for at in range(count))) for count in (3, 5))

    assert few.out.count(": taken as queries:") == 3
    assert "0.sql and 4 more: taken as queries:" in many.out
    assert many.out.count(": taken as queries:") == 1
