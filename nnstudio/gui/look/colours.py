"""From numbers to colours: blue for positive, orange for negative, the card's own colour for zero."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage

from nnstudio.engine import Array
from nnstudio.gui.look.theme import Theme

Pixels = NDArray[np.uint32]

STRENGTH = 0.86
"""How far the strongest value is from the card's colour."""

CLASS_COLOURS = (
    "#d97706",
    "#2f7fe0",
    "#1c9a6c",
    "#a44bd3",
    "#d6456b",
    "#0c9fb0",
    "#8a7a18",
    "#5b5bd6",
    "#c2562d",
    "#5f7a8c",
)
"""Colours of classes in their order: the first two are those of a yes/no answer, no then yes."""

MARKS = {
    "blue": "#2f7fe0",
    "green": "#1c9a6c",
    "orange": "#ee8a1d",
    "red": "#d6456b",
    "purple": "#a44bd3",
    "grey": "#7a8496",
}
"""The colours that people give to layers, blocks and notes, by their names in a project."""


def mark_color(name: str, theme: Theme) -> QColor:
    """Return one of the colours that people give; that of plain lines where the name is not known."""
    return QColor(MARKS[name]) if name in MARKS else theme.color("faint")


USES = {"train": "positive", "validation": "negative", "test": "good"}
"""The theme's colours of rows by what they are for, the same in every plot."""


def use_color(use: str, theme: Theme) -> QColor:
    """Return the colour of the rows for ``"train"``, ``"validation"`` or ``"test"``."""
    return theme.color(USES[use])


def class_color(index: int) -> QColor:
    """Return the colour of a class."""
    return QColor(CLASS_COLOURS[index % len(CLASS_COLOURS)])


def answer_color(index: int, count: int, theme: Theme) -> QColor:
    """Return the colour of a class among so many: of two, that of no or of yes."""
    return theme.color("positive" if index else "negative") if count == 2 else class_color(index)


@lru_cache(maxsize=4)
def value_table(theme: Theme) -> Pixels:
    """Return 256 colours from -1 (orange) over 0 (card) to 1 (blue)."""
    zero = _rgb(QColor(theme.card))
    ends = [_rgb(QColor(theme.negative)), _rgb(QColor(theme.positive))]
    values = np.linspace(-1, 1, 256)
    mixed = np.empty((256, 3))
    for index, value in enumerate(values):
        end = ends[int(value > 0)]
        mixed[index] = zero + (end - zero) * abs(value) * STRENGTH
    return _packed(mixed)


def value_pixels(values: Array, theme: Theme) -> Pixels:
    """Return the colours of values between -1 and 1."""
    index = np.clip(values * 127.5 + 127.5, 0, 255).astype(np.uint8)
    return value_table(theme)[index]


def value_color(value: float, theme: Theme) -> QColor:
    """Return the colour of one value between -1 and 1."""
    return QColor.fromRgb(int(value_table(theme)[int(np.clip(value * 127.5 + 127.5, 0, 255))]))


def class_pixels(probabilities: Array, theme: Theme) -> Pixels:
    """Return the colours of class probabilities in the last axis: the likeliest class, paler where it is unsure."""
    count = probabilities.shape[-1]
    colours = np.array([_rgb(class_color(index)) for index in range(count)])
    zero = _rgb(QColor(theme.card))
    winner = probabilities.argmax(axis=-1)
    certainty = np.clip((probabilities.max(axis=-1) - 1 / count) / (1 - 1 / count), 0, 1)[..., None]
    return _packed(zero + (colours[winner] - zero) * certainty * STRENGTH)


def share_pixels(shares: Array, theme: Theme) -> Pixels:
    """Return the colours of the shares of all classes in the last axis, as `answer_color` has them for one."""
    return value_pixels(shares[..., 1] * 2 - 1, theme) if shares.shape[-1] == 2 else class_pixels(shares, theme)


def value_image(values: Array, theme: Theme) -> QImage:
    """Return numbers of shape (height, width) as an image, the largest of them in the strongest colour."""
    finite = np.nan_to_num(np.asarray(values, np.float32), posinf=0, neginf=0)
    reach = float(np.abs(finite).max()) if finite.size else 0.0
    return to_image(value_pixels(finite / max(reach, 1e-12), theme))


def value_strip(pictures: Array, theme: Theme) -> QImage:
    """Return pictures of shape (height, width, pictures) below each other, each with its largest number strongest."""
    tall = np.ascontiguousarray(np.moveaxis(pictures, 2, 0), np.float32)
    np.nan_to_num(tall, copy=False, posinf=0, neginf=0)
    tall /= np.maximum(np.abs(tall).max(axis=(1, 2), keepdims=True), 1e-12)
    return to_image(value_pixels(tall.reshape(-1, tall.shape[2]), theme))


def to_image(pixels: Pixels) -> QImage:
    """Return pixels of shape (height, width) as an image that owns its memory."""
    pixels = np.ascontiguousarray(pixels)
    height, width = pixels.shape
    return QImage(pixels.tobytes(), width, height, 4 * width, QImage.Format.Format_RGB32).copy()


def _rgb(color: QColor) -> NDArray[np.float64]:
    return np.array([color.red(), color.green(), color.blue()], np.float64)


def _packed(colours: NDArray[np.float64]) -> Pixels:
    rgb = colours.round().astype(np.uint32)
    packed: Pixels = np.uint32(0xFF000000) | rgb[..., 0] << np.uint32(16) | rgb[..., 1] << np.uint32(8) | rgb[..., 2]
    return packed
