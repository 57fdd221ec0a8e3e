"""The layers of a network as a table, for papers and notes."""

from __future__ import annotations

import csv
import io

from nnstudio.components import Component
from nnstudio.engine import Layer, Network, shape_in_words

HEADINGS = ("Layer", "Kind", "Settings", "From", "Output", "Parameters")
_MARKDOWN = str.maketrans({"|": "\\|", "\n": " "})


def layer_table(network: Network) -> list[tuple[str, ...]]:
    """Return a row for each layer in the order of the flow, and one with the total.

    Parameters
    ----------
    network : Network

    Returns
    -------
    list of tuple of str
        As many words in each as there are `HEADINGS`; a question mark is what cannot be known yet.
    """
    rows: list[tuple[str, ...]] = []
    counts = {id: network.parameter_count(id) for id in network.order}
    for id, count in counts.items():
        node, shape = network.node(id), network.shapes()[id]
        rows.append(
            (
                node.name,
                node.layer.title,
                settings_of(node.layer),
                ", ".join(network.node(source).name for source in network.sources(id)),
                shape_in_words(shape),
                "?" if count is None else f"{count:,}",
            )
        )
    total = f"{sum(count or 0 for count in counts.values()):,}"
    # A sum that some layers are missing from must not look like the whole.
    rows.append(("Total", "", "", "", "", f"at least {total}" if None in counts.values() else total))
    return rows


def settings_of(layer: Layer) -> str:
    """Return the first parameter of a layer, and those that a new one has not: ``units 16, activation ReLU``."""
    values = [(parameter, getattr(layer, parameter.name)) for parameter in layer.parameters()]
    told = [(one, value) for index, (one, value) in enumerate(values) if index == 0 or value != one.default]
    return ", ".join(f"{one.title.lower()} {_in_words(value)}" for one, value in told)


def to_markdown(network: Network) -> str:
    """Return the table in Markdown."""
    rows = [HEADINGS, ("---", "---", "---", "---", "---", "---:"), *layer_table(network)]
    return "".join("| " + " | ".join(cell.translate(_MARKDOWN) for cell in row) + " |\n" for row in rows)


def to_csv(network: Network) -> str:
    """Return the table as comma-separated values."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADINGS)
    writer.writerows(layer_table(network))
    return text.getvalue()


def _in_words(value: object) -> str:
    match value:
        case None:
            return "none"
        case bool():
            return "on" if value else "off"
        case float():
            return f"{value:g}"
        case tuple():
            return " × ".join(map(str, value))
        case Component():
            return value.title
    return str(value)
