"""A design review as one document: the notebooks, what the linter finds, the decisions, and what changed."""

from planroom.reviews.content import Review
from planroom.reviews.gathering import gathered
from planroom.reviews.settings import ReviewSettings, review_settings

__all__ = ["Review", "ReviewSettings", "gathered", "review_settings"]
