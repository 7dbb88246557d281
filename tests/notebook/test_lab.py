from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from planroom.errors import SourceError
from planroom.notebook import lab
from planroom.notebook.files import notebook_text, read_notebook
from tests.notebook.books import code, notebook, stream


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a tour in it, which is the current one, and a home of its own."""
    folder = tmp_path / "a project"
    (folder / "notebooks").mkdir(parents=True)
    (folder / "notebooks" / "00_tour.ipynb").write_text(notebook_text(notebook(code("1", stream("1"), count=1))))
    monkeypatch.chdir(folder)
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("PLANROOM_LAB_ARGS", raising=False)
    return folder


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The commands that would have been run."""
    found: list[list[str]] = []
    monkeypatch.setattr(lab, "_run", lambda command, environment: found.append(list(command)) or 0)
    return found


def test_the_tour_is_opened_and_trusted(project: Path, started: list[list[str]]) -> None:
    from nbformat import from_dict
    from nbformat.sign import NotebookNotary

    assert lab.open_lab() == 0

    tour = from_dict(read_notebook(project / "notebooks" / "00_tour.ipynb"))
    assert NotebookNotary().check_signature(tour)
    assert "--LabApp.default_url=/lab/tree/notebooks/00_tour.ipynb" in started[0]
    assert started[0][0] == sys.executable


def test_a_folder_without_a_tour_opens_as_it_is(
    tmp_path: Path, started: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    lab.open_lab()

    assert not [each for each in started[0] if "default_url" in each]


def test_any_notebook_below_the_folder_can_be_opened_whatever_its_name(project: Path, started: list[list[str]]) -> None:
    path = project / "drafts & more" / "Überblick 1.ipynb"
    path.parent.mkdir()
    path.write_text(notebook_text(notebook()))

    lab.open_lab(path)

    assert "--LabApp.default_url=/lab/tree/drafts%20%26%20more/%C3%9Cberblick%201.ipynb" in started[0]


def test_a_notebook_elsewhere_or_nowhere_is_refused(project: Path, tmp_path: Path, started: list[list[str]]) -> None:
    (tmp_path / "x.ipynb").write_text("{}")

    with pytest.raises(SourceError, match="cannot be opened from here"):
        lab.open_lab(tmp_path / "x.ipynb")
    with pytest.raises(SourceError, match=r"no notebook 'nowhere\.ipynb'"):
        lab.open_lab("nowhere.ipynb")
    assert started == []


def test_more_arguments_come_last_so_that_they_win(
    project: Path, started: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLANROOM_LAB_ARGS", "--no-browser --ServerApp.root_dir='/my files'")

    lab.open_lab(arguments=["--port=9999"])

    assert started[0][-3:] == ["--port=9999", "--no-browser", "--ServerApp.root_dir=/my files"]


def test_only_root_starts_the_server_as_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0, raising=False)
    assert "--allow-root" in lab.lab_command(None)

    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    assert "--allow-root" not in lab.lab_command(None)


def test_jupyterlab_takes_the_defaults_and_leaves_the_users_own_in_front() -> None:
    environment = lab.lab_environment({"JUPYTER_CONFIG_PATH": "/mine", "HOME": "/home/ann"})
    first, second = environment["JUPYTER_CONFIG_PATH"].split(os.pathsep)
    defaults = json.loads((Path(second) / "labconfig" / "default_setting_overrides.json").read_text())

    assert (first, environment["HOME"]) == ("/mine", "/home/ann")
    assert defaults["@jupyterlab/apputils-extension:notification"]["fetchNews"] == "false"


def test_a_long_runtime_folder_falls_back_to_tcp() -> None:
    from planroom.notebook.running import quiet_transport

    assert quiet_transport(Path("/run/jupyter")) == ("tcp" if sys.platform == "win32" else "ipc")
    assert quiet_transport(Path("/" + "very_long/" * 9)) == "tcp"


def test_importing_the_floor_imports_nothing_of_jupyter() -> None:
    heavy = "{'IPython', 'nbformat', 'nbclient', 'nbconvert', 'jupyterlab', 'jupyter_core', 'traitlets'}"
    script = f"import sys, planroom.notebook; print(sorted({heavy} & set(sys.modules)))"

    printed = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert printed == "[]\n"
