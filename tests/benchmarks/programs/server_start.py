"""Starts planroom's embedded PostgreSQL: ``cold`` makes its template first, ``warm`` finds it there."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from planroom.engines import ENGINES


def prepare(kind):
    from planroom.engines.postgres.places import DIRECTORY_VARIABLE
    from planroom.engines.postgres.server import Server

    if kind == "cold":
        memory = "/dev/shm"
        folder = Path(tempfile.mkdtemp(prefix="pr-", dir=memory if os.access(memory, os.W_OK) else None))
        folder.chmod(0o711)  # the account that the server runs under may pass
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        os.environ[DIRECTORY_VARIABLE] = str(folder)
    else:
        Server.start().stop()


def work(_):
    database = ENGINES["postgres"].connect()
    answer = database.query("select 1").rows
    return f"PostgreSQL {database.version}, answers {answer[0][0]}"
