from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from planroom.errors import PlanroomError, SourceError
from planroom.notebook import refresh
from planroom.notebook.__main__ import main
from planroom.notebook.files import notebook_text, read_notebook
from tests.notebook.books import code, notebook, stream, words

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")


def written(folder: Path, name: str, *cells: dict[str, object]) -> Path:
    path = folder / name
    path.write_text(notebook_text(notebook(*cells)), encoding="utf-8")
    return path


def test_a_refreshed_notebook_tells_what_changed_and_a_second_time_is_left_alone(tmp_path: Path) -> None:
    path = written(tmp_path, "sums.ipynb", words("# Sums"), code("print(1 + 1)", stream("3\n"), count=4))

    [first] = refresh([path])
    once = path.read_bytes()
    [second] = refresh([path])

    assert [str(change) for change in first.changes] == ["cell 2: text changed\n  -3\n  +2"]
    assert (first.written, second.written, second.changes) == (True, False, ())
    assert path.read_bytes() == once
    assert read_notebook(path)["cells"][1]["execution_count"] == 1


def test_a_notebook_that_fails_is_left_as_it_was_and_the_next_one_runs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    failing = written(tmp_path, "a.ipynb", code("fine = 1", count=1), code("print(fine + undefined)"))
    other = written(tmp_path, "b.ipynb", code("print('hello')"))
    before = failing.read_bytes()

    status = main(["refresh", str(failing), str(other)])
    printed = capsys.readouterr().out

    assert status == 2
    assert failing.read_bytes() == before
    assert "a.ipynb, cell 2: print(fine + undefined)" in printed
    assert "NameError: name 'undefined' is not defined" in printed
    assert "\x1b" not in printed
    assert read_notebook(other)["cells"][0]["outputs"] == [stream("hello\n")]


def test_the_kernel_works_in_the_folder_of_the_notebook_and_an_expected_error_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "beside.txt").write_text("found")
    path = written(tmp_path, "x.ipynb", code("print(open('beside.txt').read())"),
                   code("{}['x']", tags=["raises-exception"]))  # fmt: skip

    [outcome] = refresh([path])

    cells = read_notebook(path)["cells"]
    assert outcome.failure is None
    assert cells[0]["outputs"] == [stream("found\n")]
    assert cells[1]["outputs"][0]["traceback"] == ["KeyError: 'x'"]


def test_a_cell_that_takes_too_long_is_named(tmp_path: Path) -> None:
    path = written(tmp_path, "slow.ipynb", code("import time"), code("time.sleep(60)"))

    [outcome] = refresh([path], timeout_s=2)

    assert isinstance(outcome.failure, PlanroomError)
    assert "cell 2: time.sleep(60)" in str(outcome.failure)
    assert "it took more than 2 s." in str(outcome.failure)


@pytest.mark.parametrize("text", ["", "not json", "{}", "[]", '{"cells": 1, "nbformat": 4, "nbformat_minor": 5}'])
def test_a_file_that_is_no_notebook_is_an_error_that_names_it(tmp_path: Path, text: str) -> None:
    path = tmp_path / "broken.ipynb"
    path.write_text(text)

    with pytest.raises(SourceError, match=r"broken.ipynb' is no notebook"):
        read_notebook(path)


def test_a_missing_notebook_and_a_misspelt_command_are_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["refresh", str(tmp_path / "no.ipynb")]) == 2
    assert "no.ipynb" in capsys.readouterr().out
    assert main(["reviw"]) == 2
    assert "did you mean 'review'?" in capsys.readouterr().err
