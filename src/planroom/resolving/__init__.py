"""Queries joined with a model: which table a source is, which column a name means, through CTEs and derived tables."""
