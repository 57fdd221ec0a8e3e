"""By what people look for a layer, and the order in which they find the layers listed."""

from typing import cast

from nnstudio.components import members
from nnstudio.engine import Layer
from nnstudio.i18n import tr

_GROUPS = ("Ends", "Basic", "Regularising", "Convolution", "Sequence", "Joining", "Feedback")


def names_of(layer: type[Layer]) -> tuple[str, ...]:
    """Return the names of a layer: its title first, then by what else it may be found."""
    return tr(layer.title), layer.title, layer.key, layer.group, *layer.other_names


def layers_in_order() -> list[type[Layer]]:
    """Return every layer that can be chosen, family after family, and by title within each."""
    layers = [cast(type[Layer], member) for member in members("layers")]
    return sorted(layers, key=lambda layer: (_place(layer.group), layer.group, tr(layer.title).casefold()))


def _place(group: str) -> int:
    """Return where a family stands; those that plug-ins bring come last."""
    return _GROUPS.index(group) if group in _GROUPS else len(_GROUPS)
