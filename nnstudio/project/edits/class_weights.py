"""How much each class counts in the cost: from names, as a person sets them, to places, as training wants them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from nnstudio.data import Pipeline, Table
from nnstudio.project.edits.edit import Edit
from nnstudio.project.project import Project

_DIGITS = 3
"""Significant digits of a proposed weight; more would be mere show."""


def weights_by_place(class_weights: Mapping[str, float], pipeline: Pipeline) -> dict[int, float]:
    """Return the weights by the places of the classes; those that count 1, and unknown names, are left out."""
    names = pipeline.class_names
    return {names.index(name): weight for name, weight in class_weights.items() if name in names and weight != 1}


def weights_by_name(weights: Mapping[Any, float], class_names: Sequence[str]) -> dict[str, float]:
    """Return the weights by the names of the classes, as `Settings` keeps them."""
    return {class_names[int(place)]: float(weight) for place, weight in weights.items()}


def count_classes(table: Table, pipeline: Pipeline, rows: Iterable[int]) -> dict[str, int]:
    """Return how many of these rows each class has; nothing where no classes are learned."""
    if not pipeline.class_names:
        return {}
    words = table.words(pipeline.target_names[0])
    found = Counter(words[row] for row in rows)
    return {name: found[name] for name in pipeline.class_names}


def balanced_weights(project: Project) -> dict[str, float]:
    """Return the weights with which all classes count the same together, and all training rows as much as before.

    References
    ----------
    G. King, L. Zeng, "Logistic regression in rare events data", 2001, section 4.1 (weighting).
    """
    table, rows, pipeline = project.table, project.rows, project.pipeline
    if table is None or rows is None or pipeline is None:
        return {}
    counts = count_classes(table, pipeline, rows.train)
    total = sum(counts.values())
    return {name: float(f"{total / (len(counts) * count):.{_DIGITS}g}") for name, count in counts.items() if count}


def set_class_weights(class_weights: Mapping[str, float], changed: Collection[str] = ()) -> Edit:
    """Let each class count so much in the cost; those that are left out count 1.

    Parameters
    ----------
    class_weights : mapping of str to float
    changed : collection of str
        The classes whose weight is changed; changes of the same are undone together.
    """

    kept = {name: weight for name, weight in class_weights.items() if weight != 1}

    def apply(project: Project) -> Project:
        settings = project.settings.model_copy(update={"class_weights": kept})
        return project.replace(settings=settings)

    return Edit("Change how much each class counts", apply, f"class weights {sorted(changed)}" if changed else "")


def balance_classes() -> Edit:
    """Let each class count the same in the cost, however many rows it has."""

    def apply(project: Project) -> Project:
        return set_class_weights(balanced_weights(project)).apply(project)

    return Edit("Let each class count the same", apply)
