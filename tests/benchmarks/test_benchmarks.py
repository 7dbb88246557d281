"""The benchmarks' own machinery: what they read is what they say, and no figure is made up."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from planroom.ddl import read_postgres
from planroom.linting import lint_queries
from planroom.sqltext import parse_postgres
from tests.benchmarks.__main__ import BENCHMARKS
from tests.benchmarks.base import AtLeast, AtMost, Comparison, Contestant, Runtime
from tests.benchmarks.inputs import OWN_FILE_VARIABLE, Inputs
from tests.benchmarks.measuring import PROGRAMS, Measured, Stopped, Unmeasured, measure
from tests.benchmarks.peers import Peers
from tests.benchmarks.report import section, verdicts

FAST = Measured(cpu_s=0.1, wall_s=0.1, process_cpu_s=0.2, rss_bytes=10**7, runs=3, outcome="done")
SLOW = Measured(cpu_s=3.0, wall_s=3.1, process_cpu_s=3.2, rss_bytes=10**8, runs=3, outcome="done")


class NamesOnly(Inputs):
    """Names the files and makes none."""

    def _made(self, program: str, name: str, *arguments: str) -> str:
        return str(self.folder / name)

    def _folder(self, program: str, name: str, *arguments: str) -> str:
        return str(self.folder / name)


@pytest.fixture
def peers(tmp_path: Path) -> Peers:
    return Peers(tmp_path / "venv", tmp_path / "npm", tmp_path / "bytecode")


def measured(program: str, peers: Peers, tmp_path: Path, **options: object):
    path = tmp_path / "program.py"
    path.write_text(program)
    contestant = Contestant("it", str(path), most_runs=1, **options)  # an absolute path stays itself below PROGRAMS
    return measure([contestant], peers)["it"]


def verdict(target: AtLeast | AtMost, **results) -> str:
    return verdicts(Comparison("work", (), (target,)), results)[0]


@pytest.mark.parametrize("flavour", ["plain", "dump"])
def test_a_script_has_the_statements_asked_for_and_planroom_reads_every_one_that_is_structure(flavour, tmp_path):
    path = Path(Inputs(tmp_path).ddl(flavour, statements=300))
    text = path.read_text()

    assert len(re.findall(r";\n\n(?=\S|\Z)", text)) == 300
    model = read_postgres([("it", text)])
    assert len(model.tables) > 20
    assert {each.kind for each in model.unread} <= {"session", "privileges"}


def test_the_same_script_comes_out_under_another_hash_seed(tmp_path, monkeypatch):
    texts = []
    for seed in ("0", "1"):
        monkeypatch.setenv("PYTHONHASHSEED", seed)
        texts.append(Path(Inputs(tmp_path).ddl("dump", tables=45)).read_bytes())

    assert texts[0] == texts[1]


def test_every_program_is_run_by_a_benchmark_and_every_target_names_contestants(tmp_path, monkeypatch):
    monkeypatch.setenv(OWN_FILE_VARIABLE, "mine.sql")
    comparisons = [each for name in BENCHMARKS.names() for each in BENCHMARKS[name].comparisons(NamesOnly(tmp_path))]
    programs = {contestant.program for each in comparisons for contestant in each.contestants}

    assert programs == {each.name for each in PROGRAMS.iterdir() if each.is_file() and not each.name.startswith("_")}
    for comparison in comparisons:
        names = [each.name for each in comparison.contestants]
        assert len(set(names)) == len(names)
        for target in comparison.targets:
            assert {target.subject, getattr(target, "peer", target.subject)} <= set(names)


def test_cpu_time_of_the_call_counts_its_children_and_the_preparation_does_not_count(peers, tmp_path):
    burn = "end = time.process_time() + {}\nwhile time.process_time() < end: pass"
    program = f"""
import subprocess, sys, time
def prepare():
    {burn.format(0.3).replace(chr(10), chr(10) + "    ")}
def work(_):
    subprocess.run([sys.executable, "-S", "-c", {("import time" + chr(10) + burn.format(0.1))!r}], check=True)
    return "done"
"""
    result = measured(program, peers, tmp_path)

    assert isinstance(result, Measured), result
    assert result.outcome == "done"
    assert result.cpu_s >= 0.1
    assert result.process_cpu_s >= result.cpu_s + 0.3
    assert result.rss_bytes > 5e6


def test_what_takes_too_long_is_ended_with_its_children_and_says_how_long_it_was_given(peers, tmp_path):
    program = "import time\ndef work(_): time.sleep(60)\n"

    assert isinstance(measured(program, peers, tmp_path, timeout_s=0.5), Stopped)


def test_planrooms_own_failure_is_a_crash_with_its_last_line(peers, tmp_path):
    result = measured("def work(_): raise ValueError('too bad')", peers, tmp_path)

    assert result == Unmeasured("ValueError: too bad", crashed=True)


def test_a_missing_peer_is_said_and_is_no_crash(peers, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda _: None)
    contestant = Contestant("@dbml/core", "dbml_core_import.js", ("x.sql",), Runtime.NODE)
    results = measure([contestant], peers)

    assert results["@dbml/core"] == Unmeasured("node and npm not installed")
    assert "not measured: node and npm not installed" in section(Comparison("work", (contestant,)), results)


@pytest.mark.parametrize(
    ("subject", "peer", "expected"),
    [
        (FAST, SLOW, "30x, met"),
        (SLOW, FAST, "0.0333x, NOT MET"),
        (FAST, Stopped(20.0, 60.0), "> 200x, met"),
        (FAST, Stopped(0.2, 60.0), "> 2x, cannot tell, the peer was stopped"),
        (FAST, Unmeasured("no npm"), "cannot tell, one of them was not measured"),
        (Stopped(20.0, 60.0), FAST, "cannot tell, one of them was not measured"),
    ],
)
def test_a_ratio_is_met_not_met_or_cannot_be_told(subject, peer, expected):
    assert verdict(AtLeast("a", "b", 20.0), a=subject, b=peer) == f"- target: a >= 20x as fast as b: {expected}"


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        (FAST, "100.0 ms, met"),
        (SLOW, "3.00 s, NOT MET"),
        (Stopped(2.5, 60.0), "> 2.50 s, NOT MET"),
        (Stopped(0.5, 60.0), "> 500.0 ms, cannot tell, it was stopped"),
        (Unmeasured("?"), "cannot tell, it was not measured"),
    ],
)
def test_a_budget_is_met_not_met_or_cannot_be_told(subject, expected):
    assert verdict(AtMost("a", 1.0), a=subject) == f"- target: a <= 1.00 s of CPU: {expected}"


def test_figures_are_divided_by_the_first_line_and_by_the_units():
    contestants = (Contestant("one", "x.py", units=10), Contestant("two", "x.py", units=100))
    shown = section(Comparison("work", contestants, unit="table"), {"one": FAST, "two": SLOW})

    assert "| one | 100.0 ms |   10.0 ms |  1.00 |" in shown
    assert "| two |   3.00 s |   30.0 ms | 30.00 |" in shown


def test_migrations_are_the_same_under_another_hash_seed_and_planroom_reads_them_all(tmp_path, monkeypatch):
    texts = []
    for seed in ("0", "1"):
        monkeypatch.setenv("PYTHONHASHSEED", seed)
        folder = Path(Inputs(tmp_path / seed).migrations(60))
        texts.append([(path.name, path.read_text()) for path in sorted(folder.iterdir())])

    assert texts[0] == texts[1]
    assert {len(parse_postgres(text)) for _, text in texts[0]} == {5}
    assert {each.kind for each in read_postgres(texts[0]).unread} <= {"session", "data"}


def test_every_query_meets_the_schema_that_it_is_asked_beside(tmp_path):
    inputs = Inputs(tmp_path)
    folder, schema = Path(inputs.queries(40, 30)), Path(inputs.ddl("plain", tables=30)).read_text()
    judged = lint_queries(
        [(path.name, path.read_text()) for path in sorted(folder.iterdir())],
        model=read_postgres([("schema.sql", schema)]),
    )

    assert {each.slug for each in judged.findings} == {"function-on-indexed-column"}
