"""Whatever a person does in whatever order, nothing faults, and the window shows what the document holds."""

import random
from collections.abc import Callable

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from nnstudio.app import Studio
from nnstudio.engine.optimizers.sgd import Sgd
from nnstudio.gui.moments.pin import Pin
from nnstudio.paths import samples
from nnstudio.project import Edit, edits
from nnstudio.project.edits.hold_edits import freeze_layer, let_go, silence_unit
from nnstudio.project.edits.surgery_edits import remove
from tests.gui.conftest import Open

MOVES = 70
PATIENCE = 20_000


class Person:
    """Somebody who trains, steers, operates, looks back, takes back and looks here and there, without a plan."""

    def __init__(self, studio: Studio, seed: int) -> None:
        self._chance = random.Random(seed)
        self._studio, self._window = studio, studio.window
        self._moves: list[Callable[[], None]] = [
            *(self._press(f"training.{name}") for name in ("start", "pause", "step", "epoch", "stop", "reset")),
            *4 * [self._press("training.start")],
            *(self._press(f"edit.{name}") for name in ("undo", "undo", "redo")),
            *(self._press(f"view.{lens}") for lens in ("activations", "weights", "gradients", "changes")),
            *(self._steer, self._slide, self._slide, self._fork, self._run, self._design, self._pin, self._dock),
            *(self._widen, self._split, self._remove, self._insert, self._hold, self._set, self._row, self._cure),
        ]

    def move(self) -> int:
        """Do something, and return how many milliseconds pass until the next."""
        self._chance.choice(self._moves)()
        return self._chance.choice((0, 0, 5, 20, 60))

    def _press(self, action: str) -> Callable[[], None]:
        return self._studio.actions[action].trigger

    def _hidden(self) -> str:
        network = self._studio.document.project.network
        layers = (node.id for node in network.nodes if node.layer.key == "dense" and not network.gives_answer(node.id))
        return self._chance.choice(list(layers))

    def _steer(self) -> None:
        settings = self._studio.document.project.settings
        changes = ({"batch_size": 8}, {"batch_size": None}, {"optimizer": Sgd(learning_rate=0.03)}, {"epochs": 40})
        self._window.perform(edits.set_settings(settings.model_copy(update=self._chance.choice(changes))))

    def _slide(self) -> None:
        slider = self._window.time.timeline.slider
        slider.setValue(self._chance.randint(slider.minimum(), slider.maximum()))

    def _fork(self) -> None:
        self._window.time.fork()

    def _run(self) -> None:
        runs = self._studio.document.project.runs
        if runs:
            self._window.time.runs.run_wanted.emit(self._chance.choice(runs).id)

    def _design(self) -> None:
        self._window.perform(edits.set_units(self._hidden(), self._chance.randint(2, 9)))

    def _pin(self) -> None:
        pins = Pin(self._hidden(), (0,)), Pin(self._hidden(), (0, 1), "kernel")
        self._window.pins.toggle(self._chance.choice(pins))

    def _dock(self) -> None:
        self._window.docks.show(self._chance.choice([*self._window.plots.plots, "pins", "row", "runs", "loss"]))

    def _widen(self) -> None:
        self._window.surgery.add(self._hidden(), 2)

    def _split(self) -> None:
        self._window.surgery.split(self._hidden())

    def _remove(self) -> None:
        layer = self._hidden()
        self._window.surgery.operate(lambda _: remove(layer, (0,)))

    def _insert(self) -> None:
        self._window.surgery.insert(self._chance.choice(self._studio.document.project.network.edges))

    def _hold(self) -> None:
        layer = self._hidden()
        choices: tuple[Edit, ...] = (silence_unit(layer, 0), freeze_layer(layer), let_go(layer))
        self._window.holds.do(self._chance.choice(choices))

    def _set(self) -> None:
        self._window.weights.set(f"{self._hidden()}/bias", (0,), self._chance.uniform(-1, 1))

    def _row(self) -> None:
        self._window.row_panel.step_wanted.emit(self._chance.choice((-1, 1, 9)))

    def _cure(self) -> None:
        if self._window.doctor.findings:
            self._window.doctor.card.cure_wanted.emit()


def _check(qtbot: QtBot, studio: Studio) -> None:
    """Let everything come to rest, and compare what is shown with the document."""
    window = studio.window
    qtbot.waitUntil(lambda: not window.surgery.busy, timeout=PATIENCE)
    window.control.hold()
    window.time.leave()
    qtbot.waitUntil(lambda: not studio.actions["training.pause"].isEnabled(), timeout=PATIENCE)
    qtbot.waitUntil(lambda: not window.background.busy and not window.pins.is_computing, timeout=PATIENCE)
    qtbot.waitUntil(lambda: not any(plot.is_computing for plot in window.plots.plots.values()), timeout=PATIENCE)
    project, frame = studio.document.project, window.canvas.frame()
    if project.run is not None and not project.moved_on():
        assert frame is not None
        assert frame.step == project.run.state.step
        assert np.array_equal(frame.flat_weights, project.run.state.answer)
        assert project.run.network == project.network


@pytest.mark.parametrize("seed", range(3))
def test_anything_can_be_done_at_any_time_and_all_of_it_taken_back(qtbot: QtBot, open_studio: Open, seed: int) -> None:
    studio = open_studio(samples() / "spirals.nns")
    person, first = Person(studio, seed), studio.document.project
    for _ in range(MOVES):
        qtbot.wait(person.move())
    _check(qtbot, studio)
    last, moments = studio.document.project, len(studio.document.past)
    for _ in range(moments):
        studio.actions["edit.undo"].trigger()
    _check(qtbot, studio)
    assert studio.document.project == first
    for _ in range(moments):
        studio.actions["edit.redo"].trigger()
    _check(qtbot, studio)
    assert studio.document.project == last
