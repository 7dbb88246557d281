"""What each dialect can hold: a table to be read as a table.

Sources: CREATE TABLE and CREATE INDEX in the manuals of PostgreSQL, MySQL, SQLite and DuckDB.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["ABILITIES", "Abilities"]


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a dialect can hold.

    Attributes:
        product: What people call it.
        default_schema: Where objects stand that no other schema holds.
        schemas: It has schemas.
        methods: The index methods that it knows.
        actions: The actions of foreign keys that it takes.
        max_identities: How many identity columns a table may have.
        one_room_of_indexes: Index names are unique in a schema, not only in a table.
        one_room_of_constraints: So are the names of foreign keys and checks.
    """

    product: str
    default_schema: str
    schemas: bool = True
    enums: bool = False
    domains: bool = False
    composites: bool = False
    sequences: bool = False
    routines: bool = False
    triggers: bool = False
    policies: bool = False
    exclusions: bool = False
    partial_indexes: bool = False
    expression_indexes: bool = True
    include: bool = False
    deferrable_keys: bool = False
    deferrable_foreign_keys: bool = False
    match_full: bool = False
    unenforced: bool = False
    nulls_not_distinct: bool = False
    stored: bool = True
    virtual: bool = True
    materialised: bool = False
    inheritance: bool = False
    partitions: bool = False
    comments: bool = True
    methods: frozenset[str] = frozenset({"btree"})
    actions: frozenset[str] = frozenset({"no action", "restrict", "cascade", "set null", "set default"})
    identity_needs_key: bool = False
    max_identities: int = 1
    one_room_of_indexes: bool = True
    one_room_of_constraints: bool = False


ABILITIES: Mapping[str, Abilities] = {
    "postgres": Abilities(
        "PostgreSQL",
        "public",
        enums=True,
        domains=True,
        composites=True,
        sequences=True,
        routines=True,
        triggers=True,
        policies=True,
        exclusions=True,
        partial_indexes=True,
        include=True,
        deferrable_keys=True,
        deferrable_foreign_keys=True,
        match_full=True,
        unenforced=True,
        nulls_not_distinct=True,
        materialised=True,
        inheritance=True,
        partitions=True,
        max_identities=1_000,
        methods=frozenset({"btree", "hash", "gin", "gist", "brin", "spgist"}),
    ),
    "mysql": Abilities(
        "MySQL",
        "",
        enums=True,
        unenforced=True,
        expression_indexes=False,  # MySQL has them, MariaDB has not
        methods=frozenset({"btree", "hash", "fulltext", "spatial"}),
        actions=frozenset({"no action", "restrict", "cascade", "set null"}),
        one_room_of_indexes=False,
        one_room_of_constraints=True,
        identity_needs_key=True,
    ),
    "sqlite": Abilities(
        "SQLite",
        "main",
        schemas=False,
        partial_indexes=True,
        deferrable_foreign_keys=True,
        comments=False,
        identity_needs_key=True,
    ),
    "duckdb": Abilities(
        "DuckDB",
        "main",
        enums=True,
        composites=True,
        sequences=True,
        actions=frozenset({"no action", "restrict"}),
        stored=False,
        max_identities=1_000,
    ),
}
"""By the dialects that planroom writes."""
