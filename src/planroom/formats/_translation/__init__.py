"""A model of one dialect in another, with a finding for everything that is lost on the way."""

from planroom.formats._translation.translating import translated

__all__ = ["translated"]
