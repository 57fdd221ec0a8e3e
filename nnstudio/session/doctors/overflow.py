"""Numbers that are no numbers any more."""

from __future__ import annotations

from collections.abc import Iterator

from nnstudio.engine.origin import where_it_was
from nnstudio.i18n import Phrase
from nnstudio.project import Edit, edits, together
from nnstudio.project.files.storage import EMBED_BYTES
from nnstudio.session.doctor import Finding, Rule, cell_to_blame, standardise_inputs, start_over_lower, use_adam
from nnstudio.session.examination import Examination


class NotANumber(Rule):
    """Numbers grew until they could not be told any more.

    References
    ----------
    D. Goldberg, "What every computer scientist should know about floating-point arithmetic", 1991.
    """

    key = "not_a_number"

    def look(self, seen: Examination) -> Iterator[Finding]:
        """Yield the first layer and the first row that ran away: for a cell that is too large, or a step that is."""
        if not seen.divergence:
            return
        cell, rate = cell_to_blame(seen), seen.settings.optimizer.rate
        if cell is not None:
            why = f"'{cell.column}' comes as it is, and is {cell.size:,.3g} in size there"
        elif rate is not None:
            why = f"the learning rate of {rate:g} is too high"
        else:
            why = f"the steps of {seen.settings.optimizer.title} are too long"
        where = where_it_was(seen.origin, seen.network, seen.line_of_origin)
        yield Finding(
            key=self.key,
            sentence=f"The numbers ran away{where}: {why}.",
            cure=_cure(seen),
            nodes=(seen.origin.node,) if seen.origin is not None else seen.network.output_ids,
            row=seen.line_of_origin,
            begins_anew=True,
        )


def _cure(seen: Examination) -> Edit:
    cell, rate = cell_to_blame(seen), seen.settings.optimizer.rate
    table = seen.project.table
    if cell is not None and cell.alone and table is not None and len(table.to_csv()) <= EMBED_BYTES:
        title = Phrase("Leave '{name}' at line {line:,} empty", name=cell.column, line=seen.line_of_origin)
        return together(title, edits.empty_cell(cell.row, cell.column), edits.reset_training())
    if cell is not None:
        return standardise_inputs(seen)
    if rate is not None:
        return start_over_lower(seen, rate)
    return together("Start over with Adam", use_adam(seen), edits.new_weights())
