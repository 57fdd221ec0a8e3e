"""What is known of a pin is what plain loops over rows and states find."""

import numpy as np
import pytest

from nnstudio.data import Table
from nnstudio.engine import Array, Network, Program, Rung, TrainingPlan
from nnstudio.engine.holds import Holds
from nnstudio.engine.training import Training
from nnstudio.gui.moments.living import LivingFrame, LivingView
from nnstudio.gui.moments.pin import MOST_POINTS, MOST_ROWS, Pin, Probe, Trace, largest, look, sampled
from tests.gui.trained import frame_of, trained


def _frame(name: str, epochs: int) -> tuple[LivingFrame, Table]:
    document, _ = trained(name, epochs)
    assert document.project.table is not None
    return frame_of(document), document.project.table


def test_what_a_neuron_says_for_rows_is_what_a_loop_over_them_finds() -> None:
    frame, table = _frame("xor", 3)
    around, network = frame.surroundings, frame.network
    hidden = network.order[1]
    kernel, bias = frame.weights[f"{hidden}/kernel"], frame.weights[f"{hidden}/bias"]
    activation = network.node(hidden).layer.model_dump()["activation"]
    assert activation["type"] == "tanh"
    neuron, weight = Pin(hidden, (2,)), Pin(hidden, (1, 2), "kernel")
    found = Probe(network, around, table, "float32").look(frame, [neuron, weight])
    for row, said, added in zip(around.inputs, found.values[neuron], found.values[weight], strict=True):
        z = float(bias[2])
        for value, factor in zip(row.tolist(), kernel[:, 2].tolist(), strict=True):
            z += value * factor
        assert said == pytest.approx(np.tanh(z), abs=1e-5)
        assert added == pytest.approx(float(row[1]) * float(kernel[1, 2]), abs=1e-5)


def test_what_a_map_says_is_the_mean_over_its_places() -> None:
    network = Network.model_validate(
        {
            "nodes": [
                {"id": "input", "layer": {"type": "input", "shape": [6, 6, 1]}},
                {"id": "conv", "layer": {"type": "conv2d", "filters": 3}},
                {"id": "flat", "layer": "flatten"},
                {"id": "dense", "layer": {"type": "dense", "units": 2}},
                {"id": "output", "layer": {"type": "output", "cost": "mean_squared_error"}},
            ],
            "edges": [["input", "conv"], ["conv", "flat"], ["flat", "dense"], ["dense", "output"]],
        }
    )
    program = Program(network)
    inputs = np.random.default_rng(1).normal(size=(300, 36))
    pin = Pin("conv", (1,))
    found = look(program, [pin], inputs)[pin]
    said = program.activations(inputs.reshape(-1, 6, 6, 1), ["conv"])["conv"]
    for row in (0, 255, 256, 299):
        places = [float(value) for line in said[row] for value in line[:, 1]]
        assert found[row] == pytest.approx(sum(places) / len(places), abs=1e-6)


def test_a_weight_between_layers_that_are_not_flat_adds_nothing_that_could_be_shown() -> None:
    network = Network.model_validate(
        {
            "nodes": [
                {"id": "input", "layer": {"type": "input", "shape": [5, 2]}},
                {"id": "rnn", "layer": {"type": "simple_rnn", "units": 3}},
                {"id": "output", "layer": {"type": "output", "cost": "mean_squared_error"}},
            ],
            "edges": [["input", "rnn"], ["rnn", "output"]],
        }
    )
    neuron, weight = Pin("rnn", (0,)), Pin("rnn", (1, 0), "kernel")
    assert neuron.fits(network)
    assert weight.fits(network)
    assert set(look(Program(network), [neuron, weight], np.zeros((4, 10)))) == {neuron}


def test_the_past_of_pins_comes_from_the_states_that_were_kept() -> None:
    frame, table = _frame("xor", 1)
    view = LivingView(frame.network, frame.surroundings)
    around, network = frame.surroundings, frame.network
    hidden = network.order[1]
    plan = TrainingPlan(network=network, inputs=around.inputs, targets=around.targets, epochs=30, batch_size=16, seed=3)
    training, rungs = Training(plan), []
    for _ in range(5):
        rungs.append(Rung(training.state(), 0, plan))
        training.advance(3)
    neuron, weight = Pin(hidden, (0,)), Pin(hidden, (0, 1), "kernel")
    found = Probe(network, around, table, "float32").look(frame, [neuron], rungs, [neuron, weight])
    assert sorted(step for step, _ in found.past[neuron]) == [0, 3, 6, 9, 12]
    known = dict(found.past[neuron])
    for rung, (step, value) in zip(rungs, found.past[weight], strict=True):
        then = view.frame(rung.state.weights)
        assert step == rung.step
        assert value == then.weights[weight.name][0, 1]
        said: Array = view.program.activations(around.inputs, [hidden])[hidden]
        total = 0.0
        for row in said:
            total += float(row[0])
        assert known[step] == pytest.approx(total / len(said), abs=1e-5)


def test_what_a_neuron_said_before_it_was_silenced_stays_its_past() -> None:
    frame, table = _frame("iris", 1)
    around, network = frame.surroundings, frame.network
    hidden = network.node(network.order[1])
    quiet = hidden.model_copy(update={"layer": hidden.layer.replace(holds=Holds(silent=(3,)))})
    silenced = Network(nodes=tuple(quiet if node is hidden else node for node in network.nodes), edges=network.edges)
    then = TrainingPlan(network=network, inputs=around.inputs, targets=around.targets, epochs=1)
    now = LivingView(silenced, around).frame(np.concatenate([values.ravel() for values in frame.weights.values()]))
    rung, neuron = Rung(Training(then).state(), 0, then), Pin(hidden.id, (3,))
    probe = Probe(silenced, around, table, "float32")
    for _ in range(2):  # the second look comes after one at the past
        found = probe.look(now, [neuron], [rung], [neuron])
        assert not found.values[neuron].any()
        program = Program(network)
        program.load(rung.state.weights)
        said = program.activations(around.inputs, [hidden.id])[hidden.id][:, 3]
        ((step, mean),) = found.past[neuron]
        assert step == 0
        assert mean == pytest.approx(float(said.mean()), abs=1e-6)
        assert abs(float(said.mean())) > 1e-4


def test_a_state_of_another_network_is_no_past() -> None:
    frame, table = _frame("xor", 1)
    around, network = frame.surroundings, frame.network
    hidden = network.node(network.order[1])
    wider = hidden.layer.model_copy(update={"units": 5})
    nodes = tuple(node.model_copy(update={"layer": wider}) if node is hidden else node for node in network.nodes)
    other = TrainingPlan(
        network=Network(nodes=nodes, edges=network.edges), inputs=around.inputs, targets=around.targets, epochs=1
    )
    pins = [Pin(hidden.id, (0,)), Pin(hidden.id, (0, 1), "kernel")]
    found = Probe(network, around, table, "float32").look(frame, pins, [Rung(Training(other).state(), 0, other)], pins)
    assert found.past == {pin: [] for pin in pins}


def test_a_history_stays_small_and_keeps_its_ends() -> None:
    trace = Trace()
    for step in range(5 * MOST_POINTS):
        trace.put(step, step / 2)
    assert len(trace.steps) <= MOST_POINTS
    assert trace.steps == sorted(set(trace.steps))
    assert (trace.steps[0], trace.steps[-1]) == (0, 5 * MOST_POINTS - 1)
    assert trace.values == [step / 2 for step in trace.steps]


def test_a_history_takes_what_comes_late_in_its_place_and_forgets_what_was_undone() -> None:
    trace = Trace()
    for step, value in ((10, 1.0), (30, 3.0), (20, 2.0), (30, 4.0)):
        trace.put(step, value)
    assert (trace.steps, trace.values) == ([10, 20, 30], [1.0, 2.0, 4.0])
    trace.cut(20)
    assert (trace.steps, trace.values) == ([10, 20], [1.0, 2.0])


def test_a_sample_of_rows_is_spread_over_all_of_them() -> None:
    assert sampled(7).tolist() == [0, 1, 2, 3, 4, 5, 6]
    places = sampled(50_000)
    assert len(set(places.tolist())) == MOST_ROWS
    assert (places[0], places[-1]) == (0, 49_999)
    assert len(sampled(0)) == 0


def test_the_largest_numbers_come_first_and_no_number_never() -> None:
    assert largest(np.array([1.0, np.nan, 3.0, 3.0, np.inf, 2.0]), 3).tolist() == [2, 3, 5]


def test_a_pin_goes_with_its_neuron_but_waits_where_a_wire_is_missing() -> None:
    frame, _ = _frame("xor", 1)
    network = frame.network
    hidden = network.order[1]
    units = frame.weights[f"{hidden}/bias"].shape[0]
    assert Pin(hidden, (units - 1,)).fits(network)
    assert Pin(hidden, (units,)).is_gone(network)
    assert Pin("nobody", (0,)).is_gone(network)
    assert Pin(hidden, (2, 0), "kernel").is_gone(network)
    assert Pin(network.output_ids[0], (0,)).is_gone(network)
    loose = Network(nodes=network.nodes, edges=network.edges[1:])
    assert not Pin(hidden, (0,)).fits(loose)
    assert not Pin(hidden, (0,)).is_gone(loose)
