"""PostgreSQL: a server of planroom's own, or the user's by its URL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.engines.base import Availability, Diagnosis, EngineKind
from planroom.engines.postgres.connection import SCHEMES

if TYPE_CHECKING:
    from planroom.engines.postgres.engine import PostgresEngine

__all__ = ["Postgres"]


class Postgres(EngineKind):
    """PostgreSQL, planroom's own or the user's."""

    name = "postgres"

    def describe(self) -> str:
        """Return in one line what this engine is good for."""
        return "PostgreSQL: an embedded server of planroom's own, or yours by its URL (read-only)"

    def available(self) -> Availability:
        """Return whether the embedded server has its programs and an account, without starting it."""
        from planroom.engines.postgres.diagnosis import availability

        return availability()

    def recognises(self, target: str) -> bool:
        """Return whether ``target`` is a PostgreSQL URL."""
        scheme, found, _ = target.strip().partition("://")
        return bool(found) and f"{scheme.partition('+')[0]}://" in SCHEMES

    def connect(self, target: str | None = None) -> PostgresEngine:
        """Return the user's database that a URL names, or a fresh database on the embedded server.

        Raises:
            SourceError: The URL cannot be read.
            ServerUnavailableError: The server cannot be reached or started.
            MissingExtraError: psycopg is not installed.
        """
        from planroom.engines.postgres.connection import parse_target
        from planroom.engines.postgres.engine import OwnedPostgres, UsersPostgres

        if target is None:
            return OwnedPostgres()
        engine = UsersPostgres(parse_target(target))
        _ = engine.connection  # an unreachable server is said here, not at the first query
        return engine

    def diagnose(self) -> tuple[Diagnosis, ...]:
        """Return step by step what the embedded server needs, and whether one starts."""
        from planroom.engines.postgres.diagnosis import diagnose

        return diagnose()
