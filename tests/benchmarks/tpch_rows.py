"""TPC-H as CSV or Parquet files, by tpchgen-cli, where PLANROOM_TPCH says; by default in the temporary directory."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

__all__ = ["DIRECTORY_VARIABLE", "GENERATOR_VARIABLE", "folder", "rows"]

DIRECTORY_VARIABLE = "PLANROOM_TPCH"
GENERATOR_VARIABLE = "PLANROOM_TPCHGEN"
_BENCH = Path(__file__).parents[2] / ".venv-bench" / "bin" / "tpchgen-cli"


def folder() -> Path:
    """Return where rows and answers are kept."""
    return Path(os.environ.get(DIRECTORY_VARIABLE) or Path(tempfile.gettempdir()) / "planroom-tpch")


def rows(scale: float, form: str = "csv") -> Path:
    """Return the folder with the files of all tables at a scale factor, CSV or Parquet; made if need be."""
    target = folder() / (f"sf{scale:g}" if form == "csv" else f"sf{scale:g}-{form}")
    if not (target / "done").exists():
        target.mkdir(parents=True, exist_ok=True)
        generator = os.environ.get(GENERATOR_VARIABLE, str(_BENCH))
        subprocess.run([generator, form, "-s", f"{scale:g}", f"--output-dir={target}"], check=True)
        (target / "done").touch()
    return target
