"""Every registered layer has a living view, which follows what it says, what it learns and what is asked to be seen."""

from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from nnstudio.app import Studio
from nnstudio.engine import (
    Layer,
    Network,
    Program,
    memory_views,
    rng,
    rows_of_next_step,
    silenced_in_step,
    weight_views,
)
from nnstudio.engine.activations.shares import Softmax
from nnstudio.engine.layer import Array
from nnstudio.engine.layers.dense import Dense
from nnstudio.engine.layers.dropout import Dropout
from nnstudio.gui.canvas.canvas import Canvas
from nnstudio.gui.canvas.living_layer import living_nodes
from nnstudio.gui.canvas.portrait import Subject
from nnstudio.gui.canvas.portraits import find_portrait, portraits
from nnstudio.gui.canvas.portraits.answer import shown_classes
from nnstudio.gui.canvas.portraits.words import flattened, labels_with_room
from nnstudio.gui.look.colours import value_color
from nnstudio.gui.look.theme import LIGHT
from nnstudio.gui.moments.living import GRID, Lens, LivingFrame, LivingView, surround
from nnstudio.paths import samples
from nnstudio.project import edits, open_project
from tests.contracts.test_layers import LAYERS, case_of, rows_for, with_layer
from tests.gui.conftest import Open
from tests.gui.trained import frame_of as frame_of_run
from tests.gui.trained import loaded, trained


def network_around(kind: type[Layer]) -> Network:
    special: dict[str, dict[str, Any]] = {"reshape": {"shape": [10, 4]}, "embedding": {"words": 5}}
    parameters = special.get(kind.key, {})
    layer = kind(**parameters)
    return with_layer(case_of(layer), layer.model_dump(mode="json"), layer.fewest_inputs)


def frame_of(network: Network, seed: int) -> LivingFrame:
    """Return a frame of another row for each seed, with first weights drawn from it."""
    program = Program(network, seed=seed)
    layer = network.node("layer").layer.model_dump(mode="json")
    shape = network.shapes()["input"]
    assert shape is not None
    outputs, traces = program.look(rows_for(shape, layer)[seed : seed + 1])
    pipeline = open_project(samples() / "iris.nns")
    assert pipeline.table is not None
    assert pipeline.pipeline is not None
    assert pipeline.rows is not None
    return LivingFrame(
        network=network,
        surroundings=surround(pipeline.pipeline, pipeline.table, pipeline.rows),
        step=seed,
        epoch=0,
        weights=weight_views(network, program.flat),
        outputs={id: values[0] for id, values in outputs.items()},
        traces={id: values[0] for id, values in traces.items()},
        memory=memory_views(network, program.memory),
    )


def picture_of(network: Network, id: str, frame: LivingFrame | None) -> QImage:
    layer = network.node(id).layer
    subject = Subject(id, network.shapes()[id], layer.key)
    portrait = find_portrait(layer.look, subject.shape)
    size = portrait.size(subject)
    image = QImage(round(size.width()), round(size.height()), QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    rect = QRectF(0, 0, size.width(), size.height())
    painter = QPainter(image)
    portrait.paint(painter, subject, rect, portrait.tiles(subject, rect), frame, LIGHT)
    painter.end()
    return image


@pytest.mark.parametrize("kind", LAYERS, ids=lambda kind: kind.key)
@pytest.mark.usefixtures("qapp")
def test_every_layer_is_drawn_alive(kind: type[Layer]) -> None:
    network = network_around(kind)
    assert find_portrait(kind.portrait, network.shapes()["layer"]).key != "plain"
    asleep = picture_of(network, "layer", None)
    first, *others = (frame_of(network, seed) for seed in range(5))
    assert picture_of(network, "layer", first) != asleep
    learns = any(name.startswith("layer/") for name in network.weight_shapes())
    # A layer that starts with ones and zeros looks the same whatever was drawn, until it has learned.
    steps = {name: 0.3 * np.arange(values.size).reshape(values.shape) for name, values in first.weights.items()}
    moved = {name: values + steps[name] for name, values in first.weights.items()}
    lenses: tuple[Lens, ...] = ("activations", "weights") if learns else ("activations",)
    assert any(
        picture_of(network, "layer", replace(first, lens=lens))
        != picture_of(network, "layer", replace(other, weights=moved, lens=lens))
        for lens in lenses
        for other in others
    )


@pytest.mark.usefixtures("qapp")
def test_every_portrait_is_the_portrait_of_some_layer() -> None:
    used = {find_portrait(kind.portrait, network_around(kind).shapes()["layer"]).key for kind in LAYERS}
    used.add(find_portrait(Dense(units=3, activation=Softmax()).look, (3,)).key)
    assert used | {"answer", "plain"} == set(portraits())


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("lens", ["weights", "gradients", "changes"])
def test_a_filter_is_shown_through_every_lens(lens: Lens) -> None:
    network = with_layer((8, 8, 1), {"type": "conv2d", "filters": 3})
    frame = frame_of(network, 0)
    ramp = {name: np.linspace(-1, 1, values.size).reshape(values.shape) for name, values in frame.weights.items()}
    seen = picture_of(network, "layer", replace(frame, gradients=ramp, changes=ramp, lens=lens))
    assert seen != picture_of(network, "layer", frame)
    assert (seen == picture_of(network, "layer", replace(frame, weights=ramp, lens="weights"))) == (lens != "weights")


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("lens", ["weights", "gradients", "changes"])
@pytest.mark.parametrize(
    "kind", [kind for kind in LAYERS if network_around(kind).weights("layer")], ids=lambda k: k.key
)
def test_every_layer_that_learns_is_shown_through_every_lens(kind: type[Layer], lens: Lens) -> None:
    network = network_around(kind)
    first, other = frame_of(network, 0), frame_of(network, 1)
    ramp = {name: np.linspace(-1, 1, values.size).reshape(values.shape) for name, values in first.weights.items()}
    wave = {name: np.cos(3.0 * np.arange(values.size)).reshape(values.shape) for name, values in ramp.items()}
    pictures = [
        picture_of(network, "layer", replace(frame, lens=lens, weights=of, gradients=of, changes=of))
        for frame, of in ((first, ramp), (other, ramp), (first, wave))
    ]
    assert pictures[0] != pictures[2]
    if kind.key != "embedding":  # whose words of the row are lit
        assert pictures[0] == pictures[1]  # what is learned, not what is said


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize(
    "kind", [kind for kind in LAYERS if network_around(kind).weights("layer")], ids=lambda k: k.key
)
def test_changes_that_are_not_known_are_not_made_up(kind: type[Layer]) -> None:
    network = network_around(kind)
    seen = [picture_of(network, "layer", replace(frame_of(network, seed), lens="changes")) for seed in range(3)]
    assert seen[0] == seen[1] == seen[2]


def test_places_of_words_are_their_two_main_components() -> None:
    stream = np.random.default_rng(0)
    table: Array = stream.normal(size=(30, 6)) @ np.diag([5, 3, 0.1, 0.1, 0.1, 0.1])
    centred = table - table.mean(axis=0)
    wanted = centred @ np.linalg.svd(centred, full_matrices=False)[2][:2].T
    found = flattened(table)
    assert np.abs(found).max() == pytest.approx(1)
    ratio = found / wanted
    assert np.allclose(np.abs(ratio), np.abs(ratio[0, 0]))
    assert flattened(table[:, :1]).shape == (30, 2)


def test_gradients_at_rest_are_those_of_the_training_rows() -> None:
    project = open_project(samples() / "iris.nns")
    assert project.table is not None
    assert project.pipeline is not None
    assert project.rows is not None
    around = surround(project.pipeline, project.table, project.rows)
    view = LivingView(project.network, around)
    program = Program(project.network, "float32", project.settings.seed)
    frame = view.with_gradients(view.frame(program.flat))
    rows = list(project.rows.train)
    inputs = project.pipeline.encode_inputs(project.table).values[rows]
    _, wanted = program.cost_and_gradients(inputs, project.pipeline.encode_targets(project.table, rows))
    for name, values in wanted.items():
        assert np.allclose(frame.gradients[name], values, atol=1e-5)


@pytest.mark.parametrize("name", ["spirals", "iris"])
def test_what_is_not_seen_is_not_computed_and_what_is_seen_is_the_same(name: str) -> None:
    project = open_project(samples() / f"{name}.nns")
    assert project.table is not None
    assert project.pipeline is not None
    assert project.rows is not None
    view = LivingView(project.network, surround(project.pipeline, project.table, project.rows))
    flat = Program(project.network, seed=3).flat
    whole = view.frame(flat)
    first = project.network.order[1]
    part = view.frame(flat, nodes={first})
    for all_said, said in ((whole.maps, part.maps), (whole.outputs, part.outputs)):
        assert set(said) <= {first, *project.network.sources(first)}
        assert all(np.array_equal(said[id], all_said[id]) for id in said)
    assert first in part.maps or first in part.outputs
    assert whole.is_answered
    assert not part.is_answered
    nothing = view.frame(flat, nodes=())
    assert not nothing.maps
    assert not nothing.outputs
    assert view.frame(flat, nodes=project.network.output_ids).is_answered


def test_nodes_out_of_sight_or_too_small_do_not_live(open_studio: Open) -> None:
    studio = open_studio(samples() / "spirals.nns")
    window = studio.window
    window.show()
    assert _living(window.canvas) == set(studio.document.project.network.order)
    studio.document.apply(edits.propose_network((4,) * 40))
    window.canvas.fit()
    assert _living(window.canvas) == frozenset()
    picture, card = window.canvas.grab().toImage(), window.canvas.scene.geometry.cards["hidden_20"].rect
    at = window.canvas.view.to_widget(QPointF(card.left(), card.center().y())).toPoint()
    near = [picture.pixelColor(at.x() + shift, at.y()).lightness() for shift in range(-2, 3)]
    assert max(near) - min(near) > 40  # its edge is seen all the same
    network = studio.document.project.network
    window.canvas.select((network.order[0],))
    window.canvas.fit_selection()
    seen = _living(window.canvas)
    assert network.order[0] in seen
    assert network.order[-1] not in seen


def test_the_switch_on_the_canvas_changes_what_is_seen(qtbot: QtBot, open_studio: Open) -> None:
    studio: Studio = open_studio(samples() / "digits.nns")
    studio.document.apply(edits.use_template("lenet"))
    window = studio.window
    window.canvas.fit()
    seen = {}
    for lens in ("activations", "weights", "gradients"):
        studio.actions[f"view.{lens}"].trigger()
        qtbot.wait(20)
        seen[lens] = window.canvas.grab().toImage()
    assert seen["activations"] != seen["weights"] != seen["gradients"]
    studio.actions["view.changes"].trigger()
    studio.actions["training.start"].trigger()
    qtbot.waitUntil(lambda: bool((frame := window.canvas.frame()) and frame.changes), timeout=20_000)
    frame = window.canvas.frame()
    assert frame is not None
    assert any(np.abs(values).max() > 0 for values in frame.changes.values())
    with qtbot.waitSignal(window.control.committed, timeout=20_000):
        studio.actions["training.pause"].trigger()
    held = window.canvas.frame()
    assert held is not None
    assert set(held.changes) == set(held.weights)
    studio.actions["training.stop"].trigger()
    qtbot.waitUntil(lambda: studio.session.status == "idle", timeout=20_000)


def test_a_softmax_layer_shows_a_bar_with_the_name_of_each_class(open_studio: Open) -> None:
    studio = open_studio(samples() / "iris.nns")
    canvas = studio.window.canvas
    card = canvas.scene.geometry.cards["answer"]
    assert card.portrait.key == "shares"
    assert card.subject.names == ("setosa", "versicolor", "virginica")
    bundles = [bundle for bundle in canvas.scene.synapses.bundles if bundle.target == "answer"]
    assert {int(unit) for bundle in bundles for unit in bundle.targets} == {0, 1, 2}
    place = canvas.view.to_widget(card.tiles[1].rect.center())
    assert canvas.hover_at(place).startswith("versicolor: says ")
    studio = open_studio(samples() / "spirals.nns")
    assert studio.window.canvas.scene.geometry.cards["answer"].portrait.key == "units"


def test_of_many_classes_the_output_shows_the_likeliest() -> None:
    shares = np.full(20, 0.01)
    shares[[3, 17, 19]] = 0.2
    assert {3, 17, 19} <= set(shown_classes(shares, 20))
    assert len(shown_classes(shares, 20)) == 10
    assert shown_classes(shares, 20) == sorted(shown_classes(shares, 20))
    assert shown_classes(shares[:4], 4) == [0, 1, 2, 3]


def test_the_units_of_two_inputs_wear_the_names_of_their_columns(open_studio: Open) -> None:
    studio = open_studio(samples() / "iris.csv")
    studio.window.perform(edits.use_template("two_inputs"))
    pipeline, canvas = studio.document.project.pipeline, studio.window.canvas
    assert pipeline is not None
    cards = [canvas.scene.geometry.cards[id] for id in ("input_a", "input_b")]
    assert all(card.subject.names for card in cards)
    assert tuple(name for card in cards for name in card.subject.names) == pipeline.features
    place = canvas.view.to_widget(cards[1].tiles[0].rect.center())
    assert canvas.hover_at(place).startswith(cards[1].subject.names[0])


def test_edges_that_leave_a_folded_block_tell_of_the_block(open_studio: Open) -> None:
    canvas = open_studio(samples() / "spirals.nns").window.canvas
    first, second = canvas.scene.geometry.network.order[1:3]
    canvas.select([first])
    canvas.scene.group()
    canvas.scene.toggle_blocks()
    block = canvas.scene.geometry.key_of(first)
    assert canvas.scene.geometry.cards[block].is_block
    told = canvas.hover_at(canvas.places.edge(block, 1, second, 0))
    assert told.startswith("Block 1 · 2 → hidden 2 · 1: ")


def test_neurons_follow_what_is_asked_to_be_seen(open_studio: Open) -> None:
    studio = open_studio(samples() / "iris.nns")
    frame = studio.window.canvas.frame()
    assert frame is not None
    kernel = frame.weights["hidden_1/kernel"]
    said = frame.strengths("hidden_1")
    assert said is not None
    assert np.array_equal(said, frame.outputs["hidden_1"])
    studio.actions["view.weights"].trigger()
    frame = studio.window.canvas.frame()
    assert frame is not None
    lengths = frame.strengths("hidden_1")
    assert lengths is not None
    for unit in range(16):
        assert lengths[unit] == pytest.approx(float(np.sqrt((kernel[:, unit] ** 2).sum())))
    assert frame.strengths("input") is None
    assert "weights into it are" in studio.window.canvas.hover_at(_tile(studio, "hidden_1", 3))


@pytest.mark.usefixtures("qapp")
def test_answers_of_minus_and_plus_one_have_the_colours_of_no_and_yes() -> None:
    network = loaded("spirals").project.network
    (output,) = network.output_ids
    (last,) = network.sources(output)
    document, _ = trained("spirals", 1, edits.set_cost(output, "hinge"), edits.set_activation(last, "tanh"))
    frame, table = frame_of_run(document), document.project.table
    assert table is not None
    pipeline = frame.surroundings.pipeline
    assert pipeline.wants == "minus_plus_one"
    words = [table.words(pipeline.target_names[0])[row] for row in frame.surroundings.rows.tolist()]
    assert [pipeline.class_names[label] for label in frame.surroundings.labels.tolist()] == words
    portrait, subject = portraits()["answer"], Subject(output, None, "output", pipeline.class_names, plane=True)
    size = portrait.size(subject)
    rect = QRectF(0, 0, size.width(), size.height())
    for answer in (-1.0, 0.0, 1.0):
        image = QImage(4 * round(size.width()), 4 * round(size.height()), QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.black)
        painter = QPainter(image)
        painter.scale(4, 4)
        maps = {**frame.maps, last: np.full((1, GRID, GRID), answer)}
        portrait.paint(painter, subject, rect, (), replace(frame, maps=maps), LIGHT)
        painter.end()
        colours = Counter(image.pixel(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3))
        del colours[QColor("black").rgb()]
        assert colours.most_common(1)[0][0] == value_color(answer, LIGHT).rgb()
        assert {QColor(LIGHT.negative).rgb(), QColor(LIGHT.positive).rgb()} <= set(colours)


def test_a_loose_layer_leaves_the_rest_of_the_network_alive(qtbot: QtBot, open_studio: Open) -> None:
    studio = open_studio(samples() / "spirals.nns")
    document, canvas = studio.document, studio.window.canvas
    with qtbot.waitSignal(studio.window.control.committed, timeout=20_000):
        studio.window.train_epochs(3)
    network = document.project.network
    hidden = network.targets(network.input_ids[0])[0]

    def inside(id: str) -> QImage:
        rect = canvas.scene.geometry.cards[id].rect.adjusted(4, 4, -4, -4)
        return canvas.grab(canvas.view.transform().mapRect(rect).toAlignedRect()).toImage()

    before = inside(hidden)
    document.apply(edits.add_node(Dense(units=4), (0.0, 900.0)))
    assert inside(hidden) == before
    document.apply(edits.set_layer(hidden, network.node(hidden).layer.replace(activation="relu")))
    assert inside(hidden) != before  # it would say something else, and nobody knows what
    document.apply(edits.set_layer(hidden, network.node(hidden).layer))
    assert inside(hidden) == before


def test_the_row_that_is_shown_is_ringed_on_every_map(open_studio: Open) -> None:
    studio = open_studio(samples() / "spirals.nns")
    frame = studio.window.canvas.frame()
    assert frame is not None
    assert frame.point is not None
    around, row = frame.surroundings, studio.window.stage.row
    expected = (around.inputs[row] - around.low) / (around.high - around.low)
    assert frame.point == pytest.approx((expected[0], 1 - expected[1]))
    before = studio.window.canvas.grab().toImage()
    table = studio.document.project.table
    assert table is not None
    line = table.file_row(int(around.rows[(row + 7) % len(around.rows)]))
    assert line is not None
    studio.window.row.choose(line)
    after = studio.window.canvas.frame()
    assert after is not None
    assert after.point != frame.point
    assert studio.window.canvas.grab().toImage() != before


def test_the_gate_crosses_out_whom_the_next_step_silences(qtbot: QtBot, open_studio: Open) -> None:
    studio = open_studio(samples() / "iris.nns")
    studio.document.apply(edits.insert_between("hidden_1", "answer", Dropout(rate=0.5)))
    id = next(node.id for node in studio.document.project.network.nodes if node.layer.key == "dropout")
    drawn = studio.window.canvas.frame()
    assert drawn is not None
    at_first = drawn.silenced(id)
    assert at_first is not None
    assert 0 < at_first.sum() < 16
    with qtbot.waitSignal(studio.window.control.committed, timeout=20_000):
        studio.window.train_epochs(3)
    run, frame = studio.document.project.run, studio.window.canvas.frame()
    assert run is not None
    assert frame is not None
    assert frame.step == run.state.step
    silent = frame.silenced(id)
    rows = rows_of_next_step(run.state, len(run.split.train))
    expected = silenced_in_step(run.network, run.state.streams, rows, np.dtype(run.settings.precision), id)
    assert silent is not None
    assert expected is not None
    assert np.array_equal(silent, expected)
    other = replace(frame, streams={id: rng.pack(rng.stream(1))})
    assert picture_of(run.network, id, frame) != picture_of(run.network, id, other)


def _living(canvas: Canvas) -> frozenset[str]:
    return living_nodes(canvas.scene.geometry, canvas.seen, canvas.view.scale)


def _tile(studio: Studio, id: str, unit: int) -> QPointF:
    canvas = studio.window.canvas
    tile = next(tile for tile in canvas.scene.geometry.cards[id].tiles if tile.unit == unit)
    return canvas.view.to_widget(tile.rect.center())


def test_a_word_whose_code_would_lie_over_another_wears_none(qtbot: QtBot) -> None:
    field = QWidget()
    qtbot.addWidget(field)
    dots = [QPointF(50, 50), QPointF(52, 51), QPointF(20, 20), QPointF(99, 80)]
    found = labels_with_room(dots, (1, 0, 2, 3), field.fontMetrics(), 100)
    assert list(found) == [1, 2, 3]
    assert found[1].left() > dots[1].x()
    assert found[3].right() < dots[3].x()  # there is no room at the right
