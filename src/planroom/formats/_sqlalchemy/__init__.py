"""SQLAlchemy's MetaData and a model: the parts that `planroom.formats.sqlalchemy` is put together from."""
