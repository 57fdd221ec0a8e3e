"""The layers of a network as a table, for papers and notes."""

from __future__ import annotations

import csv
import io

from nnstudio.engine import Network

HEADINGS = ("Layer", "Kind", "From", "Output", "Parameters")


def layer_table(network: Network) -> list[tuple[str, ...]]:
    """Return a row for each layer in the order of the flow, and one with the total.

    Parameters
    ----------
    network : Network

    Returns
    -------
    list of tuple of str
        As many words in each as there are `HEADINGS`.
    """
    rows: list[tuple[str, ...]] = []
    total = 0
    for id in network.order:
        node, shape, count = network.node(id), network.shapes()[id], network.parameter_count(id)
        total += count or 0
        rows.append(
            (
                node.name,
                node.layer.note(),
                ", ".join(network.node(source).name for source in network.sources(id)),
                "?" if shape is None else " × ".join(map(str, shape)),
                "?" if count is None else f"{count:,}",
            )
        )
    rows.append(("Total", "", "", "", f"{total:,}"))
    return rows


def to_markdown(network: Network) -> str:
    """Return the table in Markdown."""
    rows = [HEADINGS, ("---", "---", "---", "---", "---:"), *layer_table(network)]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows) + "\n"


def to_csv(network: Network) -> str:
    """Return the table as comma-separated values."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADINGS)
    writer.writerows(layer_table(network))
    return text.getvalue()
