"""A Chromium that is driven, and a JupyterLab that it looks at."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from planroom.notebook.lab import lab_command, lab_environment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import BrowserContext, Page

ROOT = Path(__file__).parents[2]
SCREENSHOTS = ROOT / "build" / "screenshots"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), "")
ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
TOKEN = "a-token-for-tests"
TOUR = "notebooks/00_tour.ipynb"
PICTURE = 'img[src^="data:image/svg+xml"]'


@contextlib.contextmanager
def chromium(profile: Path, scheme: str) -> Iterator[BrowserContext]:
    """Open the system's Chromium with a profile of its own; playwright's own browsers are never fetched."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            str(profile),
            executable_path=CHROMIUM,
            args=ARGUMENTS,
            color_scheme="dark" if scheme == "dark" else "light",
            viewport={"width": 1400, "height": 1100},
        )
        try:
            yield context
        finally:
            context.close()


@dataclass
class Traffic:
    """The hosts that a page has asked for anything."""

    hosts: set[str] = field(default_factory=set)
    count: int = 0

    def watch(self, page: Page) -> None:
        page.on("request", lambda request: self._note(request.url))
        page.on("websocket", lambda socket: self._note(socket.url))

    def _note(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in {"http", "https", "ws", "wss"}:
            self.hosts.add(parts.netloc)
            self.count += 1


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab on a copy of the project's notebooks.

    Attributes:
        port: Where it listens on the loopback address.
        environment: What it was started with; its home is its own.
        folder: The folder it shows.
        log: What it says.
    """

    port: int
    environment: dict[str, str]
    folder: Path
    log: Path

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def page(self, path: str) -> str:
        return f"http://{self.host}/lab/tree/{path}?token={TOKEN}&reset"

    def set(self, plugin: str, **settings: Any) -> None:
        """Store the user's settings of a JupyterLab plugin."""
        self._ask(f"lab/api/settings/{plugin}", json.dumps({"raw": json.dumps(settings)}).encode(), "PUT")

    def is_up(self) -> bool:
        with contextlib.suppress(OSError):
            self._ask("api/status")
            return True
        return False

    def end_kernels(self) -> None:
        """End all kernels, so that the next run starts at 1."""
        for session in json.loads(self._ask("api/sessions")):
            self._ask(f"api/sessions/{session['id']}", method="DELETE")

    def _ask(self, path: str, body: bytes | None = None, method: str = "GET") -> bytes:
        request = urllib.request.Request(f"http://{self.host}/{path}", data=body, method=method)
        request.add_header("Authorization", f"token {TOKEN}")
        with urllib.request.urlopen(request, timeout=10) as answer:
            found: bytes = answer.read()
        return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def running_lab(home: Path, *, trusted: bool) -> Iterator[Lab]:
    """Start JupyterLab with a home of its own; ``trusted`` as `make lab` does it, else as after a bare clone."""
    folder = home / "a clone"
    for part in ("notebooks", "schemas"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns(".*"))
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "PLANROOM", "XDG"))}
    environment = {**clean, "HOME": str(home), "JUPYTER_RUNTIME_DIR": str(home / "run")}
    lab = Lab(free_port(), environment, folder, home / "lab.log")
    extra = [f"--ServerApp.port={lab.port}", "--ServerApp.port_retries=0", "--ServerApp.ip=127.0.0.1", "--no-browser",
             f"--IdentityProvider.token={TOKEN}", "--LabApp.expose_app_in_browser=True"]  # fmt: skip
    as_user = [sys.executable, "-m", "planroom.notebook", "lab", *extra]
    command = as_user if trusted else lab_command(Path(TOUR), extra)
    with lab.log.open("wb") as log:
        started = environment if trusted else lab_environment(environment)
        process = subprocess.Popen(command, cwd=folder, env=started, stdout=log, stderr=log, start_new_session=True)
        try:
            _wait_for(lab, process)
            yield lab
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _wait_for(lab: Lab, process: subprocess.Popen[bytes], seconds: float = 90) -> None:
    until = time.monotonic() + seconds
    while not lab.is_up():
        if process.poll() is not None or time.monotonic() > until:
            raise AssertionError(f"JupyterLab does not answer:\n{lab.log.read_text(errors='replace')[-3000:]}")
        time.sleep(0.3)


def visible_pictures(page: Page) -> list[dict[str, Any]]:
    """Return the ER pictures that have arrived: their words and natural width."""
    found: list[dict[str, Any]] = page.locator(PICTURE).evaluate_all(
        "pictures => pictures.map(p => ({words: p.alt, width: p.naturalWidth, shown: p.getBoundingClientRect().width}))"
    )
    return found


def screenshot(page: Page, name: str, *, whole: bool = False) -> None:
    """Keep what is on the screen, or the whole page, for people to look at."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=whole)


@contextlib.contextmanager
def listening() -> Iterator[tuple[str, list[str]]]:
    """Give a host's address, and the paths that it has been asked for."""
    asked: list[str] = []

    class Host(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Host) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()
        thread.join()
