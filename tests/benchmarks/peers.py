"""The peers, installed where they cannot disturb planroom: ``.venv-bench`` and a folder under ``build``."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tests.benchmarks.measuring import Unmeasured

__all__ = ["Peers"]

_HERE = Path(__file__).parent
_INSTALL_TIMEOUT_S = 600.0


@dataclass(frozen=True)
class Peers:
    """Installs the peers when they are first needed; a second run finds them there.

    Args:
        environment: Where the virtual environment is, or will be.
        packages: Where npm's packages are, or will be.
        bytecode: Where Python keeps what it has compiled, planroom's and the peers' alike, whatever the caller's
            settings are: otherwise some would be compiled anew in every run.
    """

    environment: Path
    packages: Path
    bytecode: Path

    @cached_property
    def environment_variables(self) -> dict[str, str]:
        """What the contestants' processes see: the caller's variables, but bytecode is kept."""
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        return {**kept, "PYTHONPYCACHEPREFIX": str(self.bytecode)}

    @cached_property
    def python(self) -> str | Unmeasured:
        """The Python that has the peers, or why there is none."""
        python = self.environment / "bin" / "python"
        requirements = _HERE / "requirements.txt"
        commands = _uv(self.environment, python) if shutil.which("uv") else _venv(self.environment, python)
        failure = _install(self.environment, requirements, [[*each] for each in commands], cwd=_HERE)
        return failure or str(python)

    @cached_property
    def node_modules(self) -> str | Unmeasured:
        """The folder that has @dbml/core, or why there is none."""
        missing = [name for name in ("node", "npm") if not shutil.which(name)]
        if missing:
            return Unmeasured(f"{' and '.join(missing)} not installed")
        self.packages.mkdir(parents=True, exist_ok=True)
        shutil.copy(_HERE / "package.json", self.packages)
        command = ["npm", "install", "--no-audit", "--no-fund", "--loglevel=error"]
        failure = _install(self.packages / "node_modules", _HERE / "package.json", [command], cwd=self.packages)
        return failure or str(self.packages / "node_modules")


def _uv(environment: Path, python: Path) -> list[list[str]]:
    make = ["uv", "venv", "--quiet", "--clear", "--python", sys.executable, str(environment)]
    return [make, ["uv", "pip", "install", "--quiet", "--python", str(python), "-r", "requirements.txt"]]


def _venv(environment: Path, python: Path) -> list[list[str]]:
    make = [sys.executable, "-m", "venv", "--clear", str(environment)]
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", "requirements.txt"]
    return [make, pip]


def _install(target: Path, wanted: Path, commands: list[list[str]], *, cwd: Path) -> Unmeasured | None:
    """Run the commands unless this was installed before; the stamp is written last."""
    stamp, key = target / ".installed", hashlib.sha256(wanted.read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text() == key:
        return None
    for command in commands:
        try:
            subprocess.run(command, cwd=cwd, check=True, capture_output=True, text=True, timeout=_INSTALL_TIMEOUT_S)
        except subprocess.CalledProcessError as error:
            lines = [line.strip() for line in error.stderr.splitlines() if line.strip()]
            return Unmeasured(f"{' '.join(command[:3])} failed: {lines[-1] if lines else error.returncode}")
        except (OSError, subprocess.TimeoutExpired) as error:
            return Unmeasured(f"{command[0]}: {type(error).__name__}")
    stamp.write_text(key)
    return None
