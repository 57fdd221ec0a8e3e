"""Beginning with a template: how it meets the data, and the edit that draws it."""

from __future__ import annotations

from dataclasses import dataclass

from nnstudio.components import find
from nnstudio.data import ColumnUse, Pipeline, check_columns
from nnstudio.engine.optimizers.adam import Adam
from nnstudio.errors import DataError
from nnstudio.i18n import Phrase
from nnstudio.project.drawing import clear_of_notes
from nnstudio.project.edits.edit import Edit
from nnstudio.project.fitting import dealt_rows, fitted_pipeline
from nnstudio.project.project import Project
from nnstudio.project.template import Template


@dataclass(frozen=True)
class Fitting:
    """How a template meets the data of a project.

    Attributes
    ----------
    columns : tuple of ColumnUse
        The columns as it wants them used; as they are where it does not suit.
    pipeline : Pipeline or None
        Fitted on them; None without data, or where it does not suit.
    unsuited : str
        Why it does not suit, in words; empty where it does.
    training_rows : int
    """

    columns: tuple[ColumnUse, ...] = ()
    pipeline: Pipeline | None = None
    unsuited: str = ""
    training_rows: int = 0


def fit_template(template: Template, project: Project) -> Fitting:
    """Return how a template meets the data of a project."""
    table = project.table
    if table is None:
        return Fitting(project.columns)
    columns = template.columns(table, project.columns)
    split = dealt_rows(table, columns, project.split)
    found = check_columns(table, columns, split)
    if found:
        return Fitting(project.columns, unsuited=str(found[0]))
    try:
        pipeline = fitted_pipeline(table, columns, project.split)
    except DataError as error:
        return Fitting(project.columns, unsuited=str(error))
    reason = template.unsuited(pipeline)
    if reason:
        return Fitting(project.columns, unsuited=reason)
    return Fitting(columns, pipeline, "", len(split.train))


def use_template(key: str) -> Edit:
    """Replace the drawing by a template that fits itself to the data.

    Where the data do not suit it, it is drawn with an example's shape, and the note says why.

    Raises
    ------
    ComponentError
        When there is no such template.
    """
    template = find("templates", key)()
    assert isinstance(template, Template)

    def apply(project: Project) -> Project:
        fitting = fit_template(template, project)
        drawing = template.build(fitting.pipeline)
        settings = project.settings.model_copy(
            update={
                "optimizer": Adam(learning_rate=drawing.learning_rate),
                "batch_size": 16 if fitting.training_rows >= 64 or fitting.pipeline is None else None,
            }
        )
        note = drawing.sentence
        if fitting.unsuited:
            note = f"{template.title} does not suit these data, so an example is drawn. {fitting.unsuited}"
        return project.replace(
            network=drawing.network,
            positions=clear_of_notes(drawing.positions, project.notes),
            colours={},
            blocks=(),
            columns=fitting.columns,
            settings=settings,
            note=note,
        )

    return Edit(Phrase("New from template '{name}'", name=Phrase(template.title)), apply)
