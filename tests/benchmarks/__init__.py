"""Measurements against peers, side by side in one run: ``make bench``.

A benchmark is one file in ``cases``; its contestants run programs from ``programs``, each in a process of its own, in
planroom's environment or in ``.venv-bench``, where the peers are. Nothing here asserts a time: figures are printed,
and beside them whether the target is met.
"""
