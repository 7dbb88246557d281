"""What users write of a system is held by a type checker too."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import planroom

ROOT = Path(__file__).parents[2]

pytest.importorskip("mypy")


def test_what_may_be_written_is_accepted_and_what_is_held_is_plain(tmp_path: Path) -> None:
    snippet = tmp_path / "system.py"
    snippet.write_text(
        "from planroom.architecture import Container, Scenario, Step, System\n"
        "Scenario('mixed', steps=[('web', 'api', 'asks'), Step('api', 'web', 'answers', reply=True)])\n"
        "one = Scenario(key='one', name='One', steps=(('web', 'api', 'asks', False),), critical=True)\n"
        "System('shop', containers=[Container('web', tags=['a']), Container('api')], scenarios=[one])\n"
        "first: Step = one.steps[0]\n"
        "Scenario('wrong', steps=[('web', 'api')])  # type: ignore[list-item]\n"
        "Scenario('wrong', steps=1)  # type: ignore[arg-type]\n"
    )
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--config-file", ROOT / "pyproject.toml",
         "--cache-dir", tmp_path / "cache", snippet, ROOT / "schemas" / "shop_system.py"],
        cwd=Path(planroom.__file__).parents[2], capture_output=True, text=True, timeout=300,
    )  # fmt: skip

    assert checked.returncode == 0, checked.stdout + checked.stderr
