"""Metrics mean what scikit-learn means by them."""

import numpy as np
import pytest
from sklearn import metrics

from nnstudio.engine import measure, measure_baseline, report_classes


def test_classification_agrees_with_scikit_learn() -> None:
    stream = np.random.default_rng(0)
    y = stream.dirichlet(np.ones(3), 50)
    labels = stream.integers(0, 3, 50)
    found = measure("classes", y, np.eye(3)[labels])
    assert found["accuracy"] == pytest.approx(metrics.accuracy_score(labels, y.argmax(axis=1)))
    assert found["balanced_accuracy"] == pytest.approx(metrics.balanced_accuracy_score(labels, y.argmax(axis=1)))
    assert found["log_loss"] == pytest.approx(metrics.log_loss(labels, y))


@pytest.mark.parametrize("classes", [2, 3, 5])
def test_what_is_found_of_each_class_agrees_with_scikit_learn(classes: int) -> None:
    stream = np.random.default_rng(classes)
    labels = stream.integers(0, classes, 80)
    y = stream.dirichlet(np.ones(classes), 80).round(1) + 0.01  # rounded, so that some scores are equal
    y /= y.sum(axis=1, keepdims=True)
    said, t = y.argmax(axis=1), np.eye(classes)[labels]
    found = measure("classes", y, t)
    for name, theirs in (
        ("precision", metrics.precision_score),
        ("recall", metrics.recall_score),
        ("f1", metrics.f1_score),
    ):
        assert found[name] == pytest.approx(theirs(labels, said, average="macro", zero_division=0))
    scores = y[:, 1] if classes == 2 else y
    assert found["roc_auc"] == pytest.approx(metrics.roc_auc_score(labels, scores, multi_class="ovr"))
    if classes > 3:
        assert found["top_3_accuracy"] == pytest.approx(metrics.top_k_accuracy_score(labels, y, k=3), abs=0.03)
    report = report_classes("classes", y, t)
    assert (report.confusion == metrics.confusion_matrix(labels, said)).all()
    np.testing.assert_allclose(report.f1, metrics.f1_score(labels, said, average=None, zero_division=0))


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
