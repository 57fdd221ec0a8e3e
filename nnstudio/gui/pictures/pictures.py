"""Which pictures there are of a network."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtGui import QColor

from nnstudio.engine import Network
from nnstudio.gui.canvas.scene import Scene
from nnstudio.gui.look.theme import LIGHT, Theme, theme
from nnstudio.gui.moments.living import LivingFrame
from nnstudio.gui.pictures.block_drawing import BlockDrawing
from nnstudio.gui.pictures.canvas_picture import CanvasPicture
from nnstudio.gui.pictures.drawing import Picture
from nnstudio.gui.pictures.inks import Inks
from nnstudio.gui.pictures.neuron_drawing import NeuronDrawing
from nnstudio.i18n import tr

STYLES = ("paper", "window")


class Pictures:
    """Makes the pictures of what the canvas shows.

    Parameters
    ----------
    scene : Scene
    frame : LivingFrame or None
        The moment that is shown.
    names : mapping of str to tuple of str
        What the units of a node are called.
    """

    def __init__(self, scene: Scene, frame: LivingFrame | None, names: Mapping[str, tuple[str, ...]]) -> None:
        self._scene = scene
        self._frame = frame
        self._names = names
        self._makers: dict[str, tuple[str, Callable[[Theme, Inks], Picture]]] = {
            "canvas": (tr("The canvas as it is"), self._canvas),
            "neurons": (tr("Neurons as circles"), self._neurons),
            "blocks": (tr("Feature maps as blocks"), self._blocks),
        }

    @property
    def network(self) -> Network:
        """The network that is drawn."""
        return self._scene.geometry.network

    @property
    def titles(self) -> dict[str, str]:
        """What each picture is called, by its key."""
        return {key: title for key, (title, _) in self._makers.items()}

    def make(self, key: str, style: str, *, transparent: bool) -> tuple[Picture, QColor | None]:
        """Return a picture and the colour behind it, None for none.

        Parameters
        ----------
        key : str
            One of the keys of `titles`.
        style : str
            ``"paper"`` for black on white, whatever the window looks like, or ``"window"`` for its colours.
        transparent : bool
            Whether nothing is behind it.
        """
        colours = LIGHT if style == "paper" else theme()
        white, black = QColor("white"), QColor("black")
        inks = Inks(
            black if style == "paper" else colours.color("text"),
            white if style == "paper" else colours.color("card"),
            colours.color("positive"),
            colours.color("negative"),
        )
        behind = white if style == "paper" else colours.color("canvas")
        return self._makers[key][1](colours, inks), None if transparent else behind

    def _canvas(self, colours: Theme, inks: Inks) -> Picture:
        del inks
        return CanvasPicture(self._scene, self._frame, colours)

    def _neurons(self, colours: Theme, inks: Inks) -> Picture:
        del colours
        weights = self._frame.on_drawing().weights if self._frame is not None else {}
        return NeuronDrawing(self.network, inks, weights, self._names)

    def _blocks(self, colours: Theme, inks: Inks) -> Picture:
        del colours
        return BlockDrawing(self.network, inks.ink, inks.paper)
