"""What pins are called, what there is to be pinned, and what is said when pins go, in words."""

from __future__ import annotations

from nnstudio.engine import Network
from nnstudio.gui.canvas.geometry import Geometry
from nnstudio.gui.dialogs.pin import PinChoice
from nnstudio.gui.moments.pin import Pin
from nnstudio.i18n import tr


def pin_title(geometry: Geometry, pin: Pin) -> str:
    """Return what to call a neuron or a weight of what is drawn; where that is not known, the name of its layer."""
    network = geometry.network
    if not pin.fits(network):
        return network.node(pin.node).name if pin.node in network else pin.node
    if pin.weight:
        source = _unit(geometry, pin.source(network), pin.index[0])
        return tr("weight {source} → {target}").format(source=source, target=_unit(geometry, pin.node, pin.index[1]))
    name, own = network.node(pin.node).name, _names(geometry, pin.node)
    if own:
        return tr("{layer}, {name}").format(layer=name, name=own[pin.index[0]])
    pictures = len(network.shapes()[pin.node] or ()) == 3
    words = tr("{layer}, map {number}") if pictures else tr("{layer}, neuron {number}")
    return words.format(layer=name, number=pin.index[0] + 1)


def gone_words(count: int) -> str:
    """Return what to say when so many pins go because the network has their neurons or weights no more."""
    if count == 1:
        return tr("What was pinned is no longer in the network: its pin is gone.")
    return tr("{count} pins are gone: what they showed is no longer in the network.").format(count=count)


def pin_choices(geometry: Geometry, network: Network) -> list[PinChoice]:
    """Return each layer of which a neuron can be pinned, in the order of the flow."""
    choices = []
    for id in network.order:
        shape = network.shapes()[id]
        if not shape or not Pin(id, (0,)).fits(network):
            continue
        kernel = network.weight_shapes().get(f"{id}/kernel", ())
        sources: list[str] = []
        if len(kernel) == 2 and kernel[1:] == shape:
            before = network.sources(id)[0]
            sources = [_unit(geometry, before, unit) for unit in range(kernel[0])]
        units = _names(geometry, id) or [str(unit + 1) for unit in range(shape[-1])]
        choices.append(PinChoice(id, network.node(id).name, units, sources, "kernel"))
    return choices


def _unit(geometry: Geometry, node: str, unit: int) -> str:
    network, names = geometry.network, _names(geometry, node)
    if names and node in network.input_ids:
        return names[unit]
    return f"{network.node(node).name} · {names[unit] if names else unit + 1}"


def _names(geometry: Geometry, node: str) -> tuple[str, ...]:
    """Return what the units of a layer are called, where they have names; those that answer have the classes'."""
    network = geometry.network
    answering = [id for id in network.targets(node) if id in network.output_ids]
    names = geometry.cards[geometry.key_of(answering[0] if answering else node)].subject.names
    return names if (len(names),) == network.shapes()[node] else ()
