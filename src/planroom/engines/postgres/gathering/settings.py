"""The settings that bear on plans, and what of the database a copy of it cannot have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.scaling.statistics import Assumption
from planroom.sqltext import qualified

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.engines.postgres.catalog.session import Session

__all__ = ["others_settings", "planner_settings", "sorting"]

_OTHERS = (
    "debug_parallel_query",
    "effective_io_concurrency",
    "force_parallel_mode",
    "hash_mem_multiplier",
    "max_parallel_workers_per_gather",
    "parallel_leader_participation",
    "temp_buffers",
    "transform_null_equals",
    "work_mem",
)
"""Settings outside the category Query Tuning that the planner looks at."""

_BEAR_ON_PLANS = f"(s.category LIKE 'Query Tuning%' OR s.name IN ({', '.join(f'{each!r}' for each in _OTHERS)}))"
_OLD_HASH_MEMORY = "1"  # until PostgreSQL 14 a hash table had work_mem; since 15, twice as much
_SORTS_AS_HERE = {"C", "POSIX", "C.UTF-8", "C.utf8", ""}


def planner_settings(session: Session) -> dict[str, str]:
    """Return the settings that bear on plans and that are not the server's defaults, by name, as SET takes them."""
    rows = session.run(f"""
        SELECT s.name, current_setting(s.name)
        FROM pg_settings s
        WHERE {_BEAR_ON_PLANS} AND s.setting IS DISTINCT FROM s.boot_val
        ORDER BY 1""")
    older = {} if session.version >= 150000 else {"hash_mem_multiplier": _OLD_HASH_MEMORY}
    return dict(sorted({**older, **dict(rows)}.items()))


def others_settings(session: Session) -> Iterator[Assumption]:
    """Yield the settings that hold for other roles, databases or tablespaces, whose plans differ for it."""
    rows = session.run(f"""
        SELECT coalesce(r.rolname, ''), p.setting
        FROM (SELECT setrole, unnest(setconfig) AS setting FROM pg_db_role_setting
              WHERE setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))) p
        JOIN pg_settings s ON s.name = split_part(p.setting, '=', 1)
        JOIN pg_roles r ON r.oid = p.setrole
        WHERE {_BEAR_ON_PLANS} AND r.rolname <> current_user
        ORDER BY 1, 2""")
    for role, setting in rows:
        yield Assumption(f"role {role}", f"has {setting} of its own, which these statistics do not have", "rule")
    for name, options in session.run("SELECT spcname, spcoptions FROM pg_tablespace WHERE spcoptions IS NOT NULL"):
        text = f"has {', '.join(options)}, which its tables have here only if the settings say so"
        yield Assumption(f"tablespace {qualified('', name)}", text, "rule")


def sorting(session: Session) -> Iterator[Assumption]:
    """Yield how the database's texts are encoded and sorted, where that is not as on planroom's own server."""
    provider = session.since(150000, "d.datlocprovider::text", "'c'")
    locale = session.since(170000, "d.datlocale", session.since(150000, "d.daticulocale", "NULL"))
    ((encoding, collation, kind, own),) = session.run(f"""
        SELECT pg_encoding_to_char(d.encoding), d.datcollate, {provider}, {locale}
        FROM pg_database d WHERE d.datname = current_database()""")
    order = own if kind != "c" and own else collation
    if order not in _SORTS_AS_HERE:
        yield Assumption(
            "database",
            f"its texts are sorted by {order}, those of planroom's server by code point: what is estimated for a range "
            "of texts can differ, and there an index serves LIKE 'a%' whatever its operator class",
            "rule",
        )
    if encoding != "UTF8":
        yield Assumption("database", f"its texts are encoded in {encoding}, those of planroom's server in UTF8", "rule")
