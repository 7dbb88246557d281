"""Imports one module, which nothing has imported before."""

from __future__ import annotations


def prepare(name):
    return name


def work(name):
    import sys

    before = len(sys.modules)
    __import__(name)
    return f"{len(sys.modules) - before} modules"
