"""Notebooks made of a few lines, for tests."""

from __future__ import annotations

from typing import Any

PLAIN = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


def code(source: str, *outputs: dict[str, Any], count: int | None = None, **metadata: Any) -> dict[str, Any]:
    return {
        "cell_type": "code", "id": "given", "metadata": metadata, "source": source, "outputs": list(outputs),
        "execution_count": count,
    }  # fmt: skip


def words(source: str, **metadata: Any) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": "given", "metadata": metadata, "source": source}


def stream(text: str, name: str = "stdout") -> dict[str, Any]:
    return {"output_type": "stream", "name": name, "text": text}


def shown(**bundle: str) -> dict[str, Any]:
    """Return an output; ``text_plain="x"`` stands for ``text/plain``."""
    mimes = {mime.replace("_svg", "/svg+xml").replace("_", "/"): text for mime, text in bundle.items()}
    return {"output_type": "display_data", "data": mimes, "metadata": {}}


def notebook(*cells: dict[str, Any]) -> dict[str, Any]:
    numbered = [{**cell, "id": f"cell-{position}"} for position, cell in enumerate(cells)]
    return {
        "cells": numbered, "metadata": {"kernelspec": PLAIN, "language_info": {"name": "python", "version": "3.11.7"}},
        "nbformat": 4, "nbformat_minor": 5,
    }  # fmt: skip
