"""Which protocols keep what they carry from others."""

from __future__ import annotations

import re

__all__ = ["is_encrypted"]

_SAFE = frozenset({"https", "tls", "mtls", "ssl", "wss", "ssh", "sftp", "ftps", "amqps", "grpcs", "smtps", "imaps",
                   "ldaps", "mqtts", "rediss", "scp", "ipsec", "wireguard", "quic"})  # fmt: skip
_PLAIN = frozenset({"http", "ftp", "telnet", "ws", "tftp", "plain", "plaintext"})
_WORD = re.compile(r"[a-z0-9]+")


def is_encrypted(protocol: str) -> bool | None:
    """Return whether a protocol encrypts what it carries; None where its name does not tell.

    Example:
        >>> is_encrypted("HTTPS/JSON"), is_encrypted("HTTP"), is_encrypted("SQL"), is_encrypted("Kafka over TLS")
        (True, False, None, True)
    """
    words = set(_WORD.findall(protocol.lower()))
    if words & _SAFE:
        return True
    return False if words & _PLAIN else None
