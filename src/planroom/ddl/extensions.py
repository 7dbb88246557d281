"""What extensions bring that a script does not say."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["EXTENSION_TYPES"]

EXTENSION_TYPES: Mapping[str, tuple[str, ...]] = {
    "citext": ("citext",),
    "hstore": ("hstore", "ghstore"),
    "ltree": ("ltree", "lquery", "ltxtquery", "ltree_gist"),
    "cube": ("cube",),
    "isn": ("ean13", "isbn", "isbn13", "ismn", "ismn13", "issn", "issn13", "upc"),
    "seg": ("seg",),
    "intarray": ("query_int",),
    "lo": ("lo",),
    "vector": ("vector", "halfvec", "sparsevec"),
    "postgis": ("geometry", "geography", "box2d", "box3d", "geomval", "raster", "spheroid"),
    "pg_trgm": ("gtrgm",),
}
"""The types that well-known extensions bring: a script that creates the extension does not say."""
