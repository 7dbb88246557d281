"""Which operator classes go without saying.

Source: ``pg_opclass`` of PostgreSQL 18 where ``opcdefault``, and the defaults of the contrib extensions.
"""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["without_default"]

_ORDERED = """array_ops bit_ops bool_ops bpchar_ops bytea_ops char_ops date_ops enum_ops float4_ops float8_ops inet_ops
int2_ops int4_ops int8_ops interval_ops jsonb_ops macaddr8_ops macaddr_ops money_ops multirange_ops name_ops
numeric_ops oid_ops oidvector_ops pg_lsn_ops range_ops record_ops text_ops tid_ops time_ops timestamp_ops
timestamptz_ops timetz_ops tsquery_ops tsvector_ops uuid_ops varbit_ops xid8_ops citext_ops hstore_ops
btree_hstore_ops hash_hstore_ops ltree_ops aclitem_ops cid_ops xid_ops vector_ops""".split()

_GIST = """box_ops circle_ops multirange_ops point_ops poly_ops range_ops tsquery_ops tsvector_ops gist_ltree_ops
gist_hstore_ops gist_cube_ops gist__ltree_ops gist_geometry_ops_2d gist_geography_ops""".split()

_BTREE_GIST = """bit bool bpchar bytea cash date enum float4 float8 inet int2 int4 int8 interval macad macad8
numeric oid text
time timestamp timestamptz timetz uuid vbit""".split()

_BRIN = """bit_minmax box_inclusion bpchar_minmax bytea_minmax char_minmax date_minmax float4_minmax float8_minmax
inet_inclusion int2_minmax int4_minmax int8_minmax interval_minmax macaddr8_minmax macaddr_minmax name_minmax
numeric_minmax oid_minmax pg_lsn_minmax range_inclusion text_minmax tid_minmax time_minmax timestamp_minmax
timestamptz_minmax timetz_minmax uuid_minmax varbit_minmax""".split()

_DEFAULTS: dict[str, frozenset[str]] = {
    "btree": frozenset(_ORDERED),
    "hash": frozenset(_ORDERED),
    "gin": frozenset({"array_ops", "jsonb_ops", "tsvector_ops", "gin_hstore_ops"}),
    "gist": frozenset([*_GIST, *(f"gist_{name}_ops" for name in _BTREE_GIST)]),
    "spgist": frozenset({"box_ops", "inet_ops", "poly_ops", "quad_point_ops", "range_ops", "text_ops"}),
    "brin": frozenset(f"{name}_ops" for name in _BRIN),
    "ivfflat": frozenset({"vector_l2_ops"}),
}


def without_default(names: Sequence[str], method: str) -> str:
    """Return the operator class's bare name, or an empty string when it is a default of the access method."""
    name = names[-1] if names else ""
    return "" if name in _DEFAULTS.get(method, frozenset()) else name
