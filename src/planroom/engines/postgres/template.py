"""The data directory that every embedded server starts from: made once by initdb, then copied."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from planroom.engines.postgres import supervisor
from planroom.engines.postgres.accounts import Account, client_name
from planroom.engines.postgres.binaries import WHEEL, Binaries
from planroom.engines.postgres.places import SCRATCH_PREFIX, new_directory, unavailable

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "SUPERUSER",
    "TEMPLATE_DATABASE",
    "clean_environment",
    "make_template",
    "reachable",
    "run_program",
    "template_path",
]

SUPERUSER = "postgres"  # pg_dump's scripts name it as the owner
# Segments of 4 MB instead of 16 make the template half as large.
INITDB: Sequence[str] = (
    *("--username", SUPERUSER, "--auth", "peer", "--encoding", "UTF8", "--locale", "C"),
    *("--no-sync", "--wal-segsize", "4"),
)
# A page that planroom writes itself has none, and the data are gone before a disk could spoil them.
_NO_CHECKSUMS = (18, "--no-data-checksums")  # the version that made them the default, and brought the option
TEMPLATE_DATABASE = "template1"
_DROP_THE_OTHERS = (
    "UPDATE pg_database SET datistemplate = false WHERE datname = 'template0';",
    "DROP DATABASE template0;",
    "DROP DATABASE postgres;",
)


def _initdb_options(programs: Binaries) -> Sequence[str]:
    since, option = _NO_CHECKSUMS
    return (*INITDB, option) if programs.major >= since else INITDB


def template_path(base: Path, programs: Binaries, account: Account) -> Path:
    """Return where the template of these programs and this account is, or will be."""
    made_by = (str(programs.folder), programs.version, account.uid, client_name())
    key = json.dumps([*made_by, _initdb_options(programs), _DROP_THE_OTHERS])
    return base / f"template-{programs.version}-{hashlib.sha256(key.encode()).hexdigest()[:12]}"


def make_template(base: Path, template: Path, programs: Binaries, account: Account) -> None:
    """Run initdb and put its directory at ``template``, whole or not at all; call it inside ``exclusive``.

    Only the account that runs this process may log in, and only by the socket: the kernel tells the server
    who is at the other end.

    Raises:
        ServerUnavailableError: initdb failed; the message holds what it said.
    """
    scratch, owner_lock = new_directory(base, account, SCRATCH_PREFIX)
    try:
        data = scratch / supervisor.DATA
        run_program(programs.program("initdb"), *_initdb_options(programs), "--pgdata", str(data), account=account)
        # Creating files is what a start and a fresh database cost: one database in the template instead of three.
        single = (programs.program("postgres"), "--single", "-F", "-D", str(data), TEMPLATE_DATABASE)
        run_program(*single, account=account, text="".join(f"{line}\n" for line in _DROP_THE_OTHERS))
        (data / "pg_hba.conf").write_text("local all all peer map=planroom\n")
        (data / "pg_ident.conf").write_text(f'planroom "{client_name()}" {SUPERUSER}\n')
        if template.exists():
            template.rename(scratch / "old")
        data.rename(template)
    finally:
        supervisor.clear_away(scratch)
        os.close(owner_lock)


def reachable(programs: Binaries, account: Account, base: Path) -> Binaries:
    """Return the programs, or a copy of the wheel's where the borrowed account cannot reach them.

    It cannot when root keeps its environment in a closed home directory.

    Raises:
        ServerUnavailableError: The account cannot run them, and they are not the wheel's, which can be copied.
    """
    if not account.borrowed or _can_run(programs, account):
        return programs
    if programs.source != WHEEL:
        raise unavailable(f"the account {account.name} may not run {programs.program('postgres')} (Permission denied)")
    digest = hashlib.sha256(str(programs.folder).encode()).hexdigest()[:12]
    copy = base / f"programs-{programs.version}-{digest}"
    package = next(folder for folder in programs.folder.parents if folder.name == WHEEL)
    if not copy.exists():
        partial = base / f"{copy.name}.{os.getpid()}"
        # The programs find their libraries in the folder beside the package, where the wheel's makers put them.
        for folder in (package, package.with_name(f"{WHEEL}.libs")):
            if folder.exists():
                shutil.copytree(folder, partial / folder.name)
                (partial / folder.name).chmod(0o755)
        partial.chmod(0o755)
        partial.rename(copy)
    return dataclasses.replace(programs, folder=copy / programs.folder.relative_to(package.parent))


def _can_run(programs: Binaries, account: Account) -> bool:
    try:
        answer = subprocess.run(
            [programs.program("postgres"), "--version"],
            check=False, capture_output=True, cwd="/", env=clean_environment(), **account.popen(),
        )  # fmt: skip
    except PermissionError:
        return False
    return answer.returncode == 0


def run_program(*command: str, account: Account, text: str = "") -> None:
    """Run a program to its end as the server's account, with ``text`` as its input.

    Raises:
        ServerUnavailableError: It failed; the message holds what it said.
    """
    done = subprocess.run(
        command,
        check=False,
        capture_output=True,
        text=True,
        errors="replace",
        input=text,
        cwd="/",
        env=clean_environment(),
        umask=0o077,
        start_new_session=True,  # an interrupt ends this process's wait, which then kills the program
        **account.popen(),
    )
    if done.returncode:
        raise unavailable(f"{Path(command[0]).name}: {done.stderr.strip() or f'exit code {done.returncode}'}")


def clean_environment() -> dict[str, str]:
    """Return an environment in which the user's PGDATA, locale or time zone does not reach the server."""
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "LD_LIBRARY_PATH"}}
    return {"PATH": os.defpath, **kept, "LC_ALL": "C", "TZ": "UTC"}
