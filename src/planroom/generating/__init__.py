"""Synthetic rows: from a model, numbers of rows and a seed to SQL that makes them. Pure: nothing here runs an engine."""
