"""What yields or stores a model: one file a format."""

from planroom.formats.base import Document, Format
from planroom.registry import Registry

__all__ = ["FORMATS", "Document", "Format"]

FORMATS: Registry[Format] = Registry("format", "planroom.formats", Format, listing="planroom formats")
