"""How DuckDB's plans become a `Plan`, whichever of its layouts they came in."""
