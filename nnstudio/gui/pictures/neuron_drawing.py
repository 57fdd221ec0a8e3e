"""Neurons as circles and weights as lines, as textbooks draw a multilayer perceptron."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from nnstudio.engine import Array, Network
from nnstudio.gui.pictures.drawing import Picture
from nnstudio.gui.pictures.inks import Inks, paint_marks, place_of, text_width
from nnstudio.gui.pictures.neuron_layout import lay_out_neurons


class NeuronDrawing(Picture):
    """Draws flat layers as columns of circles, wide ones folded, and all others as boxes.

    Parameters
    ----------
    network : Network
    inks : Inks
    weights : mapping of str to Array
        By ``node/weight``; lines then have the colour of their sign and the width of their size.
    names : mapping of str to tuple of str
        What the units of a node are called.
    """

    def __init__(
        self,
        network: Network,
        inks: Inks,
        weights: Mapping[str, Array] | None = None,
        names: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        self._inks = inks
        self._marks = lay_out_neurons(network, text_width, weights or {}, names or {}).marks

    @property
    def bounds(self) -> QRectF:
        """The place of circles, boxes and words."""
        return place_of(self._marks)

    def paint(self, painter: QPainter) -> None:
        """Paint lines, circles, boxes and words."""
        paint_marks(painter, self._marks, self._inks)
