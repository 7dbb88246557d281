"""A MariaDB server of the tests' own, on a Unix socket in a folder that goes with it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["missing", "started"]

_SERVERS = ("mariadbd", "/usr/sbin/mariadbd", "mysqld", "/usr/sbin/mysqld")
_INSTALLERS = ("mariadb-install-db", "mysql_install_db")
_WAIT_S = 30.0


def missing() -> str:
    """Return why no server can be started here; empty when one can."""
    if not any(map(shutil.which, _SERVERS)) or not any(map(shutil.which, _INSTALLERS)):
        return "no mariadbd and mariadb-install-db here (Debian's package mariadb-server has them)"
    try:
        import pymysql  # noqa: F401  (only whether it is there)
    except ImportError:
        return "no driver: pip install pymysql"
    return ""


@contextmanager
def started() -> Iterator[str]:
    """Start a server and give SQLAlchemy's URL of it, without a database; it is stopped, and its folder removed."""
    program = next(filter(None, map(shutil.which, _SERVERS)))
    installer = next(filter(None, map(shutil.which, _INSTALLERS)))
    folder = Path(tempfile.mkdtemp(prefix="planroom-mariadb-"))
    account = []
    if os.geteuid() == 0:
        shutil.chown(folder, "mysql")
        account = ["--user=mysql"]
    data, socket = folder / "data", folder / "s.sock"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    common = ["--no-defaults", *account, f"--datadir={data}"]
    subprocess.run(
        [installer, *common, "--auth-root-authentication-method=normal", "--skip-test-db"],
        check=True,
        timeout=120,
        **quiet,
    )
    server = subprocess.Popen(
        [program, *common, f"--socket={socket}", "--skip-networking", "--innodb-flush-log-at-trx-commit=0"], **quiet
    )
    try:
        _wait(server, socket)
        yield f"mariadb+pymysql://root@localhost/?unix_socket={socket}"
    finally:
        server.terminate()
        server.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


def _wait(server: subprocess.Popen[bytes], socket: Path) -> None:
    import pymysql

    deadline = time.monotonic() + _WAIT_S
    while True:
        if socket.exists():
            pymysql.connect(user="root", unix_socket=str(socket)).close()
            return
        if server.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError("the server did not start")
        time.sleep(0.05)
