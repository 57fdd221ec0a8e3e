"""Which pictures there are of a network."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtGui import QColor

from nnstudio.engine import Network
from nnstudio.gui.canvas.scene import Scene
from nnstudio.gui.living import LivingFrame
from nnstudio.gui.pictures.block_drawing import BlockDrawing
from nnstudio.gui.pictures.canvas_picture import CanvasPicture
from nnstudio.gui.pictures.drawing import Picture
from nnstudio.gui.pictures.neuron_drawing import NeuronDrawing
from nnstudio.gui.theme import LIGHT, Theme, theme
from nnstudio.i18n import tr

BACKGROUNDS = ("white", "theme", "none")


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
        self._makers: dict[str, tuple[str, Callable[[Theme], Picture]]] = {
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

    def make(self, key: str, background: str) -> tuple[Picture, QColor | None]:
        """Return a picture and the colour behind it.

        Parameters
        ----------
        key : str
            One of the keys of `titles`.
        background : str
            One of `BACKGROUNDS`.
        """
        # Dark ink on white paper, whatever the window looks like.
        colours = LIGHT if background == "white" else theme()
        behind = {"white": QColor("white"), "theme": colours.color("canvas"), "none": None}[background]
        return self._makers[key][1](colours), behind

    def _canvas(self, colours: Theme) -> Picture:
        return CanvasPicture(self._scene, self._frame, colours)

    def _neurons(self, colours: Theme) -> Picture:
        weights = self._frame.weights if self._frame is not None else {}
        return NeuronDrawing(self.network, colours.color("text"), colours.color("card"), weights, self._names)

    def _blocks(self, colours: Theme) -> Picture:
        return BlockDrawing(self.network, colours.color("text"), colours.color("chip"))
