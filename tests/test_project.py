"""The project's own files agree with each other."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
from importlib.metadata import distributions
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
MAKEFILE = (ROOT / "Makefile").read_text()
CARD = "jupyterlab sqlalchemy eralchemy2 sqlglot diagrams mermaid-py duckdb pytest nbval".split()
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
PINNED = re.compile(r"(?P<name>[a-z0-9-]+)==(?P<version>[^\s;]+)(?: ; .+)?")


def canonical(requirement: str) -> str:
    """Return the name in a requirement as package indexes compare it."""
    found = NAME.match(requirement)
    assert found, requirement
    return re.sub(r"[-_.]+", "-", found[0]).lower()


def declared(*extras: str) -> dict[str, str]:
    """Return the requirements of the core and of extras, followed to their ends, by name."""
    found: dict[str, str] = {}
    pending = [*PROJECT["dependencies"], *(each for name in extras for each in PROJECT["optional-dependencies"][name])]
    while pending:
        requirement = pending.pop()
        if canonical(requirement) == "planroom":
            names = re.search(r"\[(.+)\]", requirement)
            assert names, requirement
            pending += [each for name in names[1].split(",") for each in PROJECT["optional-dependencies"][name.strip()]]
        else:
            found[canonical(requirement)] = requirement
    return found


def pinned() -> list[tuple[str, str]]:
    lines = [line for line in (ROOT / "constraints.txt").read_text().splitlines() if not line.lstrip().startswith("#")]
    matches = [(line, PINNED.fullmatch(line)) for line in lines]
    assert [line for line, match in matches if not match] == [], "each line is name==version"
    return [(match["name"], match["version"]) for _, match in matches if match]


def environment() -> tuple[list[str], list[str]]:
    """Return what conda installs and what pip installs."""
    dependencies = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    conda = [each for each in dependencies if isinstance(each, str)]
    [pip] = [each["pip"] for each in dependencies if isinstance(each, dict)]
    return conda, pip


def test_every_declared_dependency_is_pinned_to_a_version_that_the_declaration_allows() -> None:
    from packaging.requirements import Requirement

    versions: dict[str, list[str]] = {}
    for name, version in pinned():
        versions.setdefault(name, []).append(version)

    for name, requirement in declared("dev").items():
        assert name in versions, f"make constraints: {name} is not pinned"
        assert all(version in Requirement(requirement).specifier for version in versions[name]), requirement


def test_constraints_name_neither_an_address_nor_a_path_nor_planroom_itself() -> None:
    text = (ROOT / "constraints.txt").read_text()

    assert "://" not in text
    assert "@" not in text
    assert "planroom" not in dict(pinned())


def test_environment_names_the_packages_of_the_card_and_installs_what_make_installs() -> None:
    _, pip = environment()
    named = [canonical(each) for each in pip if not each.startswith("-")]

    assert set(CARD) <= set(named)
    assert set(named) <= set(declared("dev")), "a name that pyproject.toml does not know"
    assert [each for each in pip if each.startswith("-")] == ["-c constraints.txt", "-e .[dev]"]


def test_environment_leaves_every_version_to_pyproject_and_constraints() -> None:
    _, pip = environment()

    assert [each for each in pip if re.search(r"[<>=~]", each)] == []


def test_environment_and_pyproject_agree_on_the_versions_of_python() -> None:
    from packaging.requirements import Requirement
    from packaging.specifiers import SpecifierSet

    conda, _ = environment()
    [python] = [Requirement(each) for each in conda if each.startswith("python")]
    tested = [each.rpartition(" ")[2] for each in PROJECT["classifiers"] if re.search(r":: 3\.\d+$", each)]
    allowed = SpecifierSet(PROJECT["requires-python"])
    candidates = [f"3.{minor}" for minor in range(8, 20)]

    assert [each for each in candidates if each in python.specifier] == tested
    assert all(each in allowed for each in tested)
    assert tested[0] == PROJECT["requires-python"].removeprefix(">=")


def test_the_card_is_in_the_extras_that_a_user_installs() -> None:
    assert set(CARD) - {"pytest"} <= set(declared("all"))


def test_no_installed_package_that_planroom_requires_is_under_the_gpl() -> None:
    forbidden = {"pglast", "desbordante"}

    assert forbidden & set(dict(pinned())) == set()
    assert forbidden & {canonical(each.name) for each in distributions()} == set()


@pytest.mark.parametrize("target", ["lab", "test", "review", "bench", "notebooks", "clean", "help"])
def test_make_has_the_target_and_lists_it(target: str) -> None:
    assert re.search(rf"^{target}:.*## \S", MAKEFILE, re.MULTILINE)


@pytest.mark.skipif(not shutil.which("make"), reason="make is not installed")
def test_make_alone_lists_the_commands() -> None:
    shown = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert "make lab " in shown
    assert "make test " in shown


@pytest.mark.skipif(not shutil.which("make"), reason="make is not installed")
def test_make_does_not_install_twice_and_installs_again_when_a_pin_changes(tmp_path: Path) -> None:
    folder = tmp_path / "a folder with blanks"
    folder.mkdir()
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, folder / name)
    stamp = folder / ".venv" / ".installed"
    stamp.parent.mkdir()
    stamp.touch()

    def is_up_to_date() -> bool:
        return subprocess.run(["make", "-q", ".venv/.installed"], cwd=folder, check=False).returncode == 0

    assert is_up_to_date()
    later = stamp.stat().st_mtime + 10
    os.utime(folder / "constraints.txt", (later, later))
    assert not is_up_to_date()


@pytest.mark.skipif(not shutil.which("make"), reason="make is not installed")
def test_a_python_that_is_too_old_is_refused_with_a_way_out(tmp_path: Path) -> None:
    folder = tmp_path / "a folder with blanks"
    programs = folder / "programs"
    programs.mkdir(parents=True)
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, folder / name)
    old = "#!/bin/sh\n[ \"$1\" = --version ] && echo 'Python 3.8.1' && exit 0\nexit 1\n"
    for name in ("python3", "python", "python3.11", "python3.12", "python3.13", "uv"):
        (programs / name).write_text(old if name != "uv" else "#!/bin/sh\nexit 1\n")
        (programs / name).chmod(0o755)

    made = subprocess.run(
        ["make", "lab"],
        cwd=folder,
        env={"PATH": f"{programs}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert made.returncode != 0
    assert "planroom needs Python 3.11 or newer." in made.stderr
    assert "Python 3.8.1" in made.stderr
    assert "make lab PYTHON=" in made.stderr
    assert not (folder / ".venv" / ".installed").exists()


def test_the_readme_starts_with_the_two_commands() -> None:
    readme = (ROOT / "README.md").read_text()

    assert re.search(r"^make lab\b", readme, re.MULTILINE)
    assert re.search(r"^make test\b", readme, re.MULTILINE)


def test_continuous_integration_runs_what_make_test_runs() -> None:
    script = ROOT / ".ci" / "run"

    assert script.read_text().rstrip().endswith("exec make test")
    assert script.stat().st_mode & 0o111
