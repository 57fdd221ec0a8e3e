"""How quick the canvas is with a thousand nodes and two thousand wires.

    python -m tests.benchmarks.canvas [--rounds 3] [--nodes 1000] [--wires 2000] [--size 1920x1080]

Each gesture is made of real events; a frame is the time from an event until what it changed is painted. Prints for
each gesture the median and the 99th percentile over all frames of all rounds, each round in a process of its own. Run
it on a real display, or on a virtual X server.
"""

from __future__ import annotations

import argparse
import json
import platform
import random
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

FRAMES = 120


def large_project(nodes: int, wires: int) -> Any:
    """Return a project with so many layers in columns, and wires between near ones."""
    from nnstudio.engine import Network, Node
    from nnstudio.engine.layers.activation import ActivationLayer
    from nnstudio.engine.layers.add import Add
    from nnstudio.engine.layers.input import Input
    from nnstudio.project import Project

    generator = random.Random(0)
    rows = 25
    layers = [Node(id="input", layer=Input(shape=(8,)))]
    for index in range(1, nodes):
        joins = index % 2
        layers.append(Node(id=f"n_{index}", layer=Add() if joins else ActivationLayer()))
    edges: set[tuple[str, str]] = set()
    while len(edges) < wires:
        target = generator.randrange(1, nodes)
        source = max(0, target - generator.randrange(1, 3 * rows))
        edges.add((layers[source].id, layers[target].id))
    positions = {node.id: (index // rows * 200.0, index % rows * 140.0) for index, node in enumerate(layers)}
    return Project(network=Network(nodes=tuple(layers), edges=tuple(sorted(edges))), positions=positions)


def measure_canvas(nodes: int, wires: int, size: tuple[int, int]) -> dict[str, list[float]]:
    """Make every gesture and return the milliseconds of each frame."""
    from nnstudio.app import create_studio  # sets what must be set before Qt is imported

    studio = create_studio(theme="light")

    from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
    from PySide6.QtGui import QMouseEvent, QWheelEvent
    from PySide6.QtWidgets import QApplication

    from nnstudio.gui.canvas.canvas import Canvas
    from nnstudio.project import Document, edits
    from nnstudio.project.diff import Part

    document = Document(large_project(nodes, wires))
    canvas = Canvas(document, document.apply)
    canvas.resize(*size)
    canvas.show()
    app = QApplication.instance()
    assert app is not None

    def settle(seconds: float = 0.3) -> None:
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            app.processEvents()
            time.sleep(0.001)

    def mouse(kind: QEvent.Type, place: QPointF, button: Qt.MouseButton) -> None:
        pressed = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else button
        event = QMouseEvent(kind, place, canvas.mapToGlobal(place), button, pressed, Qt.KeyboardModifier.NoModifier)
        app.sendEvent(canvas, event)

    def frames(act: Callable[[int], None]) -> list[float]:
        found = []
        for index in range(FRAMES):
            began = time.perf_counter()
            act(index)
            app.processEvents()
            found.append((time.perf_counter() - began) * 1e3)
        return found

    found: dict[str, list[float]] = {}
    canvas.fit()
    settle()

    grabbed = list(canvas.scene.geometry.cards)[nodes // 2]
    start = QPointF(canvas.places.grip(grabbed))
    mouse(QEvent.Type.MouseButtonPress, start, Qt.MouseButton.LeftButton)
    path = [start + QPointF(200 * np.sin(i / 20), 150 * np.cos(i / 13)) for i in range(FRAMES)]
    found["drag"] = frames(lambda i: mouse(QEvent.Type.MouseMove, path[i], Qt.MouseButton.LeftButton))
    mouse(QEvent.Type.MouseButtonRelease, path[-1], Qt.MouseButton.LeftButton)
    settle()

    for name, scale in (("pan", 1.0), ("pan at 100 %", 1 / canvas.view.scale)):
        canvas.zoom(scale)
        settle()
        middle = QPointF(size[0] / 2, size[1] / 2)
        mouse(QEvent.Type.MouseButtonPress, middle, Qt.MouseButton.MiddleButton)
        path[:] = [middle + QPointF(300 * np.sin(i / 25), 200 * np.sin(i / 17)) for i in range(FRAMES)]
        found[name] = frames(lambda i: mouse(QEvent.Type.MouseMove, path[i], Qt.MouseButton.MiddleButton))
        mouse(QEvent.Type.MouseButtonRelease, path[-1], Qt.MouseButton.MiddleButton)
        settle()
    canvas.fit()
    settle()

    def wheel(step: int) -> None:
        at = QPointF(size[0] / 2, size[1] / 2)
        turn = QPoint(0, 40 if step % 60 < 40 else -80)
        none = Qt.MouseButton.NoButton
        event = QWheelEvent(
            at,
            canvas.mapToGlobal(at),
            QPoint(),
            turn,
            none,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        app.sendEvent(canvas, event)

    found["zoom"] = frames(wheel)
    canvas.fit()
    sharpened = []
    for _ in range(8):
        canvas.zoom(1.1)
        app.processEvents()
        time.sleep(0.12)
        began = time.perf_counter()
        for _ in range(3):  # the timer, then what it asks to be painted
            app.processEvents()
        sharpened.append((time.perf_counter() - began) * 1e3)
    found["sharpened"] = sharpened
    canvas.fit()
    settle()

    edges = document.project.network.edges
    generator = random.Random(1)

    def recolour(_: int) -> None:
        chosen = generator.sample(edges, 200)
        canvas.show_difference([Part("", "", "added", edge=edge) for edge in chosen], None)

    found["200 wires recoloured"] = frames(recolour)
    canvas.show_difference([], None)

    moved = list(canvas.scene.geometry.cards)[5]
    places = [(float(i), 100.0) for i in range(FRAMES)]
    found["a layer moved"] = frames(lambda i: document.apply(edits.move_nodes({moved: places[i]})))
    canvas.close()
    studio.window.close()
    return found


def main() -> None:
    """Run the rounds and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--nodes", type=int, default=1000)
    parser.add_argument("--wires", type=int, default=2000)
    parser.add_argument("--size", default="1920x1080")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    width, height = (int(part) for part in asked.size.split("x"))
    if asked.one:
        print(json.dumps(measure_canvas(asked.nodes, asked.wires, (width, height))))
        return
    command = [sys.executable, "-m", "tests.benchmarks.canvas", "--one", "--size", asked.size]
    command += ["--nodes", str(asked.nodes), "--wires", str(asked.wires)]
    together: dict[str, list[float]] = {}
    for _ in range(asked.rounds):
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[-1]
        for name, values in json.loads(told).items():
            together.setdefault(name, []).extend(values)
    print(f"{asked.nodes} nodes, {asked.wires} wires, {asked.size}, {platform.platform()}")
    for name, values in together.items():
        median, late = np.percentile(values, [50, 99])
        print(f"{name:24s} median {median:6.1f} ms   p99 {late:6.1f} ms   of {len(values)} frames")


if __name__ == "__main__":
    main()
