"""How good answers are, in numbers a person knows, beside the same for a baseline that has learned nothing."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Task = Literal["regression", "yes_no", "classes"]
Numbers = NDArray[np.float64]

MAIN_METRIC: dict[Task, str] = {"regression": "r2", "yes_no": "accuracy", "classes": "accuracy"}
"""The metric that stands in the status line."""


def measure(task: Task, outputs: ArrayLike, targets: ArrayLike) -> dict[str, float]:
    """Return the metrics of a task.

    Parameters
    ----------
    task : str
        ``"regression"``, ``"yes_no"`` (one column, probability of yes) or ``"classes"`` (a column for each class).
    outputs, targets : Array of shape (rows, units)
        Answers and truths, as the network gives them and as the targets are encoded.

    Returns
    -------
    dict of str to float
        ``accuracy``, ``balanced_accuracy`` and ``log_loss``, or ``r2``, ``mae`` and ``rmse``, as scikit-learn defines
        them; empty without rows.
    """
    y, t = np.asarray(outputs, np.float64), np.asarray(targets, np.float64)
    if not len(t):
        return {}
    if task == "regression":
        return _regression(y, t)
    return _classification(_probabilities(task, y), _labels(task, t))


def measure_baseline(task: Task, training_targets: ArrayLike, targets: ArrayLike) -> dict[str, float]:
    """Return the metrics of who always says the most frequent class, or the mean, of the training rows.

    Parameters
    ----------
    task : str
    training_targets, targets : Array of shape (rows, units)

    Returns
    -------
    dict of str to float
        As `measure`, without `log_loss`.
    """
    seen, t = np.asarray(training_targets, np.float64), np.asarray(targets, np.float64)
    if not len(t) or not len(seen):
        return {}
    if task == "regression":
        return _regression(np.broadcast_to(seen.mean(axis=0), t.shape), t)
    labels = _labels(task, seen)
    most_frequent = np.bincount(labels).argmax()
    truths = _labels(task, t)
    said = np.full(len(t), most_frequent)
    return {"accuracy": float((said == truths).mean()), "balanced_accuracy": _balanced_accuracy(said, truths)}


def _regression(y: Numbers, t: Numbers) -> dict[str, float]:
    errors = y - t
    spread = ((t - t.mean(axis=0)) ** 2).sum(axis=0)
    left = (errors**2).sum(axis=0)
    # A target that never changes has no spread to explain: right is 1, wrong is 0.
    explained = np.where(spread > 0, 1 - left / np.where(spread > 0, spread, 1), (left == 0).astype(float))
    return {
        "r2": float(explained.mean()),
        "mae": float(np.abs(errors).mean()),
        "rmse": float(np.sqrt((errors**2).mean(axis=0)).mean()),
    }


def _classification(probabilities: Numbers, truths: NDArray[np.int64]) -> dict[str, float]:
    said = probabilities.argmax(axis=1)
    edge = np.finfo(np.float64).eps
    totals = probabilities.sum(axis=1, keepdims=True)
    share = np.clip(probabilities / np.where(totals > 0, totals, 1), edge, 1)
    surprise = -np.log(share[np.arange(len(truths)), truths])
    return {
        "accuracy": float((said == truths).mean()),
        "balanced_accuracy": _balanced_accuracy(said, truths),
        "log_loss": float(surprise.mean()),
    }


def _balanced_accuracy(said: NDArray[np.int64], truths: NDArray[np.int64]) -> float:
    return float(np.mean([(said[truths == label] == label).mean() for label in np.unique(truths)]))


def _probabilities(task: Task, y: Numbers) -> Numbers:
    if task == "yes_no" and y.shape[1] == 1:
        yes = np.clip(y[:, 0], 0, 1)
        return np.stack([1 - yes, yes], axis=1)
    return np.maximum(y, 0)


def _labels(task: Task, t: Numbers) -> NDArray[np.int64]:
    if task == "yes_no" and t.shape[1] == 1:
        return (t[:, 0] >= 0.5).astype(np.int64)
    labels: NDArray[np.int64] = t.argmax(axis=1).astype(np.int64)
    return labels
