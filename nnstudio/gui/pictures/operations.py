"""What a layer does, in the words of papers. Knows no Qt."""

from __future__ import annotations

from nnstudio.engine import Layer
from nnstudio.i18n import tr


def operation_of(layer: Layer) -> tuple[str, str]:
    """Return what a layer does, and how: ``("Convolution", "3 × 3, ReLU")``."""
    known = {
        "conv1d": tr("Convolution"),
        "conv2d": tr("Convolution"),
        "depthwise_conv2d": tr("Depthwise convolution"),
        "dense": tr("Full connection"),
    }
    title = known.get(layer.key) or tr(layer.title).removesuffix(" 1-D").removesuffix(" 2-D")
    details = []
    window = getattr(layer, "kernel", None) or getattr(layer, "size", None)
    if window is not None:
        details.append(" × ".join(map(str, window)) if isinstance(window, tuple) else str(window))
    rate = getattr(layer, "rate", None)
    if rate is not None:
        details.append(f"{rate:g}")
    activation = layer.last_activation()
    if activation is not None and activation.key != "linear":
        details.append(tr(activation.title))
    return title, ", ".join(details)
