"""A model as SQLAlchemy's MetaData: its description, carried out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planroom.formats._python.code import Call, Name, Ref, Value
from planroom.formats._sqlalchemy.describing import NAMING_CONVENTION, Description

if TYPE_CHECKING:
    import sqlalchemy as sa

    from planroom.model import Model

__all__ = ["metadata_of"]


def metadata_of(model: Model) -> sa.MetaData:
    """Return the MetaData of a model; see `planroom.formats.sqlalchemy.to_metadata`."""
    import sqlalchemy

    description = Description(model)
    metadata = sqlalchemy.MetaData(naming_convention=NAMING_CONVENTION)
    maker = _Maker(metadata)
    for key, call in (*description.types.definitions(), *description.sequences()):
        maker.known[key] = maker.made(call)
    for call in (*(each.call for each in description.tables), *description.late_keys()):
        maker.made(call)
    return metadata


class _Maker:
    """Carries out calls.

    Attributes:
        known: What was made, by the key that refers to it.
    """

    def __init__(self, metadata: sa.MetaData) -> None:
        import sqlalchemy
        from sqlalchemy.dialects import postgresql

        from planroom.formats._sqlalchemy import helpers

        self._modules = {"sa": sqlalchemy, "postgresql": postgresql, "": helpers}
        self.known: dict[object, Any] = {("metadata",): metadata}

    def made(self, value: Value) -> Any:
        """Return what a value means."""
        match value:
            case Call():
                arguments = [self.made(each) for each in value.arguments]
                return self._named(value.function)(
                    *arguments, **{name: self.made(each) for name, each in value.keywords}
                )
            case Name():
                return self._named(value.text)
            case Ref():
                return self.known[value.key]
            case tuple() | list():
                return type(value)(self.made(each) for each in value)
        return value

    def _named(self, name: str) -> Any:
        module, _, attribute = name.rpartition(".")
        return getattr(self._modules[module], attribute)
