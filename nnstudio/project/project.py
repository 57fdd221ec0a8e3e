"""The project: one frozen value that holds the data, the drawing, the settings and what was trained."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cached_property, lru_cache
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, model_validator

from nnstudio.components import Problem
from nnstudio.data import (
    ColumnUse,
    Pipeline,
    Split,
    SplitSettings,
    Table,
    check_columns,
    doubts_of_spelling,
    doubts_of_words,
)
from nnstudio.engine import Network, steered
from nnstudio.engine.holds import Holds
from nnstudio.errors import DataError, NotTrainedError
from nnstudio.project.drawing import Block, Colour, Note, Position, check_drawing, kept_blocks
from nnstudio.project.fit import problems_of_drawing, problems_of_fit, problems_of_optimizer
from nnstudio.project.fitting import dealt_rows, fitted_pipeline
from nnstudio.project.prediction import predict_rows
from nnstudio.project.run import Run
from nnstudio.project.settings import Settings

_WITHOUT_PROBLEMS = {"positions", "colours", "notes", "blocks", "note", "embed_data"}
"""What can be changed without anything becoming right or wrong."""

NO_DATA = "There are no data to learn from."
"""What is said of a project without a table."""


class Project(BaseModel):
    """Everything a person works on.

    Attributes
    ----------
    table : Table or None
        The data.
    columns : tuple of ColumnUse
        What each column is for.
    split : SplitSettings
        How rows are dealt out.
    network : Network
        The network being drawn.
    positions : dict of str to (float, float)
        The centre of each node on the canvas.
    colours : mapping of str to str
        The colours of those nodes that have one.
    notes : tuple of Note
        Words on the canvas.
    blocks : tuple of Block
        Nodes under one name; a node is in one block at most.
    settings : Settings
        How it is trained next.
    runs : tuple of Run
        What was trained.
    current : str
        The id of the run that is shown, or empty.
    note : str
        One sentence on how the network came about; may be empty.
    unread_runs : mapping of str to mapping of str to bytes
        What a file held of runs that use what nobody knows here, to be saved again as it was.
    embed_data : bool
        Whether saving puts the data into the file.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    table: Table | None = None
    columns: tuple[ColumnUse, ...] = ()
    split: SplitSettings = SplitSettings()
    network: Network = Network()
    positions: Mapping[str, Position] = {}
    colours: Mapping[str, Colour] = {}
    notes: tuple[Note, ...] = ()
    blocks: tuple[Block, ...] = ()
    settings: Settings = Settings()
    runs: tuple[Run, ...] = ()
    current: str = ""
    note: str = ""
    embed_data: bool = True
    unread_runs: Mapping[str, Mapping[str, bytes]] = {}

    @model_validator(mode="after")
    def _drawing_names_what_exists(self) -> Self:
        check_drawing({node.id for node in self.network.nodes}, self.colours, self.notes, self.blocks)
        return self

    @property
    def run(self) -> Run | None:
        """The run that is shown, or None."""
        return next((run for run in self.runs if run.id == self.current), None)

    def replace(self, **values: Any) -> Project:
        """Return the project with other values.

        With another network, colours and blocks let go of the nodes that it does not have. The note goes where layers
        or wires differ, because it tells of those that were there.
        """
        if "network" in values and self.note and _told_of(values["network"]) != _told_of(self.network):
            values = {"note": "", **values}
        if "network" in values and (self.colours or self.blocks):
            ids = {node.id for node in values["network"].nodes}
            colours = {id: colour for id, colour in self.colours.items() if id in ids}
            values = {"colours": colours, "blocks": kept_blocks(self.blocks, ids), **values}
        changed = self.model_copy(update=values)
        if not values.keys() <= _WITHOUT_PROBLEMS:
            for found in ("_problems", "has_data_of_run"):  # of the old one, which does not hold for the new
                changed.__dict__.pop(found, None)
        return changed

    @property
    def rows(self) -> Split | None:
        """Which rows are for what, or None without data."""
        return None if self.table is None else dealt_rows(self.table, self.columns, self.split)

    @property
    def pipeline(self) -> Pipeline | None:
        """The pipeline fitted for the network's cost, or None where it cannot be fitted."""
        split = self.rows
        if self.table is None or split is None or not split.train:
            return None
        try:
            return _pipeline(self.table, self.columns, self.split, *self._wishes)
        except DataError:
            return None

    @property
    def _wishes(self) -> tuple[str, str]:
        """How the drawn cost wants targets, and where they may lie."""
        if len(self.network.output_ids) != 1:
            return "", "any"
        return self.network.output.cost.wants, self.network.output.cost.domain

    def problems(self) -> tuple[Problem, ...]:
        """Return everything that keeps the network from being trained, and what is doubtful."""
        return self._problems

    @property
    def in_the_way(self) -> Problem | None:
        """The first problem that keeps the network from being trained; None where nothing does."""
        return next((problem for problem in self._problems if problem.severity == "error"), None)

    @property
    def hindrance(self) -> str:
        """Why there is nothing to see of the network, in words; empty where only data or training are missing."""
        problem = self.in_the_way
        return "" if problem is None or problem.what == NO_DATA else str(problem)

    @cached_property
    def _problems(self) -> tuple[Problem, ...]:
        pipeline, rows = self.pipeline, self.rows
        found = (*self._problems_of_data(), *self._problems_of_drawing(has_data=pipeline is not None))
        if self.table is not None and rows is not None and pipeline is not None:
            doubts = (*doubts_of_spelling(self.table, self.columns), *doubts_of_words(pipeline, self.table.row_count))
            found = (*found, *doubts, *problems_of_fit(self.network, self.table, rows, pipeline))
        if any(problem.severity == "error" for problem in self.network.problems()):
            return found
        return (*found, *problems_of_optimizer(self.network, self.settings.optimizer))

    def _problems_of_drawing(self, *, has_data: bool) -> tuple[Problem, ...]:
        return problems_of_drawing(self.network, has_table=self.table is not None, has_data=has_data)

    def why_empty(self) -> str:
        """Return why nothing is drawn though a table is loaded, and what to do; empty where it is not so."""
        if self.network.nodes or self.table is None:
            return ""
        matters = self._problems_of_data()
        loaded = f"{self.table.name} is loaded"
        if matters:
            return f"{loaded}, but no network can be proposed for it. {matters[0]}"
        return f"{loaded}, and nothing is drawn yet. Propose a network in Problems, or drag layers from the palette."

    def _problems_of_data(self) -> tuple[Problem, ...]:
        if self.table is None:
            hint = "Drop a CSV file on the window, or open one."
            return (Problem(node="", what=NO_DATA, hint=hint),)
        split = self.rows
        assert split is not None
        found = check_columns(self.table, self.columns, split)
        if found:
            return found
        try:
            _pipeline(self.table, self.columns, self.split, *self._wishes)
        except DataError as error:
            return (Problem(node="", what=str(error), hint=""),)
        return ()

    @property
    def design(self) -> str:
        """A digest of all that a trained run depends on: drawing, columns, split and data."""
        return self.design_with(self.network)

    def design_with(self, drawn: Network) -> str:
        """Return what `design` is with another drawing."""
        network = {
            "nodes": [(node.id, node.layer.model_dump(mode="json")) for node in drawn.nodes],
            "edges": drawn.edges,
        }
        columns = [_told(use) for use in self.columns]
        data = "" if self.table is None else self.table.digest
        text = json.dumps([network, columns, self.split.model_dump(), data], sort_keys=True)
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()

    @cached_property
    def has_data_of_run(self) -> bool:
        """Whether nothing but the drawing has changed since the current run."""
        return self.run is not None and self.run.design == self.design_with(self.run.network)

    @property
    def goes_on(self) -> bool:
        """Whether training goes on with the current run: nothing differs but rates and strengths of its layers."""
        run = self.run
        if run is None or run.settings.precision != self.settings.precision:
            return False
        if run.design == self.design:
            return True
        return bool(steered(run.network, self.network)) and self.has_data_of_run

    def moved_on(self) -> str:
        """Return in words that the drawing or the data are no longer those of the run; empty where they are."""
        run = self.run
        if run is None or run.design == self.design or self.goes_on:
            return ""
        return "The drawing or the data have changed since this run: it predicts with the network and the data it had."

    def predict(self, rows: Any) -> list[dict[str, Any]]:
        """Return the current run's answers for rows, in words.

        Parameters
        ----------
        rows : list of dict, polars or pandas frame, or path of a CSV file

        Returns
        -------
        list of dict
            For each row ``predicted`` (or ``predicted <target>`` for several targets) and ``probability <class>``.

        Raises
        ------
        NotTrainedError
            When nothing was trained.
        DataError
            When a column is missing or a cell does not fit.
        """
        return predict_rows(self.trained_run(), rows)

    def trained_run(self) -> Run:
        """Return the current run.

        Raises
        ------
        NotTrainedError
            When nothing was trained.
        """
        if self.run is None:
            raise NotTrainedError("This project has not been trained yet. Train it first.")
        return self.run


def _told(use: ColumnUse) -> dict[str, Any]:
    """Return what a design tells of a column; what is as ever is left out, so that older designs stay what they are."""
    usual = {"scaling"} if use.scaling == "standardised" else set()
    return use.model_dump(exclude={"reason", *usual})


@lru_cache(maxsize=16)
def _pipeline(
    table: Table, columns: tuple[ColumnUse, ...], settings: SplitSettings, wants: str, domain: str
) -> Pipeline:
    """Return the fitted pipeline, with the targets as the cost wants them where the target can be had so."""
    suitable = fitted_pipeline(table, columns, settings)
    if suitable.task == "regression":
        if domain == "any":
            return suitable
        # Moved and scaled, targets would leave the domain of the cost.
        count = len(suitable.target_names)
        return suitable.model_copy(update={"target_means": (0.0,) * count, "target_scales": (1.0,) * count})
    return suitable.model_copy(update={"wants": wants}) if wants else suitable


def _told_of(network: Network) -> object:
    """Return what a sentence on how a network came about may tell: layers without what a person holds, and wires."""
    return [(node.id, node.held(Holds()).layer) for node in network.nodes], network.edges
