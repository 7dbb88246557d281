"""Python modules that planroom wrote: imported, and looked at by the tools that people use."""

from __future__ import annotations

import itertools
import subprocess
import sys
from types import ModuleType

__all__ = ["imported", "objections"]

_NUMBERS = itertools.count()


def imported(text: str) -> ModuleType:
    """The module that a text is."""
    module = ModuleType(f"written_{next(_NUMBERS)}")
    sys.modules[module.__name__] = module  # SQLAlchemy and Pydantic look annotations up there
    try:
        exec(compile(text, module.__name__, "exec", dont_inherit=True), module.__dict__)
    finally:
        del sys.modules[module.__name__]
    return module


def objections(text: str, *, lint: str = "F,E,I") -> str:
    """What ``ruff format`` would change, and what ``ruff check`` would say."""
    ruff = (sys.executable, "-m", "ruff")
    formatted = _run(*ruff, "format", "--isolated", "--diff", "-", text=text)
    checked = _run(*ruff, "check", "--isolated", "--output-format", "concise", "--select", lint, "-", text=text)
    return formatted + checked.replace("All checks passed!\n", "")


def _run(*words: str, text: str) -> str:
    done = subprocess.run(words, input=text.encode(), capture_output=True, timeout=60)
    return done.stdout.decode() if done.returncode in {0, 1} else done.stderr.decode()
