"""Which account of the operating system runs the server.

PostgreSQL refuses to run as root. As root, planroom borrows an account that exists; it never adds one.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

from planroom.errors import ServerUnavailableError

__all__ = ["BORROWED", "Account", "client_name", "server_account"]

BORROWED = ("postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """An account of the operating system.

    Attributes:
        name: Its name.
        uid: Its number.
        gid: Its group's number.
        borrowed: Whether planroom runs as root and must change to it.
    """

    name: str
    uid: int
    gid: int
    borrowed: bool

    def popen(self) -> dict[str, Any]:
        """Return the arguments with which subprocess runs a program as this account, with no other rights."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.borrowed else {}


def server_account() -> Account:
    """Return the account that runs the server: this one, or as root one that exists.

    Raises:
        ServerUnavailableError: This account has no name, or as root no account can be borrowed.
    """
    if os.geteuid() != 0:
        return Account(client_name(), os.geteuid(), os.getegid(), borrowed=False)
    import pwd

    for name in BORROWED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account(name, entry.pw_uid, entry.pw_gid, borrowed=True)
    raise ServerUnavailableError(
        "The PostgreSQL server cannot be started as root.",
        why=f"PostgreSQL refuses root, and neither of the accounts {' and '.join(BORROWED)} exists.",
        fix="run planroom as an ordinary user, or have one of these accounts added.",
    )


def client_name() -> str:
    """Return the name of the account that this process runs as.

    Raises:
        ServerUnavailableError: The account has a number and no name; PostgreSQL's programs need one.
    """
    import pwd

    uid = os.geteuid()
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        raise ServerUnavailableError(
            "The PostgreSQL server cannot be started by this account.",
            why=f"user id {uid} has no name in the account database, and PostgreSQL's programs ask for it.",
            fix=f"add a line for {uid} to /etc/passwd in the container image, or run as a named user.",
        ) from None
