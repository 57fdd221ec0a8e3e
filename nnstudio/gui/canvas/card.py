"""A card: a node, or a folded block of nodes, at its place."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF

from nnstudio.gui.canvas.portrait import Portrait, Subject, Tile

CAPTION_HEIGHT = 38.0
FOOTER_HEIGHT = 18.0
_CAPTION_WIDTH = 180.0
_BADGE = 18.0


@dataclass(frozen=True, eq=False)
class Card:
    """What is drawn for a node, or for a folded block.

    Attributes
    ----------
    subject : Subject
    portrait : Portrait
    rect : QRectF
        The card, without the words above and below it.
    tiles : tuple of Tile
    title, note, footer : str
        The two lines above the card, and the one below it.
    colour : str
        The name of the colour that a person gave it, or empty.
    has_input, has_output : bool
        Whether wires may lead into it, and start from it.
    members : tuple of str
        The ids of the nodes it stands for.
    """

    subject: Subject
    portrait: Portrait
    rect: QRectF
    tiles: tuple[Tile, ...]
    title: str
    note: str
    footer: str
    colour: str
    has_input: bool
    has_output: bool
    members: tuple[str, ...]

    @property
    def is_block(self) -> bool:
        """Whether it stands for a folded block."""
        return self.members != (self.subject.id,)

    @property
    def input_port(self) -> QPointF:
        """Where wires arrive."""
        return QPointF(self.rect.left(), self.rect.center().y())

    @property
    def output_port(self) -> QPointF:
        """Where wires start."""
        return QPointF(self.rect.right(), self.rect.center().y())

    @property
    def caption(self) -> QRectF:
        """The two lines above the card."""
        left = self.rect.center().x() - _CAPTION_WIDTH / 2
        return QRectF(left, self.rect.top() - CAPTION_HEIGHT - 3, _CAPTION_WIDTH, CAPTION_HEIGHT)

    @property
    def foot(self) -> QRectF:
        """The line below the card."""
        return QRectF(
            self.rect.center().x() - _CAPTION_WIDTH / 2, self.rect.bottom() + 3, _CAPTION_WIDTH, FOOTER_HEIGHT
        )

    @property
    def badge(self) -> QRectF:
        """Where it wears the sign that something is wrong."""
        return QRectF(self.rect.right() - 9, self.rect.top() + 3, _BADGE, _BADGE)

    @property
    def bounds(self) -> QRectF:
        """The card with the words above and below it."""
        return self.rect.united(self.caption).united(self.foot)

    def anchor(self, unit: int, *, right: bool) -> tuple[float, float] | None:
        """Return where a unit's edges start (right) or end; None where it has no tile."""
        for tile in self.tiles:
            if tile.unit == unit:
                rect = tile.rect
                return (rect.right() + 3 if right else rect.left() - 3), rect.center().y()
        return None

    def moved(self, shift: QPointF) -> Card:
        """Return the card at another place."""
        tiles = tuple(Tile(tile.unit, tile.rect.translated(shift)) for tile in self.tiles)
        return replace(self, rect=self.rect.translated(shift), tiles=tiles)
