"""The ways of wires: from port to port, clear of the cards between, round where they turn."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from PySide6.QtCore import QPointF

from nnstudio.engine import Array, Network, Node
from nnstudio.engine.layers.add import Add
from nnstudio.gui.canvas.geometry import Geometry
from nnstudio.gui.canvas.routing import POINTS, routes
from nnstudio.project import Project

STYLES = ("curved", "orthogonal")


def _cards(centres: list[tuple[float, float]], width: float = 60.0, height: float = 100.0) -> Array:
    half = np.array([width, height]) / 2
    return np.concatenate([np.array(centres) - half, np.array(centres) + half], axis=1)


def _route(cards: Array, edges: list[tuple[int, int]], style: str) -> Array:
    own = np.array(edges)
    middle = (cards[:, 1] + cards[:, 3]) / 2
    starts = np.stack([cards[own[:, 0], 2], middle[own[:, 0]]], axis=1)
    ends = np.stack([cards[own[:, 1], 0], middle[own[:, 1]]], axis=1)
    return routes(starts, ends, cards, own, style)


def _inside(points: Array, card: Array) -> bool:
    """Whether any point of the lines through some points lies within a card."""
    share = np.linspace(0, 1, 50)[:, None, None]
    x, y = np.moveaxis(points[:-1] + share * np.diff(points, axis=0), -1, 0)
    return bool(((x > card[0]) & (x < card[2]) & (y > card[1]) & (y < card[3])).any())


@pytest.mark.parametrize("style", STYLES)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_every_wire_leads_from_its_port_to_its_port_and_none_jumps(style: str, data: st.DataObject) -> None:
    place = st.tuples(st.floats(-900, 900), st.floats(-900, 900))
    centres = data.draw(st.lists(place, min_size=2, max_size=12))
    pairs = [(a, b) for a in range(len(centres)) for b in range(len(centres)) if a != b]
    edges = data.draw(st.lists(st.sampled_from(pairs), min_size=1, max_size=20))
    cards = _cards(centres)
    points = _route(cards, edges, style)
    assert points.shape == (len(edges), POINTS, 2)
    assert np.isfinite(points).all()
    for way, (a, b) in zip(points, edges, strict=True):
        assert_allclose(way[0], (cards[a, 2], (cards[a, 1] + cards[a, 3]) / 2))
        assert_allclose(way[-1], (cards[b, 0], (cards[b, 1] + cards[b, 3]) / 2))
    assert np.array_equal(points, _route(cards, edges, style))


@pytest.mark.parametrize("style", STYLES)
def test_a_wire_with_nothing_in_its_way_takes_the_short_way(style: str) -> None:
    cards = _cards([(0, 0), (200, 80), (100, 400)])
    points = _route(cards, [(0, 1)], style)[0]
    assert points[:, 1].min() >= -1e-9
    assert points[:, 1].max() <= 80 + 1e-9
    assert (np.diff(points[:, 0]) >= -1e-9).all()


@pytest.mark.parametrize("style", STYLES)
def test_a_skip_passes_beside_all_that_it_skips(style: str) -> None:
    cards = _cards([(200.0 * index, 0.0) for index in range(6)])
    cards[3] += (0, -80, 0, 80)  # a tall one, which makes all of the way higher
    points = _route(cards, [(0, 5), (1, 4)], style)
    for way, own in zip(points, ((0, 5), (1, 4)), strict=True):
        assert not any(_inside(way, cards[number]) for number in range(6) if number not in own)
    levels = [way[POINTS // 2, 1] for way in points]
    assert abs(levels[0] - levels[1]) > 6
    assert abs(levels[0]) > abs(levels[1]), "the longer one runs outside"


@pytest.mark.parametrize("style", STYLES)
def test_a_wire_takes_the_gap_between_two_rows(style: str) -> None:
    cards = _cards([(0, 0), (200, -75), (200, 75), (400, -75), (400, 75), (600, 40)])
    way = _route(cards, [(0, 5)], style)[0]
    assert not any(_inside(way, cards[number]) for number in range(1, 5))
    assert np.abs(way[:, 1]).max() < 60


@pytest.mark.parametrize("style", STYLES)
def test_a_wire_that_runs_back_goes_round_both_its_cards(style: str) -> None:
    cards = _cards([(400, 0), (0, 0), (200, 0)])
    way = _route(cards, [(0, 1)], style)[0]
    assert way[:, 0].max() > cards[0, 2] + 10
    assert way[:, 0].min() < cards[1, 0] - 10
    assert not any(_inside(way, card) for card in cards)


@pytest.mark.parametrize("style", STYLES)
def test_a_moved_card_takes_its_wires_along_and_leaves_the_rest(style: str) -> None:
    ids = [f"n{index}" for index in range(5)]
    network = Network(
        nodes=tuple(Node(id=id, layer=Add()) for id in ids), edges=(("n0", "n1"), ("n1", "n4"), ("n2", "n3"))
    )
    project = Project(network=network, positions={id: (200.0 * index, 0.0) for index, id in enumerate(ids)})
    before = Geometry(project, style=style)
    after = before.moved({"n4": QPointF(0, 300)})
    assert np.array_equal(after.wires["n2", "n3"], before.wires["n2", "n3"])
    assert_allclose(after.wires["n1", "n4"][-1], after.cards["n4"].input_port.toTuple())
    assert_allclose(before.wires["n1", "n4"][-1], before.cards["n4"].input_port.toTuple())
    placed = project.replace(positions={**project.positions, "n4": (800.0, 300.0)})
    assert_allclose(after.wires.points, Geometry(placed, style=style).wires.points)


def test_straight_lines_are_level_or_upright_but_for_their_round_corners() -> None:
    cards = _cards([(200.0 * column, 160.0 * row) for column in range(4) for row in range(3)])
    edges = [(0, 4), (0, 5), (1, 8), (2, 9), (5, 3)]
    for way in _route(cards, edges, "orthogonal"):
        steps = np.abs(np.diff(way, axis=0))
        slanted = np.hypot(*steps[(steps > 0.01).all(axis=1)].T)
        assert (slanted < 9).all()


def test_upright_lines_of_different_wires_stand_apart_and_those_from_one_port_together() -> None:
    cards = _cards([(0, 0), (0, 200), (300, 100), (300, 320), (300, 540)])
    first, second, third = _route(cards, [(0, 3), (1, 4), (1, 3)], "orthogonal")
    shafts = [way[POINTS // 2, 0] for way in (first, second, third)]
    assert abs(shafts[0] - shafts[1]) >= 6
    assert shafts[1] == shafts[2]


@pytest.mark.parametrize("style", STYLES)
def test_a_thousand_cards_are_wired_from_port_to_port(style: str) -> None:
    chance = np.random.default_rng(0)
    cards = _cards([(index // 25 * 200.0, index % 25 * 140.0) for index in range(1000)])
    targets = chance.integers(1, 1000, 2000)
    edges = np.stack([np.maximum(0, targets - chance.integers(1, 75, 2000)), targets], axis=1).tolist()
    ways = _route(cards, edges, style)
    assert ways.shape == (2000, POINTS, 2)
    assert np.isfinite(ways).all()
    assert np.abs(ways[:, -1, 1] - cards[targets][:, [1, 3]].mean(axis=1)).max() < 1e-6
