"""DuckDB's catalog and DDL, and a model: the parts that `planroom.formats.duckdb` is put together from."""
