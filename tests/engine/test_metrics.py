"""Metrics mean what scikit-learn means by them."""

import numpy as np
import pytest
from sklearn import metrics

from nnstudio.engine import measure, measure_baseline


def test_classification_agrees_with_scikit_learn() -> None:
    stream = np.random.default_rng(0)
    y = stream.dirichlet(np.ones(3), 50)
    labels = stream.integers(0, 3, 50)
    found = measure("classes", y, np.eye(3)[labels])
    assert found["accuracy"] == pytest.approx(metrics.accuracy_score(labels, y.argmax(axis=1)))
    assert found["balanced_accuracy"] == pytest.approx(metrics.balanced_accuracy_score(labels, y.argmax(axis=1)))
    assert found["log_loss"] == pytest.approx(metrics.log_loss(labels, y))


def test_yes_no_reads_one_column_as_the_probability_of_yes() -> None:
    found = measure("yes_no", [[0.9], [0.2], [0.6]], [[1], [0], [0]])
    assert found["accuracy"] == pytest.approx(2 / 3)
    assert found["log_loss"] == pytest.approx(metrics.log_loss([1, 0, 0], [0.9, 0.2, 0.6]))


def test_regression_agrees_with_scikit_learn() -> None:
    stream = np.random.default_rng(0)
    t, y = stream.normal(size=(40, 1)), stream.normal(size=(40, 1))
    found = measure("regression", y, t)
    assert found["r2"] == pytest.approx(metrics.r2_score(t, y))
    assert found["mae"] == pytest.approx(metrics.mean_absolute_error(t, y))
    assert found["rmse"] == pytest.approx(metrics.root_mean_squared_error(t, y))


def test_the_baseline_knows_the_training_rows_only() -> None:
    training = np.eye(2)[[0, 0, 1]]
    assert measure_baseline("classes", training, np.eye(2)[[1, 1, 1, 0]])["accuracy"] == 0.25
    assert measure_baseline("regression", [[1.0], [3.0]], [[2.0], [4.0]])["mae"] == 1.0
    assert measure("classes", np.zeros((0, 2)), np.zeros((0, 2))) == {}
