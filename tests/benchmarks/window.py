"""How quick the window is while a network trains, and what it costs the training.

    python -m tests.benchmarks.window [--rounds 5] [--seconds 6] [--size 1440x900] [--case digits] [--docks all]

The case is ``spirals``, a small dense network over a plane, ``digits``, a convolutional one over pictures, ``wide``, a
layer of 1,000 units, ``deep``, 60 layers of 8 units, or ``xor``; the docks are those of the first start, or ``all`` of
them beside each other where they fit.

Prints, as medians over the rounds: the 99th percentile from posting a queued call at a random moment until it ran; of
the cost of a frame; frames and steps per second; the same steps without a window; and how long Stop took. Run it
on a real display, or on a virtual X server.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from typing import Any

import numpy as np

CASES = ("spirals", "digits", "wide", "deep", "xor")


COLUMNS = 6
"""So many docks stand beside each other below the canvas."""


def project_of(case: str) -> Any:
    """Return the project that is trained."""
    from pathlib import Path

    from nnstudio.project import edits, open_project

    hidden = {"wide": (1000,), "deep": (8,) * 60}.get(case)
    project = open_project(Path("samples/spirals.nns" if hidden else f"samples/{case}.nns"))
    if hidden:
        return edits.propose_network(hidden).apply(project)
    return edits.use_template("lenet").apply(project) if case == "digits" else project


def measure_window(case: str, seconds: float, size: tuple[int, int], *, all_docks: bool) -> dict[str, float]:
    """Train in the real window and measure."""
    from nnstudio.app import create_studio  # sets what must be set before Qt is imported

    studio = create_studio(theme="light")

    import random
    import threading

    from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer, Signal
    from PySide6.QtWidgets import QApplication

    from nnstudio.project import Edit

    class Post(QObject):
        sent = Signal(float)

        def __init__(self) -> None:
            super().__init__()
            self.waits: list[float] = []
            self.sent.connect(self._on_sent, Qt.ConnectionType.QueuedConnection)

        def _on_sent(self, at: float) -> None:
            self.waits.append(time.perf_counter() - at)

    app = QApplication.instance()
    assert app is not None
    window = studio.window
    window.resize(*size)
    project = project_of(case)
    studio.document.apply(Edit("Begin", lambda _: project))
    window.show()
    if all_docks:
        show_side_by_side(window)

    def spin(duration: float) -> None:
        end = time.perf_counter() + duration
        while time.perf_counter() < end:
            app.processEvents()
            time.sleep(0.0002)

    spin(0.5)
    studio.actions["training.start"].trigger()
    spin(1.0)
    post, stop = Post(), threading.Event()

    def send() -> None:
        while not stop.is_set():
            time.sleep(random.uniform(0.005, 0.03))
            post.sent.emit(time.perf_counter())

    window.clock.costs.clear()
    threading.Thread(target=send, daemon=True).start()
    training = studio.session._worker.training if studio.session._worker else None
    assert training is not None
    step, began = training.step, time.perf_counter()
    loop = QEventLoop()
    QTimer.singleShot(int(seconds * 1000), loop.quit)
    loop.exec()
    steps, spent = training.step - step, time.perf_counter() - began
    stop.set()
    costs = np.array(window.clock.costs)
    asked = time.perf_counter()
    studio.actions["training.stop"].trigger()
    while studio.session.status == "running":
        time.sleep(0.0002)
    stopped = time.perf_counter() - asked
    spin(0.3)
    window.close()
    return {
        "window width": window.width(),
        "window height": window.height(),
        "call p99 ms": float(np.percentile(post.waits, 99)) * 1000,
        "frame p50 ms": float(np.percentile(costs, 50)) * 1000,
        "frame p99 ms": float(np.percentile(costs, 99)) * 1000,
        "frames/s": len(costs) / spent,
        "steps/s": steps / spent,
        "stop ms": stopped * 1000,
    }


def show_side_by_side(window: Any) -> None:
    """Open every dock and put it where it is seen; those below stand in rows of a few."""
    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QDockWidget

    docks = window.findChildren(QDockWidget)
    for dock in docks:
        dock.show()
    below = [dock for dock in docks if window.dockWidgetArea(dock) == Qt.DockWidgetArea.BottomDockWidgetArea]
    first = below[:COLUMNS]
    for before, dock in itertools.pairwise(first):
        window.splitDockWidget(before, dock, Qt.Orientation.Horizontal)
    for place, dock in enumerate(below[COLUMNS:]):
        window.splitDockWidget(below[place], dock, Qt.Orientation.Vertical)


def measure_bare(case: str, seconds: float) -> dict[str, float]:
    """Train the same without a window."""
    from nnstudio.project import start_training

    training = start_training(project_of(case)).training()
    training.advance(100)
    step, began = training.step, time.perf_counter()
    while time.perf_counter() - began < seconds:
        training.advance(20)
    return {"steps/s": (training.step - step) / (time.perf_counter() - began)}


def main() -> None:
    """Run the rounds and print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=6)
    parser.add_argument("--size", default="1440x900")
    parser.add_argument("--case", choices=CASES, default="spirals")
    parser.add_argument("--docks", choices=("first", "all"), default="first")
    parser.add_argument("--side", choices=("window", "bare"))
    words = parser.parse_args()
    width, height = (int(part) for part in words.size.split("x"))
    if words.side is not None:
        if words.side == "window":
            every = words.docks == "all"
            found = measure_window(words.case, words.seconds, (width, height), all_docks=every)
        else:
            found = measure_bare(words.case, words.seconds)
        print(json.dumps(found))
        return
    rounds: dict[str, list[dict[str, Any]]] = {"window": [], "bare": []}
    for _ in range(words.rounds):
        for side, found_rounds in rounds.items():
            command = [sys.executable, "-m", "tests.benchmarks.window", "--side", side, "--size", words.size]
            command += ["--seconds", str(words.seconds), "--case", words.case, "--docks", words.docks]
            # What the window remembers of its layout is not that of the person who measures.
            with tempfile.TemporaryDirectory() as folder:
                kept = {**os.environ, "XDG_CONFIG_HOME": folder}
                ran = subprocess.run(command, capture_output=True, text=True, check=True, env=kept)
            found_rounds.append(json.loads(ran.stdout.splitlines()[-1]))
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}, {words.size}")
    for side, found_rounds in rounds.items():
        for name in found_rounds[0]:
            values = [one[name] for one in found_rounds]
            print(f"{side:7} {name:14} {statistics.median(values):10.1f}   ({min(values):.1f} to {max(values):.1f})")
    ratio = statistics.median(
        a["steps/s"] / b["steps/s"] for a, b in zip(rounds["window"], rounds["bare"], strict=True)
    )
    print(f"steps/s with the window, of those without: {ratio:.0%}")


if __name__ == "__main__":
    main()
