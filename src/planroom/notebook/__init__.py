"""Notebooks: opened in JupyterLab, run afresh, brought to a normal form that diffs well, written as offline HTML."""

from planroom.notebook.lab import open_lab
from planroom.notebook.meaning import Change, changes
from planroom.notebook.normal_form import normalise
from planroom.notebook.offline import export_html
from planroom.notebook.refreshing import Refreshed, refresh
from planroom.notebook.running import execute

__all__ = ["Change", "Refreshed", "changes", "execute", "export_html", "normalise", "open_lab", "refresh"]
