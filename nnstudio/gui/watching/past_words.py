"""What the timeline says of the moments of a run."""

from __future__ import annotations

from nnstudio.engine import Rung
from nnstudio.i18n import tr
from nnstudio.project import Run


def why_no_past(run: Run) -> str:
    """Return in words where a run stands of whose earlier steps none is kept, and why that is so."""
    why = tr("earlier steps made room for other runs, or are not in the file: they are not kept")
    return tr("step {step} · {why}").format(step=f"{run.state.step:,}", why=why)


def moment_words(rung: Rung, run: Run, more: str = "") -> str:
    """Return in words which moment of a run is shown, with something more that is to be said of it."""
    costs = run.history.read("cost")
    before = costs.mean[costs.step <= rung.step]
    words = tr("step {step} of {last} · epoch {epoch}").format(
        step=f"{rung.step:,}", last=f"{run.state.step:,}", epoch=f"{rung.state.epoch:,}"
    )
    if len(before):
        words += " · " + tr("cost {cost}").format(cost=f"{before[-1]:.4g}")
    if more:
        words += f" · {more}"
    operation = next((change for change in run.journal[rung.changes :] if change.is_operation), None)
    if operation is not None:
        words += " · " + tr("before {operation}").format(operation=operation.value)
    return words


def changes_by_hand(run: Run | None) -> list[tuple[int, str]]:
    """Return the steps at which layers or weights of a run were changed by hand, and what was done in words."""
    journal = run.journal if run is not None else ()
    return [(change.step, str(change.value)) for change in journal if change.is_operation]
