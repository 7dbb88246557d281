"""Renderers: one file each. They all draw the same Graph, and never see a model."""
