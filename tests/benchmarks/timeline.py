"""How soon an earlier moment is seen when the timeline is dragged.

    python -m tests.benchmarks.timeline [--case digits] [--docks all] [--drags 60] [--widened]

Trains for a while, then moves the slider to random steps as a hand does, and prints the median and the 99th percentile
of the time until the nearest kept state is painted on the canvas, the plots that are seen, and the predictions. With
`--widened` a layer gets more units half way, so that half of the moments have another network. What takes longer than a
frame is computed beside the window and follows: its median and 99th percentile are printed too. Run it on a real
display, or on a virtual X server.
"""

from __future__ import annotations

import argparse
import os
import random
import tempfile
import time

import numpy as np

from tests.benchmarks.window import CASES, project_of, show_side_by_side

STEPS = 600


def main() -> None:
    """Train, drag, and print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--case", choices=CASES, default="spirals")
    parser.add_argument("--docks", choices=("first", "all"), default="first")
    parser.add_argument("--drags", type=int, default=60)
    parser.add_argument("--widened", action="store_true")
    words = parser.parse_args()
    # What the window remembers of its layout is not that of the person who measures.
    folder = tempfile.TemporaryDirectory()
    os.environ["XDG_CONFIG_HOME"] = folder.name

    from nnstudio.app import create_studio  # sets what must be set before Qt is imported

    studio = create_studio(theme="light")

    from PySide6.QtWidgets import QApplication

    from nnstudio.engine.lanes import has_units
    from nnstudio.gui.plots.plot import Plot
    from nnstudio.project import Edit
    from nnstudio.project.edits.surgery_edits import widen
    from nnstudio.session import Limit

    window = studio.window
    window.resize(1440, 900)
    project = project_of(words.case)
    studio.document.apply(Edit("Begin", lambda _: project))
    window.show()
    if words.docks == "all":
        show_side_by_side(window)

    def train_to(step: int) -> None:
        run = studio.document.project.run
        window.control.train(Limit(steps=step - (run.state.step if run is not None else 0)))
        while (run := studio.document.project.run) is None or run.state.step < step:
            QApplication.processEvents()
            time.sleep(0.001)

    train_to(STEPS // 2)
    if words.widened:
        nodes = studio.document.project.network.nodes
        hidden = next(node.id for node in nodes if has_units(node.layer))
        window.control.operate(lambda _: widen(hidden, 2))
    train_to(STEPS)
    plots = [plot for plot in window.findChildren(Plot) if plot.is_seen]
    seen, whole = [], []
    for step in random.Random(1).sample(range(STEPS), words.drags):
        while any(plot.is_computing for plot in plots):
            QApplication.processEvents()
        began = time.perf_counter()
        window.time.timeline.slider.setValue(step)
        QApplication.processEvents()
        seen.append(time.perf_counter() - began)
        while any(plot.is_computing for plot in plots):
            QApplication.processEvents()
        whole.append(time.perf_counter() - began)
    for name, times in (("painted", seen), ("computed", whole)):
        print(f"{words.case}, {words.docks} docks, {name:8}: ", end="")
        print(f"p50 {np.percentile(times, 50) * 1000:6.1f} ms, p99 {np.percentile(times, 99) * 1000:6.1f} ms")
    window.close()
    folder.cleanup()


if __name__ == "__main__":
    main()
