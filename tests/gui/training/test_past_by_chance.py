"""Whatever is trained, changed by hand and taken back in whatever order: each earlier step has the bytes it had."""

import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nnstudio.engine import Rung, State
from nnstudio.engine.lanes import has_units, unit_count
from nnstudio.engine.optimizers.adam import Adam
from nnstudio.engine.optimizers.sgd import Sgd
from nnstudio.engine.surgery import refusal
from nnstudio.errors import StudioError
from nnstudio.gui.training.bridge import Bridge
from nnstudio.gui.training.training_control import TrainingControl
from nnstudio.project import Edit, Run, edits, open_past, open_project, save_project
from nnstudio.project.edits.hold_edits import freeze_layer, silence_unit, zero_weight
from nnstudio.project.edits.runs import fork_run, next_id
from nnstudio.project.edits.surgery_edits import insert_layer, remove, split, widen
from nnstudio.project.edits.weight_edits import set_weight
from nnstudio.session import Limit, Session, replay
from tests.gui.trained import loaded

MOVES = 100

States = dict[int, State]
"""The last state that a run had at each step at which it stood still."""


class Walk:
    """Somebody without a plan, who remembers where each run has been.

    Parameters
    ----------
    seed : int
    name : str
        Of a sample.
    budget : int, optional
        Bytes for going back.
    """

    def __init__(self, seed: int, name: str, budget: int | None = None) -> None:
        self._chance = random.Random(seed)
        bridge = Bridge()
        self.document = loaded(name)
        self.document.reset(self.document.project)
        self._session = Session(bridge.send)
        self.control = TrainingControl(self.document, self._session, bridge)
        if budget is not None:
            self.control.timelines.budget = budget
        self._known: dict[int, tuple[Run, States]] = {}
        self._moves: list[Callable[[], None]] = [
            *6 * [self._train],
            *(self._widen, self._split, self._remove, self._insert, self._set, self._zero, self._hold),
            *(self._steer, self._take_back, self._take_back, self._do_again, self._fork, self._choose, self._rename),
            *(self.control.release, self._look),
        ]

    @property
    def run(self) -> Run | None:
        """The run that is shown."""
        return self.document.project.run

    def states(self, run: Run) -> States:
        """Return where a run has been."""
        return self._known[id(run)][1] if id(run) in self._known else {}

    def move(self) -> None:
        """Do something."""
        before = self.run
        self._chance.choice(self._moves)()
        self.control.hold()
        if self.run is not None and id(self.run) not in self._known:
            self._remember(self.run, before)

    def exact(self, run: Run, step: int) -> Rung | None:
        """Return the moment at a step of a run, trained again; None where so early nothing is kept."""
        ladder = self.control.timelines.of(run.id, run.state)
        rung = ladder.below(step) if ladder is not None else None
        if ladder is None or rung is None:
            return None
        found = replay(rung, run.journal, step)
        assert found is not None, f"step {step} cannot be had from {rung.place}"
        self.control.timelines.put(ladder, [found])
        return found

    def check(self, steps: int | None = None) -> int:
        """Look at all or some of the earlier steps of the run that is shown; return how many were found."""
        run = self.run
        if run is None:
            return 0
        earlier = [(step, state) for step, state in self.states(run).items() if step < run.state.step]
        found = 0
        for step, state in earlier if steps is None else self._chance.sample(earlier, min(steps, len(earlier))):
            moment = self.exact(run, step)
            if moment is not None:
                found += 1
                _check(moment.state, state, run)
        return found

    def _remember(self, run: Run, before: Run | None) -> None:
        states = self.states(before) if before is not None and before.id == run.id else {}
        states = {step: state for step, state in states.items() if step < run.state.step}
        self._known[id(run)] = run, {**states, run.state.step: run.state}

    def _do(self, edit: Edit) -> None:
        try:
            self.control.operate(lambda _: edit)
        except StudioError:
            return  # nothing is trained yet, or the layer cannot be operated on

    def _layer(self) -> str:
        network = self.document.project.network
        layers = [node.id for node in network.nodes if has_units(node.layer) and not refusal(network, node.id)]
        return self._chance.choice(layers)

    def _weight(self) -> tuple[str, tuple[int, ...]]:
        shapes = self.document.project.network.weight_shapes()
        name = self._chance.choice(sorted(shapes))
        return name, tuple(self._chance.randrange(size) for size in shapes[name])

    def _train(self) -> None:
        self.control.train(Limit(steps=self._chance.randint(1, 6)))
        while self.control.running:
            time.sleep(0.0005)

    def _widen(self) -> None:
        self._do(widen(self._layer(), self._chance.randint(1, 3)))

    def _split(self) -> None:
        layer = self._layer()
        self._do(split(layer, self._chance.randrange(unit_count(self.document.project.network, layer))))

    def _remove(self) -> None:
        layer = self._layer()
        units = unit_count(self.document.project.network, layer)
        if units > 2:
            self._do(remove(layer, (self._chance.randrange(units),)))

    def _insert(self) -> None:
        network = self.document.project.network
        if len(network.nodes) < 8:
            self._do(insert_layer(*self._chance.choice(network.edges)))

    def _set(self) -> None:
        self._do(set_weight(*self._weight(), self._chance.choice((0.0, 1.0, -0.5))))

    def _zero(self) -> None:
        self._do(zero_weight(*self._weight()))

    def _hold(self) -> None:
        layer, is_held = self._layer(), self._chance.random() < 0.6
        self._do(self._chance.choice((silence_unit(layer, 0, silent=is_held), freeze_layer(layer, frozen=is_held))))

    def _steer(self) -> None:
        changes = ({"batch_size": 8}, {"batch_size": None}, {"optimizer": Sgd()}, {"optimizer": Adam()})
        settings = self.document.project.settings.model_copy(update=self._chance.choice(changes))
        self.control.perform(edits.set_settings(settings))

    def _take_back(self) -> None:
        for _ in range(self._chance.randint(1, 3)):
            self.control.undo()

    def _do_again(self) -> None:
        for _ in range(self._chance.randint(1, 3)):
            self.control.redo()

    def _fork(self) -> None:
        run = self.run
        if run is None or not run.state.step:
            return
        step = self._chance.randrange(run.state.step)
        rung, ladder = self.exact(run, step), self.control.timelines.of(run.id, run.state)
        if rung is not None:
            self.control.release()
            child = next_id(self.document.project)
            self.control.timelines.fork(child, ladder, rung)
            self.document.apply(fork_run(run, child, rung))
            made = self.run
            assert made is not None
            states = {at: known for at, known in self.states(run).items() if at < step}
            self._known[id(made)] = made, {**states, step: made.state}

    def _choose(self) -> None:
        if self.document.project.runs:
            self.control.release()
            self.document.apply(edits.choose_run(self._chance.choice(self.document.project.runs).id))

    def _rename(self) -> None:
        node = self._chance.choice(self.document.project.network.nodes)
        self.control.perform(edits.rename(node.id, f"name {self._chance.randint(0, 9)}"))

    def _look(self) -> None:
        self.check(2)


def _check(found: State, wanted: State, run: Run) -> None:
    words = f"step {wanted.step} of {run.id}, changed at {[(change.step, change.name) for change in run.journal]}"
    assert found.weights.tobytes() == wanted.weights.tobytes(), words
    assert found.memory.tobytes() == wanted.memory.tobytes(), words
    assert found.answer.tobytes() == wanted.answer.tobytes(), words


@pytest.fixture
def walks() -> Iterator[list[Walk]]:
    made: list[Walk] = []
    yield made
    for walk in made:
        walk.control.release()


@pytest.mark.usefixtures("qtbot")
@pytest.mark.parametrize("budget", [None, 300_000])
@pytest.mark.parametrize(("name", "seed"), [("spirals", 0), ("spirals", 1), ("iris", 2), ("iris", 3), ("wine", 4)])
def test_each_step_at_which_a_run_has_stood_has_the_bytes_it_had(
    walks: list[Walk], tmp_path: Path, name: str, seed: int, budget: int | None
) -> None:
    walk = Walk(seed, name, budget)
    walks.append(walk)
    for _ in range(MOVES):
        walk.move()
    looked_at = walk.check()
    if budget is None and walk.run is not None:
        assert looked_at == sum(step < walk.run.state.step for step in walk.states(walk.run))
    path = tmp_path / "walked.nns"
    save_project(walk.document.project, path, walk.control.pasts()())
    opened = open_project(path)
    assert opened == walk.document.project
    for id, past in open_past(path, opened).items():
        run = next(run for run in walk.document.project.runs if run.id == id)
        for step, state in walk.states(run).items():
            below = [rung for rung in past.rungs if rung.step <= step]
            if below and step < run.state.step:
                found = replay(below[-1], run.journal, step)
                assert found is not None
                _check(found.state, state, run)
