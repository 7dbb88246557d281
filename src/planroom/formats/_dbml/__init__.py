"""DBML and a model: the parts that `planroom.formats.dbml` is put together from."""
