"""Synthetic rows: from a model, numbers of rows and a seed to SQL that makes them. Nothing here runs an engine."""
