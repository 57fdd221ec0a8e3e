"""All edits by their names, and how a problem's cure becomes one."""

from __future__ import annotations

from collections.abc import Collection

from nnstudio.components import Fix
from nnstudio.data import ColumnUse, Role, SplitSettings, Table, propose_columns, propose_split
from nnstudio.errors import DataError
from nnstudio.i18n import Phrase
from nnstudio.project.drawing import clear_of_notes
from nnstudio.project.edits.class_weights import balance_classes, set_class_weights
from nnstudio.project.edits.cures import CURES, read_as_codes
from nnstudio.project.edits.drawing_edits import (
    add_note,
    change_note,
    colour_block,
    colour_nodes,
    group,
    rename_block,
    set_collapsed,
    ungroup,
)
from nnstudio.project.edits.edit import Edit
from nnstudio.project.edits.fragment_edits import duplicate, paste
from nnstudio.project.edits.layout_edits import tidy
from nnstudio.project.edits.network_edits import (
    add_node,
    fit_ends,
    insert_between,
    insert_on_edge,
    move_nodes,
    remove_nodes,
    rename,
    set_activation,
    set_cost,
    set_initializer,
    set_layer,
    set_units,
)
from nnstudio.project.edits.runs import choose_run, delete_run, pin_run, rename_run
from nnstudio.project.edits.template_edits import use_template
from nnstudio.project.edits.wire_edits import connect, disconnect, put_into_wire, rewire
from nnstudio.project.fitting import dealt_rows, fitted_pipeline
from nnstudio.project.inputs import fitted_shapes
from nnstudio.project.project import Project
from nnstudio.project.proposal import propose
from nnstudio.project.settings import Settings

__all__ = [
    "add_node",
    "add_note",
    "apply_fix",
    "balance_classes",
    "change_note",
    "choose_run",
    "colour_block",
    "colour_nodes",
    "connect",
    "delete_run",
    "disconnect",
    "duplicate",
    "empty_cell",
    "fit_ends",
    "group",
    "insert_between",
    "insert_on_edge",
    "leave_out",
    "move_nodes",
    "new_weights",
    "paste",
    "pin_run",
    "propose_network",
    "put_into_wire",
    "read_as_codes",
    "remove_nodes",
    "rename",
    "rename_block",
    "rename_run",
    "reset_training",
    "rewire",
    "set_activation",
    "set_class_weights",
    "set_collapsed",
    "set_column_use",
    "set_cost",
    "set_initializer",
    "set_layer",
    "set_settings",
    "set_split",
    "set_table",
    "set_units",
    "spell_alike",
    "tidy",
    "ungroup",
    "use_template",
]


def set_table(table: Table, target: str | None = None) -> Edit:
    """Load a table.

    Columns and split are proposed. On an empty canvas a network that fits is proposed too; a drawn one is left alone.
    """

    def apply(project: Project) -> Project:
        columns = _kept_uses(project, table) if target is None else None
        loaded = project.replace(
            table=table,
            columns=columns or propose_columns(table, target),
            split=propose_split(table).model_copy(update={"seed": project.split.seed}),
        )
        return _proposed(loaded) if not project.network.nodes else loaded

    return Edit(Phrase("Load {table}", table=table.name), apply)


def propose_network(hidden: tuple[int, ...] | None = None) -> Edit:
    """Replace the drawing by a network that fits the data."""
    return Edit("Propose a network", lambda project: _proposed(project, hidden))


def set_column_use(use: ColumnUse) -> Edit:
    """Use a column in another way."""

    def apply(project: Project) -> Project:
        return project.replace(columns=tuple(use if old.name == use.name else old for old in project.columns))

    words = "Column '{name}' → {role}, {kind}" + (", as it is" if use.scaling == "as_is" else "")
    role, kind = Phrase(use.role), Phrase(use.kind.replace("_", "/"))
    return Edit(Phrase(words, name=use.name, role=role, kind=kind), apply)


def empty_cell(row: int, name: str) -> Edit:
    """Leave one cell of the table empty; the data go into the file from here on, for they are no longer those read."""

    def apply(project: Project) -> Project:
        if project.table is None:
            return project
        return project.replace(table=project.table.without_cell(row, name), embed_data=True)

    return Edit(Phrase("Leave a cell of '{name}' empty", name=name), apply)


def spell_alike(name: str) -> Edit:
    """Write words of a column alike that differ in capitals only; the data go into the file from here on.

    The inputs, or the units of the answer, become as many as there are words left.
    """

    def apply(project: Project) -> Project:
        if project.table is None or name not in project.table.column_names:
            return project
        project = project.replace(table=project.table.with_one_spelling(name), embed_data=True)
        return fit_ends().apply(project) if project.network.nodes and project.pipeline is not None else project

    return Edit(Phrase("Write words of '{name}' alike", name=name), apply)


def leave_out(names: Collection[str]) -> Edit:
    """Let the network read columns no longer; its inputs become as wide as what is left."""

    def apply(project: Project) -> Project:
        roles: dict[Role, Role] = {"input": "ignore", "both": "target"}
        columns = tuple(
            use.model_copy(update={"role": roles.get(use.role, use.role)}) if use.name in names else use
            for use in project.columns
        )
        project = project.replace(columns=columns)
        pipeline = project.pipeline
        if pipeline is None:
            return project
        for id, shape in fitted_shapes(project.network, len(pipeline.features)).items():
            project = set_layer(id, project.network.node(id).layer.replace(shape=shape)).apply(project)
        return project

    words = "Leave '{name}' out" if len(names) == 1 else "Leave {count} columns out"
    return Edit(Phrase(words, name=next(iter(names), ""), count=len(names)), apply)


def set_split(split: SplitSettings) -> Edit:
    """Deal the rows out in another way."""
    title = Phrase("Split {shares}", shares=f"{split.train:.0%} / {split.validation:.0%} / {split.test:.0%}")
    return Edit(title, lambda project: project.replace(split=split), "split")


def set_settings(settings: Settings, changed: Collection[str] = ()) -> Edit:
    """Train in another way.

    Parameters
    ----------
    settings : Settings
    changed : collection of str
        The names of what is changed; changes of the same are undone together.
    """
    merge = f"settings {sorted(changed)}" if changed else ""
    return Edit(_in_words(settings, changed), lambda project: project.replace(settings=settings), merge)


def _in_words(settings: Settings, changed: Collection[str]) -> str:
    """Return what is set, in words, where it is one thing that is told shortly."""
    if list(changed) == ["optimizer"]:
        rate = getattr(settings.optimizer, "learning_rate", None)
        words = "Train with {name}" if rate is None else "Train with {name} at a rate of {rate:g}"
        return Phrase(words, name=Phrase(settings.optimizer.title), rate=rate)
    if list(changed) == ["batch_size"]:
        size = settings.batch_size
        return Phrase("Train on all rows at once" if size is None else "Train on batches of {rows:,}", rows=size)
    if list(changed) == ["shuffle"]:
        return "Shuffle the rows" if settings.shuffle else "Keep the rows in the order of the file"
    if len(changed) == 1:
        return Phrase("Change the {what}", what=Phrase(next(iter(changed)).replace("_", " ")))
    return "Change the training settings"


def reset_training() -> Edit:
    """Return to the same first weights; what was trained stays among the runs."""
    return Edit("Reset to the first weights", lambda project: project.replace(current=""))


def new_weights() -> Edit:
    """Draw other first weights."""

    def apply(project: Project) -> Project:
        seed = (project.settings.seed + 1) % 2**31
        settings = project.settings.model_copy(update={"seed": seed})
        return project.replace(settings=settings, current="")

    return Edit("Draw new first weights", apply)


def apply_fix(fix: Fix) -> Edit:
    """Return the edit that a problem's cure asks for.

    Raises
    ------
    KeyError
        When there is no such cure.
    """
    if fix.key == "propose_network":
        return propose_network(**fix.arguments)
    if fix.key == "spell_alike":
        return spell_alike(**fix.arguments)
    if fix.key == "leave_out":
        return leave_out(**fix.arguments)
    return CURES[fix.key](**fix.arguments)


def _kept_uses(project: Project, table: Table) -> tuple[ColumnUse, ...] | None:
    """Return the columns' uses as they are, where the new table has the same columns of the same kinds."""
    old = project.table
    if old is None or old.column_names != table.column_names:
        return None
    same = all(old.column(column.name).kind == column.kind for column in table.columns)
    return project.columns if same else None


def _proposed(project: Project, hidden: tuple[int, ...] | None = None) -> Project:
    """Return the project with a network that fits its data; unchanged where the data cannot be trained on."""
    if project.table is None:
        return project
    train = dealt_rows(project.table, project.columns, project.split).train
    try:
        pipeline = fitted_pipeline(project.table, project.columns, project.split)
    except DataError:
        return project
    if not train or (pipeline.task != "regression" and len(pipeline.class_names) < 2):
        return project
    proposal = propose(project.table, pipeline, len(train), hidden, project.settings.seed)
    return project.replace(
        network=proposal.network,
        positions=clear_of_notes(proposal.positions, project.notes),
        colours={},
        blocks=(),
        settings=proposal.settings,
        note=proposal.sentence,
    )
