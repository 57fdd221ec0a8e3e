"""What the timeline says of the moments of a run."""

from __future__ import annotations

from collections.abc import Sequence

from nnstudio.engine import Change, Network, Optimizer, Rung, changed_since
from nnstudio.i18n import tr
from nnstudio.project import Run


def why_no_past(run: Run) -> str:
    """Return in words where a run stands of whose earlier steps none is kept, and why that is so."""
    why = tr("earlier steps made room for other runs, or are not in the file: they are not kept")
    return tr("step {step} · {why}").format(step=f"{run.state.step:,}", why=why)


def moment_words(rung: Rung, run: Run, more: str = "") -> str:
    """Return in words which moment of a run is shown, with something more that is to be said of it."""
    is_changed = changed_since(run.journal[: rung.changes], rung.step)  # which is not what the step cost
    cost = None if is_changed else run.history.cost_at(rung.step)
    parts = [tr("step {step} of {last}").format(step=f"{rung.step:,}", last=f"{run.state.step:,}")]
    if more:
        parts.append(more)
    operation = next((change for change in run.journal[rung.changes :] if change.is_operation), None)
    if operation is not None:
        parts.append(tr("before {operation}").format(operation=operation.value))
    # What is told elsewhere too comes last: there may be no room for it.
    parts.append(tr("epoch {epoch}").format(epoch=f"{rung.state.epoch:,}"))
    if cost is not None:
        parts.append(tr("cost {cost}").format(cost=f"{cost:.4g}"))
    return " · ".join(parts)


def changes_in_words(journal: Sequence[Change], network: Network) -> list[tuple[int, str]]:
    """Return the steps at which something was changed while a run trained, and what in words."""
    return [(change.step, _change_words(change, network)) for change in journal]


def _change_words(change: Change, network: Network) -> str:
    value = change.value
    if change.is_operation:
        return str(value)
    if change.name == "optimizer":
        optimizer = Optimizer.model_validate(value)
        if optimizer.rate is None:
            return tr(optimizer.title)
        return tr("{optimizer} with learning rate {rate}").format(optimizer=tr(optimizer.title), rate=optimizer.rate)
    if change.name == "batch_size":
        return tr("full batch") if value is None else tr("batches of {rows}").format(rows=value)
    if change.name == "class_weights":
        return tr("classes count otherwise")
    if change.name == "layers":
        names = ", ".join(network.node(id).name if id in network else id for id in value)
        return tr("other settings of {names}").format(names=names)
    return f"{tr(change.name.replace('_', ' '))} {value}"
