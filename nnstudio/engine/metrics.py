"""How good answers are, in numbers a person knows, beside the same for a baseline that has learned nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Task = Literal["regression", "yes_no", "classes"]
Numbers = NDArray[np.float64]

FOLLOWED = ("accuracy", "balanced_accuracy", "precision", "recall", "f1", "r2", "mae", "rmse")
"""The metrics that are quick enough to be followed over the epochs."""

MAIN_METRIC: dict[Task, str] = {"regression": "r2", "yes_no": "accuracy", "classes": "accuracy"}
"""The metric that stands in the status line."""

_TOP = 3


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
        ``accuracy``, ``balanced_accuracy``, ``precision``, ``recall``, ``f1`` (the mean over the classes),
        ``roc_auc`` (the mean of each class against the rest), ``log_loss`` and, with more than three classes,
        ``top_3_accuracy``; or ``r2``, ``mae`` and ``rmse``. As scikit-learn defines them; empty without rows.
    """
    y, t = np.asarray(outputs, np.float64), np.asarray(targets, np.float64)
    if not len(t):
        return {}
    if task == "regression":
        return _regression(y, t)
    return _classification(_probabilities(task, y), _labels(task, t))


def measure_quickly(task: Task, outputs: ArrayLike, targets: ArrayLike) -> dict[str, float]:
    """Return those metrics of `measure` that are quick to have; see `FOLLOWED`."""
    y, t = np.asarray(outputs, np.float64), np.asarray(targets, np.float64)
    if not len(t):
        return {}
    if task == "regression":
        return _regression(y, t)
    probabilities = _probabilities(task, y)
    return _of_report(_report(probabilities.argmax(axis=1), _labels(task, t), probabilities.shape[1]))


def measure_baseline(task: Task, training_targets: ArrayLike, targets: ArrayLike) -> dict[str, float]:
    """Return the metrics of who always says the most frequent class, or the mean, of the training rows.

    Parameters
    ----------
    task : str
    training_targets, targets : Array of shape (rows, units)

    Returns
    -------
    dict of str to float
        As `measure`, without ``log_loss``, ``roc_auc`` and ``top_3_accuracy``.
    """
    seen, t = np.asarray(training_targets, np.float64), np.asarray(targets, np.float64)
    if not len(t) or not len(seen):
        return {}
    if task == "regression":
        return _regression(np.broadcast_to(seen.mean(axis=0), t.shape), t)
    labels = _labels(task, seen)
    most_frequent = np.bincount(labels).argmax()
    classes = max(2, t.shape[1])
    always = np.zeros((len(t), classes))
    always[:, most_frequent] = 1
    found = _classification(always, _labels(task, t))
    # Who is always sure has no scores to rank, and is surprised without limit.
    return {name: found[name] for name in ("accuracy", "balanced_accuracy", "precision", "recall", "f1")}


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


@dataclass(frozen=True)
class ClassReport:
    """How good answers are for each class.

    Attributes
    ----------
    confusion : Array of shape (classes, classes)
        How many rows of each class, by row, were taken for each class, by column.
    precision, recall, f1 : Array of shape (classes,)
        Of what was said, how much was right; of what was there, how much was found; their harmonic mean. Zero where
        nothing was said or there.
    """

    confusion: NDArray[np.int64]
    precision: Numbers
    recall: Numbers
    f1: Numbers


def report_classes(task: Task, outputs: ArrayLike, targets: ArrayLike) -> ClassReport:
    """Return how good answers are for each class.

    Parameters
    ----------
    task : str
        ``"yes_no"`` or ``"classes"``.
    outputs, targets : Array of shape (rows, units)
    """
    probabilities = _probabilities(task, np.asarray(outputs, np.float64))
    truths = _labels(task, np.asarray(targets, np.float64))
    return _report(probabilities.argmax(axis=1), truths, probabilities.shape[1])


def _report(said: NDArray[np.int64], truths: NDArray[np.int64], classes: int) -> ClassReport:
    confusion = np.bincount(truths * classes + said, minlength=classes**2).reshape(classes, classes)
    right = np.diag(confusion).astype(np.float64)
    precision = right / np.maximum(confusion.sum(axis=0), 1)
    recall = right / np.maximum(confusion.sum(axis=1), 1)
    f1 = 2 * precision * recall / np.maximum(precision + recall, np.finfo(np.float64).tiny)
    return ClassReport(confusion, precision, recall, f1)


def _classification(probabilities: Numbers, truths: NDArray[np.int64]) -> dict[str, float]:
    said = probabilities.argmax(axis=1)
    edge = np.finfo(np.float64).eps
    totals = probabilities.sum(axis=1, keepdims=True)
    share = np.clip(probabilities / np.where(totals > 0, totals, 1), edge, 1)
    surprise = -np.log(share[np.arange(len(truths)), truths])
    classes = probabilities.shape[1]
    found = {**_of_report(_report(said, truths, classes)), "log_loss": float(surprise.mean())}
    areas = [_area(probabilities[:, label], truths == label) for label in range(1 if classes == 2 else 0, classes)]
    known = [area for area in areas if area is not None]
    if known:
        found["roc_auc"] = float(np.mean(known))
    if classes > _TOP:
        best = np.argpartition(-probabilities, _TOP, axis=1)[:, :_TOP]
        found[f"top_{_TOP}_accuracy"] = float((best == truths[:, None]).any(axis=1).mean())
    return found


def _of_report(report: ClassReport) -> dict[str, float]:
    there, said = report.confusion.sum(axis=1), report.confusion.sum(axis=0)
    # Classes that neither were there nor were said do not count.
    seen = (there + said) > 0
    return {
        "accuracy": float(np.diag(report.confusion).sum() / there.sum()),
        "balanced_accuracy": float(report.recall[there > 0].mean()),
        "precision": float(report.precision[seen].mean()),
        "recall": float(report.recall[seen].mean()),
        "f1": float(report.f1[seen].mean()),
    }


def _area(scores: Numbers, yes: NDArray[np.bool_]) -> float | None:
    """Return how often a row of the class has a higher score than another, equal ones by half; None without both."""
    count = int(yes.sum())
    others = len(yes) - count
    if not count or not others:
        return None
    values, places = np.unique(scores, return_inverse=True)
    ends = np.cumsum(np.bincount(places, minlength=len(values)))
    starts = np.concatenate([[0], ends[:-1]])
    ranks = ((starts + 1 + ends) / 2)[places]
    return float((ranks[yes].sum() - count * (count + 1) / 2) / (count * others))


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
