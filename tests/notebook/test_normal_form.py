from __future__ import annotations

import copy
from typing import Any

import nbformat
from hypothesis import given
from hypothesis import strategies as st

from planroom.notebook import normalise
from planroom.notebook.files import notebook_text
from tests.notebook.books import code, notebook, shown, stream, words

texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=30)
outputs = st.one_of(
    st.builds(stream, texts, st.sampled_from(["stdout", "stderr"])),
    st.builds(lambda plain, html: shown(text_plain=plain, text_html=html), texts, texts),
)
noise = st.fixed_dictionaries(
    {}, optional={"execution": st.just({"iopub.execute_input": "2026-01-01"}), "collapsed": st.booleans(),
                  "scrolled": st.booleans(), "ExecuteTime": st.just({"start": 1})}
)  # fmt: skip
tags = st.fixed_dictionaries({}, optional={"tags": st.lists(st.sampled_from(["a", "b", "nbval-skip"]), max_size=3)})
cells = st.one_of(
    st.builds(lambda source, given, metadata, tag: code(source, *given, **metadata, **tag),
              texts, st.lists(outputs, max_size=4), noise, tags),
    st.builds(words, texts),
)  # fmt: skip
notebooks = st.lists(cells, max_size=6).map(lambda found: notebook(*found))


@given(notebooks)
def test_normalising_twice_changes_nothing_more(book: dict[str, Any]) -> None:
    once = normalise(book)

    assert normalise(once) == once


@given(notebooks)
def test_a_normal_notebook_is_a_valid_one_with_unique_ids_and_the_given_one_is_untouched(book: dict[str, Any]) -> None:
    before = copy.deepcopy(book)
    normal = normalise(book)

    nbformat.validate(nbformat.from_dict(normal))
    assert len({cell["id"] for cell in normal["cells"]}) == len(normal["cells"])
    assert book == before


@given(notebooks)
def test_the_file_reads_back_as_the_same_notebook(book: dict[str, Any]) -> None:
    normal = normalise(book)

    assert nbformat.reads(notebook_text(normal), as_version=4) == normal


@given(notebooks, noise)
def test_times_and_folds_leave_no_trace(book: dict[str, Any], extra: dict[str, Any]) -> None:
    noisy = copy.deepcopy(book)
    for cell in noisy["cells"]:
        cell["metadata"] |= extra
        cell["id"] += "x"
    noisy["metadata"] |= {"widgets": {"state": {}}, "language_info": {"name": "python", "version": "3.13.0"}}

    assert normalise(noisy) == normalise(book)


@given(notebooks, cells)
def test_a_cell_of_another_source_leaves_the_ids_of_the_others_alone(book: dict[str, Any], new: dict[str, Any]) -> None:
    new = {**new, "source": f"{new['source']} and something that no other cell says"}
    before = [cell["id"] for cell in normalise(book)["cells"]]
    after = [cell["id"] for cell in normalise({**book, "cells": [new, *book["cells"]]})["cells"]]

    assert after[1:] == before


def test_one_stream_is_one_output_however_it_was_cut() -> None:
    cut = normalise(notebook(code("print()", stream("a"), stream("b\n"), stream("oh", "stderr"), stream("c"))))

    assert cut["cells"][0]["outputs"] == [stream("ab\n"), stream("oh", "stderr"), stream("c")]


def test_an_expected_error_keeps_its_message_and_loses_the_paths_in_its_traceback() -> None:
    error = {"output_type": "error", "ename": "KeyError", "evalue": "'x'", "traceback": ["File /home/ann/x.py", "..."]}
    normal = normalise(notebook(code("{}['x']", error, tags=["raises-exception"])))

    assert normal["cells"][0]["outputs"][0]["traceback"] == ["KeyError: 'x'"]


def test_tags_stay_sorted_and_other_metadata_stays() -> None:
    cell = code("1", tags=["nbval-ignore-output", "a"], slideshow={"slide_type": "slide"}, collapsed=True)

    assert normalise(notebook(cell))["cells"][0]["metadata"] == {
        "slideshow": {"slide_type": "slide"},
        "tags": ["a", "nbval-ignore-output"],
    }
