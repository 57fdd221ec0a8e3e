"""The project: one frozen value that holds the data, the drawing, the settings and what was trained."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cached_property, lru_cache
from typing import Any, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, model_validator

from nnstudio.components import Fix, Problem
from nnstudio.data import (
    ColumnUse,
    Pipeline,
    Split,
    SplitSettings,
    Table,
    check_columns,
    fit_pipeline,
    split_rows,
)
from nnstudio.engine import Cost, Network
from nnstudio.engine.layers.dense import Dense
from nnstudio.engine.layers.input import Input
from nnstudio.errors import DataError, NotTrainedError
from nnstudio.project.drawing import Block, Colour, Note, Position, check_drawing, kept_blocks
from nnstudio.project.prediction import predict_rows
from nnstudio.project.run import Run
from nnstudio.project.settings import Settings

FIT_ENDS = Fix(key="fit_ends", title="Fit the ends to the data")
_WITHOUT_PROBLEMS = {"positions", "colours", "notes", "blocks", "note", "embed_data"}
"""What can be changed without anything becoming right or wrong."""

PROPOSE = Fix(key="propose_network", title="Propose a new network")


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

        With another network, colours and blocks let go of the nodes that it does not have.
        """
        if "network" in values and (self.colours or self.blocks):
            ids = {node.id for node in values["network"].nodes}
            colours = {id: colour for id, colour in self.colours.items() if id in ids}
            values = {"colours": colours, "blocks": kept_blocks(self.blocks, ids), **values}
        changed = self.model_copy(update=values)
        if not values.keys() <= _WITHOUT_PROBLEMS:
            changed.__dict__.pop("_problems", None)  # what was found out about the old one does not hold for the new
        return changed

    @property
    def rows(self) -> Split | None:
        """Which rows are for what, or None without data."""
        return None if self.table is None else _split(self.table, self.columns, self.split)

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

    @cached_property
    def _problems(self) -> tuple[Problem, ...]:
        return (*self._problems_of_data(), *self.network.problems(), *self._problems_of_fit())

    def _problems_of_data(self) -> tuple[Problem, ...]:
        if self.table is None:
            hint = "Drop a CSV file on the window, or open one."
            return (Problem(node="", what="There are no data to learn from.", hint=hint),)
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

    def _problems_of_fit(self) -> list[Problem]:
        """Return where the ends of the network do not fit the data."""
        pipeline = self.pipeline
        if pipeline is None or len(self.network.output_ids) != 1:
            return []
        found: list[Problem] = []
        fixes = (FIT_ENDS, PROPOSE)
        for id in self.network.input_ids[:1]:
            node = self.network.node(id)
            size = len(pipeline.features)
            if isinstance(node.layer, Input) and node.layer.shape != (size,):
                given = " × ".join(map(str, node.layer.shape))
                found.append(
                    Problem(
                        node=id,
                        what=f"{node} takes {given} numbers, but the data have {size} inputs.",
                        hint="Fit the ends of the network to the data.",
                        fixes=fixes,
                    )
                )
        for extra in self.network.input_ids[1:]:
            node = self.network.node(extra)
            remove = Fix(key="remove_node", title=f"Remove '{node.name}'", arguments={"node": extra})
            what = f"{node} is a second input, and a table has one set of columns."
            found.append(Problem(node=extra, what=what, hint="Remove it.", fixes=(remove,)))
        output = self.network.output_ids[0]
        shape = self.network.shapes()[output]
        cost = self.network.output.cost
        target = ", ".join(pipeline.target_names)
        found += self._problems_of_targets(output, cost, pipeline)
        if pipeline.task == "regression" and cost.wants != "values":
            found.append(
                Problem(
                    node=output,
                    what=f"{cost.title} is for classes, but the target '{target}' is a number.",
                    hint="Use a cost for numbers, or read the target as a category.",
                    fixes=fixes,
                )
            )
        elif shape is not None and shape != (pipeline.output_units,):
            what = (
                f"the target '{target}' has {len(pipeline.class_names)} classes"
                if pipeline.class_names
                else f"the target '{target}' needs {pipeline.output_units}"
            )
            last = self.network.sources(output)[0]
            units = pipeline.output_units
            set_units = Fix(
                key="set_units", title=f"Set {units} units: {what}", arguments={"node": last, "units": units}
            )
            is_dense = isinstance(self.network.node(last).layer, Dense)
            found.append(
                Problem(
                    node=last,
                    other=output,
                    what=f"{self.network.node(last)} answers with {shape[0]} numbers, but {what}.",
                    hint=f"The answer needs {units}.",
                    fixes=(set_units, *fixes) if is_dense else fixes,
                )
            )
        return found

    def _problems_of_targets(self, output: str, cost: Cost, pipeline: Pipeline) -> list[Problem]:
        """Return which target columns leave the domain of the cost."""
        if cost.domain == "any" or pipeline.task != "regression" or self.table is None or self.rows is None:
            return []
        known = sorted((*self.rows.train, *self.rows.validation, *self.rows.test))
        targets = pipeline.encode_targets(self.table, known)
        found = []
        for index, name in enumerate(pipeline.target_names):
            outside = np.flatnonzero(~cost.allows(targets[:, index]))
            if len(outside):
                line = self.table.file_row(known[int(outside[0])])
                needs = "above zero" if cost.domain == "positive" else "of zero or more"
                found.append(
                    Problem(
                        node=output,
                        what=f"{cost.title} needs targets {needs}, but line {line} of '{name}' is "
                        f"{targets[int(outside[0]), index]:g}.",
                        hint="Use another cost, or another target.",
                        fixes=(
                            Fix(
                                key="set_cost",
                                title="Use mean squared error",
                                arguments={"node": output, "cost": "mean_squared_error"},
                            ),
                        ),
                    )
                )
        return found

    @property
    def design(self) -> str:
        """A digest of all that a trained run depends on: drawing, columns, split and data."""
        network = {
            "nodes": [(node.id, node.layer.model_dump(mode="json")) for node in self.network.nodes],
            "edges": self.network.edges,
        }
        columns = [use.model_dump(exclude={"reason"}) for use in self.columns]
        data = "" if self.table is None else self.table.digest
        text = json.dumps([network, columns, self.split.model_dump(), data], sort_keys=True)
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()

    def moved_on(self) -> str:
        """Return in words that the drawing or the data are no longer those of the run; empty where they are."""
        run = self.run
        if run is None or run.design == self.design:
            return ""
        return "The drawing or the data have changed since this run; what it predicts is its own."

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


@lru_cache(maxsize=16)
def _split(table: Table, columns: tuple[ColumnUse, ...], settings: SplitSettings) -> Split:
    return split_rows(settings, table, columns)


@lru_cache(maxsize=16)
def _pipeline(
    table: Table, columns: tuple[ColumnUse, ...], settings: SplitSettings, wants: str, domain: str
) -> Pipeline:
    """Fit the pipeline, with the targets as the cost wants them where the target can be had so."""
    suitable = fit_pipeline(table, columns, _split(table, columns, settings).train)
    if suitable.task == "regression":
        if domain == "any":
            return suitable
        # Moved and scaled, targets would leave the domain of the cost.
        count = len(suitable.target_names)
        return suitable.model_copy(update={"target_means": (0.0,) * count, "target_scales": (1.0,) * count})
    return suitable.model_copy(update={"wants": wants}) if wants else suitable
