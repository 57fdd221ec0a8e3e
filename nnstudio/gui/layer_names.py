"""By what people look for a layer."""

from nnstudio.engine import Layer
from nnstudio.i18n import tr


def names_of(layer: type[Layer]) -> tuple[str, ...]:
    """Return the names of a layer: its title first, then by what else it may be found."""
    return tr(layer.title), layer.title, layer.key, layer.group, *layer.other_names
