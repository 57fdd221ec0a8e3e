"""Which networks an optimizer cannot train, known before it begins."""

from __future__ import annotations

from nnstudio.engine.network import Network
from nnstudio.engine.optimizer import Optimizer, Search


def why_unsuited(optimizer: Optimizer, network: Network) -> tuple[str, str] | None:
    """Return why an optimizer cannot train a network, and what to do; None where it can.

    Parameters
    ----------
    optimizer : Optimizer
    network : Network
        Without problems.

    Returns
    -------
    (str, str) or None
        One sentence each.
    """
    if not isinstance(optimizer, Search) or not optimizer.squares_only:
        return None
    (output,) = network.output_ids
    if network.output.cost.square_share(network.shapes()[output] or (1,)) is None:
        cost = network.output.cost.title
        return (
            f"{optimizer.title} solves for squared differences, which {cost} is not.",
            "Use mean squared error or the quadratic cost, or another optimizer.",
        )
    if any(network.remembered(id) for id in network.order):
        return (
            f"{optimizer.title} looks at each row by itself, which batch normalisation cannot.",
            "Remove it, or use another optimizer.",
        )
    return None
