"""What a person holds of a network to see what it is for: silenced units, frozen weights, frozen layers.

What is held is part of the drawing's layers. Each edit changes the drawing and, where it was trained on this drawing,
the run that stands still with it: what the network answers now is seen at once, and training goes on from there.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from nnstudio.engine import Change, Network
from nnstudio.engine.holds import Holds
from nnstudio.errors import NetworkError
from nnstudio.i18n import Phrase
from nnstudio.project.edits.edit import Edit
from nnstudio.project.edits.runs import goes_on_as
from nnstudio.project.edits.weight_edits import set_weight
from nnstudio.project.project import Project
from nnstudio.project.wires import replaced


def silence_unit(node: str, unit: int, *, silent: bool = True, name: str = "") -> Edit:
    """Let a unit or channel say 0 to the layers behind it, or let it speak again; the history calls the layer by name.

    Raises
    ------
    NetworkError
        When it is applied to a layer whose units cannot be silenced, or that has no such unit.
    """

    def change(network: Network) -> Network:
        reason = why_not_silent(network, node, unit)
        if reason and silent:
            raise NetworkError(reason)
        return _with_holds(network, node, network.node(node).layer.holds.silenced(unit, silent=silent))

    words = "Silence unit {unit} of '{layer}'" if silent else "Wake unit {unit} of '{layer}'"
    return _held(Phrase(words, unit=unit + 1, layer=name or node), node, change)


def freeze_weight(weight: str, index: tuple[int, ...], *, frozen: bool = True) -> Edit:
    """Let one weight keep its value while training goes on, or let it learn again.

    Parameters
    ----------
    weight : str
        ``node/weight``.
    index : tuple of int
        Where it stands in the weight.
    frozen : bool

    Raises
    ------
    NetworkError
        When it is applied to a network that has no such weight.
    """
    node, _, name = weight.rpartition("/")

    def change(network: Network) -> Network:
        shape = network.weight_shapes().get(weight, ())
        if len(shape) != len(index) or any(not 0 <= i < size for i, size in zip(index, shape, strict=True)):
            raise NetworkError(f"There is no weight {weight} with the places {index}.")
        place = int(np.ravel_multi_index(index, shape))
        return _with_holds(network, node, network.node(node).layer.holds.froze(name, place, frozen=frozen))

    places = ", ".join(str(i + 1) for i in index)
    words = "Freeze a weight of '{layer}': {weight}" if frozen else "Let go of a weight of '{layer}': {weight}"
    return _held(Phrase(words, layer=node, weight=f"{name} {places}"), node, change)


def zero_weight(weight: str, index: tuple[int, ...]) -> Edit:
    """Set one weight of the trained network to 0 and freeze it there, to see what it is for."""

    def apply(project: Project) -> Project:
        return freeze_weight(weight, index).apply(set_weight(weight, index, 0.0).apply(project))

    return Edit(Phrase("Set the weight {weight} to 0 and freeze it", weight=weight), apply)


def freeze_layer(node: str, *, frozen: bool = True, name: str = "") -> Edit:
    """Let all weights of a layer keep their values while the others learn, or let them learn again."""

    def change(network: Network) -> Network:
        holds = network.node(node).layer.holds
        return _with_holds(network, node, holds.model_copy(update={"whole": frozen}))

    words = "Freeze '{layer}'" if frozen else "Let go of '{layer}'"
    return _held(Phrase(words, layer=name or node), node, change)


def let_go(node: str, name: str = "") -> Edit:
    """Hold nothing of a layer any more."""
    title = Phrase("Let go of everything in '{layer}'", layer=name or node)
    return _held(title, node, lambda network: _with_holds(network, node, Holds()))


def is_frozen(network: Network, weight: str, index: tuple[int, ...]) -> bool:
    """Return whether one weight keeps its value, by itself or with its whole layer."""
    node, _, name = weight.rpartition("/")
    holds = network.node(node).layer.holds
    place = int(np.ravel_multi_index(index, network.weight_shapes()[weight]))
    return holds.whole or place in holds.frozen.get(name, ())


def why_not_silent(network: Network, node: str, unit: int) -> str:
    """Return why a unit cannot be silenced, in words; empty where it can."""
    shape = network.shapes().get(node)
    if node not in network or not shape or not network.sources(node):
        return "Only what a layer says can be silenced."
    if network.gives_answer(node):
        return f"'{network.node(node).name}' gives the answer itself. Silence units of the layers before it."
    if not 0 <= unit < shape[-1]:
        return f"'{network.node(node).name}' has the units 1 to {shape[-1]}."
    return ""


def _with_holds(network: Network, node: str, holds: Holds) -> Network:
    return replaced(network, nodes=tuple(one.held(holds) if one.id == node else one for one in network.nodes))


def _held(title: str, node: str, change: Callable[[Network], Network]) -> Edit:
    def apply(project: Project) -> Project:
        if node not in project.network:
            return project
        drawn = project.replace(network=change(project.network))
        run = project.run
        if run is None or not project.goes_on or node not in run.network:
            return drawn
        network = change(run.network)
        layers = {node: network.node(node).layer.model_dump(mode="json")}
        journal = (*run.journal, Change(run.state.step, "layers", layers))
        return goes_on_as(drawn, run, network=network, design=drawn.design_with(network), journal=journal)

    return Edit(title, apply)
