"""What the README says is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click import Context

import planroom as pr
from planroom.cli._commands import planroom_command
from planroom.engines import ENGINES
from planroom.formats import FORMATS
from planroom.model import Model

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def tour() -> str:
    """Return the Python of the tour."""
    found = re.search(r"## A tour\n\n```python\n(.*?)```", README, re.DOTALL)
    assert found
    return found[1]


@pytest.mark.server
def test_the_tour_runs(server: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    names: dict[str, object] = {}

    exec(tour(), names)

    assert isinstance(names["shop"], Model)


def test_the_picture_is_what_the_tour_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    drawn = pr.er("schemas/shop.sql", focus="ordering.orders", hops=1).svg

    assert (ROOT / "schemas" / "shop-orders.svg").read_text(encoding="utf-8") == drawn


@pytest.mark.parametrize("name", [*FORMATS.names(), *ENGINES.names()])
def test_every_format_and_engine_is_named(name: str) -> None:
    assert f"`{name}`" in README or f'on="{name}"' in README or f"pr.{name}(" in README


def test_every_command_is_named_and_no_other() -> None:
    assert set(re.findall(r"\| `planroom ([a-z]+)", README)) == set(
        planroom_command.list_commands(Context(planroom_command))
    )


def test_every_public_function_is_shown() -> None:
    shown = set(re.findall(r"\bpr\.([a-z_]+)", README))

    assert {name for name in pr.__all__ if name[0].islower()} <= shown


def test_the_number_of_scripts_is_the_number_of_scripts() -> None:
    from tests.ddl.test_statements_against_server import CASES

    assert f"for {len(CASES)} scripts" in README


def test_every_file_and_folder_that_is_named_exists() -> None:
    named = re.findall(r"`((?:notebooks|schemas|tests|adr|src)/[\w./-]*)`", README)

    assert [each for each in named if not (ROOT / each).exists()] == []


def test_the_number_of_rules_is_the_number_of_rules() -> None:
    from planroom.linting.rulebook import all_rules

    assert f"with {len(all_rules())} rules" in README
