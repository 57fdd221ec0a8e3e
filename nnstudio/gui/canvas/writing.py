"""Lets the person write where a text stands: titles of cards and blocks, and notes."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetricsF

from nnstudio.gui.canvas.card_keys import block_key
from nnstudio.gui.canvas.geometry import note_rect
from nnstudio.gui.canvas.painting import words_of_note
from nnstudio.gui.canvas.text_editors import NoteEditor, TitleEditor
from nnstudio.gui.look.text_size import card_font
from nnstudio.project import edits
from nnstudio.project.drawing import GRID
from nnstudio.project.edits.drawing_edits import drop_empty_note

if TYPE_CHECKING:
    from nnstudio.gui.canvas.canvas import Canvas


class Writing:
    """Opens editors over the canvas, and turns what was written into edits.

    Parameters
    ----------
    canvas : Canvas
    """

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._editor: TitleEditor | NoteEditor | None = None

    def settle(self) -> None:
        """Keep what was written so far, and close the editor, because its place moves."""
        editor, self._editor = self._editor, None
        if editor is not None:
            editor.keep()

    def title(self, key: str) -> None:
        """Rename a card where its title stands."""
        card = self._canvas.scene.geometry.cards.get(key)
        if card is not None:
            self._open_title(key, card.title, card.caption)

    def note(self, id: str, *, is_fresh: bool = False) -> None:
        """Write into a note; a fresh one goes again where nothing is written."""
        note = self._canvas.scene.geometry.notes.get(id)
        if isinstance(self._editor, NoteEditor) and self._editor.id == id:
            return  # its sheet is open
        if note is not None:
            self.settle()
            editor = NoteEditor(id, note.text, self._on_widget(note_rect(note)), self._canvas)
            editor.written.connect(partial(self._on_written, is_fresh=is_fresh))
            self._editor = editor

    def block_title(self, block: str) -> None:
        """Rename an open block where its title stands."""
        for frame in self._canvas.scene.geometry.frames:
            if frame.block.id == block:
                self._open_title(block_key(block), frame.block.title, frame.title)

    def _open_title(self, key: str, title: str, place: QRectF) -> None:
        self.settle()
        editor = TitleEditor(key, title, self._on_widget(place), self._canvas)
        editor.renamed.connect(self._on_renamed)
        self._editor = editor

    def _on_widget(self, place: QRectF) -> QRectF:
        view = self._canvas.view
        return QRectF(view.to_widget(place.topLeft()), view.to_widget(place.bottomRight()))

    def _on_renamed(self, key: str, title: str) -> None:
        self._editor = None
        self._canvas.scene.rename(key, title)
        self._canvas.setFocus()

    def _on_written(self, id: str, text: str, *, is_fresh: bool) -> None:
        self._editor = None
        note = self._canvas.scene.geometry.notes.get(id)
        if note is not None and is_fresh and not text.strip():
            self._canvas.scene.perform(drop_empty_note(note))
        elif note is not None:
            rect = self._grown(id, note_rect(note), text)
            larger = rect.height() > note.size[1]
            place, size = (rect.center().toTuple(), (rect.width(), rect.height())) if larger else (None, None)
            self._canvas.scene.perform(edits.change_note(id, text, place, size))
        self._canvas.setFocus()

    def _grown(self, id: str, rect: QRectF, text: str) -> QRectF:
        """Return where a note lies when it is high enough for its words: lower, or higher where something is below."""
        height = max(rect.height(), self._height_of(text, rect))
        down = QRectF(rect.x(), rect.y(), rect.width(), height)
        up = QRectF(rect.x(), rect.bottom() - height, rect.width(), height)
        geometry = self._canvas.scene.geometry
        others = [card.bounds for card in geometry.cards.values()]
        others += [note_rect(note) for other, note in geometry.notes.items() if other != id]
        covered = [sum(place.intersects(other) for other in others) for place in (down, up)]
        return up if covered[1] < covered[0] else down

    def _height_of(self, text: str, rect: QRectF) -> float:
        """Return how high a note must be for all of its words to be seen."""
        inside, flags = words_of_note(rect)
        needed = QFontMetricsF(card_font(self._canvas)).boundingRect(inside, flags, text).height()
        return math.ceil((needed + rect.height() - inside.height()) / GRID) * GRID
