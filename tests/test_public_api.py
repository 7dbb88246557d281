"""What users may rely on: the public names work, whatever has been imported, and importing costs nothing."""

from __future__ import annotations

import ast
import contextlib
import importlib
import os
import pkgutil
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import planroom as pr
from planroom.scaling.statistics import Statistics

SOURCE = Path(pr.__file__).parent
PROJECT = SOURCE.parent.parent
_PLAN = '[{"Plan": {"Node Type": "Result"}}]'
_CALLS = {
    "Model": lambda path: pr.Model(),
    "PlanroomError": lambda path: pr.PlanroomError("what"),
    "System": lambda path: pr.System("a"),
    "arch": lambda path: pr.arch(pr.System("a"), "landscape"),
    "at_scale": lambda path: pr.at_scale(path),
    "adr": lambda path: pr.adr.read_record("# One\n", "0001-one.md"),
    "check_decisions": lambda path: pr.check_decisions(path.parent, save=False),
    "compare": lambda path: pr.compare(_PLAN, _PLAN),
    "coverage": lambda path: pr.coverage(path),
    "database": lambda path: pr.database(path, on="duckdb").__enter__(),
    "decisions": lambda path: pr.decisions(path.parent),
    "diff": lambda path: pr.diff(path, path),
    "duckdb": lambda path: pr.duckdb(),
    "er": lambda path: pr.er(path),
    "explain": lambda path: pr.explain("SELECT 1", on=pr.duckdb()),
    "explorer": lambda path: pr.explorer(path),
    "generate": lambda path: pr.generate(path),
    "infer_relations": lambda path: pr.infer_relations(path),
    "lint": lambda path: pr.lint(path),
    "plan": lambda path: pr.plan('[{"Plan": {"Node Type": "Result"}}]'),
    "postgres": lambda path: pr.postgres("postgresql://nobody@127.0.0.1:1/x"),
    "read": lambda path: pr.read(path),
    "statistics": lambda path: pr.statistics(Statistics()),
    "workload": lambda path: pr.workload("SELECT 1; SELECT 2", on="duckdb"),
    "write": lambda path: pr.write(path, "json"),
}


FLOORS = {"adr"}
"""Floors that are given out as themselves: `pr.adr.new(...)`. To import one replaces nothing."""


def is_worker(name: str) -> bool:
    """Whether a module is a program of its own, which runs when it is imported."""
    return name.rpartition(".")[2] in {"__main__", "_graphviz_worker", "supervisor"}


def modules() -> list[str]:
    found = pkgutil.walk_packages([str(SOURCE)], "planroom.")
    return ["planroom", *(each.name for each in found if not is_worker(each.name))]


def public_modules() -> list[str]:
    return [name for name in modules() if not any(part.startswith("_") for part in name.split("."))]


def test_every_public_name_works_twice_when_everything_has_been_imported(tmp_path):
    for name in modules():
        importlib.import_module(name)
    path = tmp_path / "a.sql"
    path.write_text("CREATE TABLE a (id int PRIMARY KEY);")

    assert set(_CALLS) == set(pr.__all__)
    for name in pr.__all__:
        assert callable(getattr(pr, name)) or name in FLOORS, name
        for _ in range(2):
            # There is no such server, and perhaps no writer of the engine's DDL: planroom says so itself.
            with contextlib.suppress(*([pr.PlanroomError] if name in {"postgres", "database"} else [])):
                _CALLS[name](path)


def test_dir_lists_the_public_names():
    assert set(pr.__all__) <= set(dir(pr))


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'raed'"):
        _ = pr.raed


def shadows(package: str, folder: Path) -> set[str]:
    """Return the modules below a package that bear the name of something the package gives out."""
    given = set(getattr(importlib.import_module(package), "__all__", ()))
    found = {each.name for each in pkgutil.iter_modules([str(folder)])} & given
    return {each for each in found if not (package == "planroom" and each in FLOORS)}


@pytest.mark.parametrize(
    "package", [name for name in public_modules() if hasattr(importlib.import_module(name), "__path__")]
)
def test_no_module_bears_a_name_that_its_package_gives_out(package):
    assert shadows(package, Path(importlib.import_module(package).__file__).parent) == set()


def test_a_module_with_the_name_of_a_verb_would_be_noticed(tmp_path):
    (tmp_path / "read.py").write_text("")
    (tmp_path / "reading.py").write_text("")

    assert shadows("planroom", tmp_path) == {"read"}


_REGISTERS = {"_action", "analyses", "folds", "printer"}
"""Decorators that hand a function to a table: nobody calls it by its name."""


def declared(tree: ast.Module) -> set[str]:
    """Return the classes and functions without an underscore that a module defines at its top for others."""
    return {
        node.name
        for node in tree.body
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and not node.name.startswith("_")
        and not _REGISTERS & {each.func.id for each in node.decorator_list if isinstance(each, ast.Call)
                              and isinstance(each.func, ast.Name)}
    }  # fmt: skip


def problems_with_all(path: Path) -> list[str]:
    """Return what is wrong with the ``__all__`` of a module."""
    tree = ast.parse(path.read_text())
    values = [
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and any(isinstance(x, ast.Name) and x.id == "__all__" for x in node.targets)
    ]
    if len(values) != 1:
        return ["it has no __all__"] if declared(tree) else []
    names = ast.literal_eval(values[0])
    problems = [f"{name} is not in __all__" for name in sorted(declared(tree) - set(names))]
    problems += ["__all__ repeats a name"] if len(set(names)) != len(names) else []
    return problems


@pytest.mark.parametrize("name", public_modules())
def test_all_is_exact(name):
    module = importlib.import_module(name)

    assert problems_with_all(Path(module.__file__)) == []
    for each in getattr(module, "__all__", ()):
        assert hasattr(module, each), f"{name}.__all__ lists {each}"


def test_a_class_that_is_missing_from_all_would_be_noticed(tmp_path):
    path = tmp_path / "a.py"
    path.write_text("__all__ = ['b']\ndef b(): ...\ndef c(): ...\nclass _D: ...\n")
    other = tmp_path / "b.py"
    other.write_text("def b(): ...\n")

    assert problems_with_all(path) == ["c is not in __all__"]
    assert problems_with_all(other) == ["it has no __all__"]


def loaded_by(statement: str) -> set[str]:
    """Return the packages that a fresh interpreter has loaded after a statement."""
    code = f"import sys\n{statement}\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    return set(answer.stdout.split())


HEAVY = {
    "sqlalchemy", "sqlglot", "duckdb", "psycopg", "diagrams", "pygraphviz", "yaml", "click", "rich", "postgast",
    "IPython", "nbformat",
}  # fmt: skip


@pytest.mark.parametrize(
    "statement", ["import planroom", "from planroom import PlanroomError", "from planroom import Model"]
)
def test_importing_planroom_pulls_in_nothing_heavy(statement):
    assert loaded_by(statement) & HEAVY == set()


def test_something_heavy_would_be_noticed():
    assert loaded_by("import planroom, click") & HEAVY == {"click"}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Check the imports of a copy of the project."""
    code = "from importlinter.cli import lint_imports_command as main; main()"
    environment = {**os.environ, "PYTHONPATH": str(folder / "src"), "PYTHONIOENCODING": "utf-8", "COLUMNS": "200"}
    return subprocess.run(
        [sys.executable, "-c", code, "--no-cache"],
        cwd=folder, env=environment, capture_output=True, text=True, timeout=120,
    )  # fmt: skip


@pytest.fixture
def copy(tmp_path):
    if not (PROJECT / "pyproject.toml").is_file():
        pytest.skip("planroom is installed without its project")
    pytest.importorskip("importlinter")
    shutil.copytree(SOURCE, tmp_path / "src" / "planroom", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(PROJECT / "pyproject.toml", tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("module", "statement", "contract"),
    [
        ("workbench/files.py", "import click", "Only the command line sees its library"),
        ("model/model.py", "import planroom.workbench", "imports go down only"),
    ],
)
def test_an_import_where_it_does_not_belong_would_be_noticed(copy, module, statement, contract):
    path = copy / "src" / "planroom" / module
    path.write_text(f"{path.read_text()}\n\ndef _planted():\n    {statement}\n")

    result = lint(copy)

    assert result.returncode == 1
    assert contract in "".join(line for line in result.stdout.splitlines() if "BROKEN" in line)
