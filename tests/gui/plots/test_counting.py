"""What plots count, compared with counting by hand, row after row."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from nnstudio.engine import Network, Rung
from nnstudio.engine.activation import Activation
from nnstudio.engine.activations.gated import Silu
from nnstudio.engine.activations.rectifiers import Relu
from nnstudio.engine.activations.shares import Softmax
from nnstudio.engine.activations.squashing import Gaussian, Sigmoid, Sine, Tanh
from nnstudio.gui.moments.evidence import Answers
from nnstudio.gui.plots.calibration import BINS, reliability
from nnstudio.gui.plots.confusion import confusion
from nnstudio.gui.plots.curves import bends
from nnstudio.gui.plots.fit import r_squared
from nnstudio.gui.plots.histograms import spread
from nnstudio.gui.plots.layer_curves import norms
from nnstudio.gui.plots.looks import MOST_LOOKS, PARTS, Looks
from nnstudio.gui.plots.thresholds import cuts
from nnstudio.gui.plots.units import count_units, ends, units_of
from nnstudio.gui.plots.updates import ratios
from tests.engine.networks import chain, dense
from tests.gui.trained import trained


def some_answers(classes: int, rows: int = 300, seed: int = 0) -> Answers:
    random = np.random.default_rng(seed)
    said = random.dirichlet(np.ones(classes), rows)
    truth = np.array([random.choice(classes, p=row) for row in said])
    return Answers(np.arange(rows), truth, said, tuple("abcdefgh"[:classes]), rows)


def tied_scores(seed: int) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    scores = random.random(80).round(1)
    return scores, random.random(80) < 0.2 + 0.6 * scores


def test_a_cell_of_the_confusion_matrix_holds_the_rows_of_one_class_that_were_given_another() -> None:
    answers = some_answers(4)
    counted = confusion(answers)
    for truth in range(4):
        for said in range(4):
            rows = [
                row
                for row in range(300)
                if answers.truth[row] == truth and max(answers.said[row]) == answers.said[row][said]
            ]
            assert counted[truth, said] == len(rows)


@pytest.mark.parametrize("seed", range(5))
def test_a_cut_tells_what_is_said_yes_to_at_its_threshold(seed: int) -> None:
    scores, yes = tied_scores(seed)
    found = cuts(scores, yes)
    assert len(found.threshold) == len(set(scores.tolist())) + 1
    for at, threshold in enumerate(found.threshold):
        said = [row for row in range(80) if scores[row] >= threshold]
        assert found.true_yes[at] == sum(yes[row] for row in said)
        assert found.false_yes[at] == sum(not yes[row] for row in said)


@pytest.mark.parametrize("seed", range(5))
def test_the_area_below_roc_is_how_often_a_row_of_the_class_has_the_higher_score(seed: int) -> None:
    scores, yes = tied_scores(seed)
    wins = [1.0 if mine > other else 0.5 if mine == other else 0.0 for mine in scores[yes] for other in scores[~yes]]
    assert cuts(scores, yes).roc_area == pytest.approx(sum(wins) / len(wins))


@pytest.mark.parametrize("seed", range(5))
def test_the_average_precision_adds_up_what_each_threshold_finds_more(seed: int) -> None:
    scores, yes = tied_scores(seed)
    total = before = 0.0
    for threshold in sorted(set(scores.tolist()), reverse=True):
        said = scores >= threshold
        recall = (said & yes).sum() / yes.sum()
        total += (recall - before) * (said & yes).sum() / said.sum()
        before = recall
    assert cuts(scores, yes).average_precision == pytest.approx(total)


def test_a_curve_needs_rows_of_both_kinds() -> None:
    assert not cuts(np.array([0.1, 0.9]), np.array([True, True])).has_both
    assert cuts(np.array([0.1, 0.9]), np.array([False, True])).has_both


@pytest.mark.parametrize("classes", [2, 3])
def test_calibration_compares_what_was_said_with_what_came_true_in_each_tenth(classes: int) -> None:
    answers = some_answers(classes)
    found = reliability(answers)
    gap = 0.0
    for tenth in range(BINS):
        said, true = [], []
        for row in range(300):
            if classes == 2:
                probability, right = answers.said[row, 1], answers.truth[row] == 1
            else:
                probability, right = answers.said[row].max(), answers.said[row].argmax() == answers.truth[row]
            if tenth / BINS <= probability < (tenth + 1) / BINS:
                said.append(probability)
                true.append(right)
        assert found.count[tenth] == len(said)
        if said:
            assert found.said[tenth] == pytest.approx(np.mean(said))
            assert found.true[tenth] == pytest.approx(np.mean(true))
            gap += len(said) / 300 * abs(np.mean(true) - np.mean(said))
    assert found.count.sum() == 300
    assert found.error == pytest.approx(gap)


def test_a_probability_of_one_counts_in_the_last_tenth() -> None:
    sure = Answers(np.arange(2), np.array([1, 0]), np.array([[0.0, 1.0], [1.0, 0.0]]), ("no", "yes"), 2)
    found = reliability(sure)
    assert found.count.tolist() == [1, 0, 0, 0, 0, 0, 0, 0, 0, 1]
    assert found.error == 0


def test_r_squared_compares_errors_with_the_spread_of_the_truth() -> None:
    truth, said = np.array([1.0, 2.0, 4.0]), np.array([1.5, 2.0, 3.0])
    mean = 7 / 3
    left = 0.25 + 0 + 1
    spread_of_truth = (1 - mean) ** 2 + (2 - mean) ** 2 + (4 - mean) ** 2
    assert r_squared(truth, said) == pytest.approx(1 - left / spread_of_truth)
    assert np.isnan(r_squared(np.ones(3), said))


def test_a_spread_keeps_every_number_when_it_is_seen_in_other_bins() -> None:
    values = np.random.default_rng(0).normal(size=1000)
    found = spread(values)
    assert found is not None
    edges = np.linspace(found.low, found.high, 9)
    by_hand = [((values >= low) & (values < high)).mean() for low, high in pairwise(edges)]
    assert found.shares(np.linspace(-10, 10, 7)).sum() == pytest.approx(1)
    assert found.shares(edges) == pytest.approx(by_hand, abs=0.002)


def test_numbers_that_are_all_the_same_have_a_spread_and_none_has_not() -> None:
    same = spread(np.zeros(5))
    assert same is not None
    assert same.low < 0 < same.high
    assert same.counts.sum() == 5
    assert spread(np.array([np.nan])) is None


def test_the_norm_of_a_layer_takes_all_its_weights_together() -> None:
    found = norms({"a/kernel": np.array([[3.0, 0.0]]), "a/bias": np.array([4.0]), "b/kernel": np.array([[2.0]])})
    assert found == {"a": pytest.approx(5.0), "b": pytest.approx(2.0)}


def test_an_update_is_measured_by_the_size_of_the_weights() -> None:
    weights = {"a/kernel": np.array([3.0, 4.0]), "b/kernel": np.zeros(2)}
    changes = {"a/kernel": np.array([0.0, 0.01]), "b/kernel": np.ones(2)}
    assert ratios(weights, changes) == {"a": pytest.approx(0.002)}


@pytest.mark.parametrize(("activation", "limits"), [(Sigmoid(), (0, 1)), (Tanh(), (-1, 1))])
def test_an_activation_that_squashes_has_two_ends(activation: Activation, limits: tuple[float, float]) -> None:
    assert ends(activation) == pytest.approx(limits)


@pytest.mark.parametrize("activation", [Relu(), Silu(), Sine(), Gaussian(), Softmax(), None])
def test_an_activation_that_grows_or_waves_has_no_ends(activation: Activation | None) -> None:
    assert ends(activation) is None


def test_a_unit_is_silent_that_never_speaks_and_saturated_that_is_nearly_always_at_an_end() -> None:
    said = np.zeros((100, 4))
    said[:, 1] = 0.999  # always at an end
    said[:, 2] = np.linspace(0, 1, 100)  # passes through all values
    said[:96, 3], said[96:, 3] = -1, 0.5  # at an end in 96 of 100
    units, silent, saturated = count_units(said, (-1, 1))
    assert (units, silent, saturated) == (4, 1, 2)
    assert count_units(said, None) == (4, 1, 0)


def test_a_place_of_a_map_counts_as_a_row_of_its_channel() -> None:
    said = np.zeros((2, 3, 3, 2))
    said[1, 2, 2, 0] = 1
    assert count_units(said, None) == (2, 1, 0)


def test_the_states_of_recurrent_layers_count_as_units() -> None:
    network = chain(6, {"type": "reshape", "shape": [6, 1]}, {"type": "lstm", "units": 3}, dense(1))
    said = {"l1": np.array([[0.0, 1.0, 0.3], [0.0, 1.0, -0.4]])}
    (counted,) = units_of(network, said)
    assert (counted.units, counted.silent, counted.saturated) == (3, 1, 1)


def test_looks_stay_few_and_reach_from_the_first_to_the_newest() -> None:
    looks: Looks[int] = Looks()
    network = Network()
    for step in range(10 * MOST_LOOKS):
        looks.add(network, step, step)
    assert MOST_LOOKS / 2 <= len(looks) <= MOST_LOOKS
    assert looks.steps[-1] == 10 * MOST_LOOKS - 1
    assert looks.steps[0] < MOST_LOOKS
    assert looks.steps == looks.values == sorted(looks.steps)


def test_looks_go_back_with_time_and_begin_anew_with_another_network() -> None:
    looks: Looks[str] = Looks()
    network = Network()
    for step in (0, 10, 20, 30):
        looks.add(network, step, "old")
    looks.add(network, 20, "new")
    assert looks.steps == [0, 10, 20]
    assert looks.values[-1] == "new"
    looks.begin(network, "another run")
    looks.add(network, 40, "other run")
    assert looks.steps == [40]
    looks.add(Network(), 5, "other")
    assert looks.steps == [5]


def test_a_look_back_is_wanted_where_nobody_looked() -> None:
    document, training = trained("iris", 2)
    run = document.project.run
    assert run is not None
    network = training.plan.network
    kept = [Rung(replace(run.state, step=step), 0, training.plan) for step in range(0, 1_000, 10)]
    looks: Looks[str] = Looks()
    looks.begin(network, "run")
    wanted = [rung.step for rung in looks.missing(995, kept)]
    assert len(wanted) == PARTS
    assert wanted[0] == 0
    assert abs(wanted[1] - 500) < 40  # wide apart first
    looks.add(network, 995, "now")
    for step in wanted:
        looks.put(network, step, "then")
    assert looks.steps == sorted({*wanted, 995})
    assert looks.values[-1] == "now"
    assert looks.missing(995, kept) == []
    looks.begin(network, "another run")
    assert looks.missing(995, kept) != []
    looks.begin(Network(), "run")
    assert looks.missing(995, kept) == []


def test_looks_at_earlier_steps_lie_among_the_others_and_none_goes() -> None:
    looks: Looks[str] = Looks()
    network = Network()
    for step in (0, 10, 30):
        looks.add(network, step, "then")
    looks.put(network, 20, "past")
    looks.put(network, 10, "again")
    assert looks.steps == [0, 10, 20, 30]
    assert looks.values == ["then", "again", "past", "then"]
    assert looks.has(network, 20)
    assert not looks.has(network, 25)
    other = Network()
    assert not looks.has(other, 20)
    looks.put(other, 20, "other")
    assert looks.steps == [20]


def test_a_line_keeps_the_points_at_which_it_bends_turns_back_or_has_a_gap() -> None:
    x = np.array([0.0, 0, 0, 1, 2, 3, 3, 2, 1])
    y = np.array([0.0, 1, 2, 2, 2, 2, 4, 4, 4])
    across, up = bends(x, y)
    assert list(zip(across, up, strict=True)) == [(0, 0), (0, 2), (3, 2), (3, 4), (1, 4)]
    back, flat = bends(np.array([0.0, 2, 1]), np.zeros(3))
    assert list(back) == [0, 2, 1]
    assert len(flat) == 3
    gap = np.array([1.0, np.nan, 1, 1, 1])
    assert np.isnan(bends(np.arange(5.0), gap)[1]).sum() == 1


def test_units_of_a_map_are_at_an_end_by_the_share_of_all_their_places() -> None:
    random = np.random.default_rng(0)
    said = np.tanh(random.normal(size=(40, 3, 4, 5)) * np.array([0.0, 0.1, 3, 50, 1e4]))
    flat = said.reshape(-1, 5)
    edge = 0.02
    at_end = ((flat <= -1 + edge) | (flat >= 1 - edge)).mean(axis=0)
    assert count_units(said, (-1.0, 1.0)) == (5, 1, int((at_end >= 0.95).sum()))
    assert 0 < (at_end >= 0.95).sum() < 5
    negative = np.full((4, 2), -1.0)
    assert count_units(negative, None) == (2, 0, 0)
