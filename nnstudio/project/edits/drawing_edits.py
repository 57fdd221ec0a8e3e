"""Edits of colours, notes and blocks."""

from __future__ import annotations

from collections.abc import Collection

from nnstudio.engine.network import LONGEST_TITLE
from nnstudio.i18n import Phrase
from nnstudio.project.drawing import (
    LARGEST,
    LONGEST_TEXT,
    SMALLEST,
    Block,
    Note,
    Position,
    kept_blocks,
    known_colour,
)
from nnstudio.project.edits.edit import Edit
from nnstudio.project.names import counted, fresh_id, storable
from nnstudio.project.project import Project


def colour_nodes(ids: Collection[str], colour: str) -> Edit:
    """Colour nodes; the empty text takes their colour away.

    Raises
    ------
    ValueError
        When there is no such colour.
    """
    known_colour(colour)

    def apply(project: Project) -> Project:
        colours = {id: old for id, old in project.colours.items() if id not in ids}
        if colour:
            colours |= {id: colour for id in ids if id in project.network}
        return project.replace(colours=colours)

    words = "Colour {layers} {colour}" if colour else "Uncolour {layers}"
    return Edit(Phrase(words, layers=counted(len(ids)), colour=Phrase(colour)), apply)


def add_note(text: str, place: Position) -> Edit:
    """Put words on the canvas, centred at a place."""

    def apply(project: Project) -> Project:
        id = fresh_id("note_1", {note.id for note in project.notes})
        return project.replace(notes=(*project.notes, Note(id=id, text=storable(text)[:LONGEST_TEXT], place=place)))

    return Edit("Add a note", apply, "" if text else _empty_note(place))


def drop_empty_note(note: Note) -> Edit:
    """Remove a note in which nothing was written; right after it was added, as if it had never been."""

    def apply(project: Project) -> Project:
        return project.replace(notes=tuple(other for other in project.notes if other.id != note.id))

    return Edit("Delete a note", apply, _empty_note(note.place))


def _empty_note(place: Position) -> str:
    """Return by what the edits merge that add an empty note, and let it go again."""
    return f"empty note at {place}"


def change_note(
    id: str,
    text: str | None = None,
    place: Position | None = None,
    size: tuple[float, float] | None = None,
    colour: str | None = None,
) -> Edit:
    """Give a note other words, another place, size or colour; what is None stays.

    Consecutive changes of the same of one note, as while typing or dragging, are undone together; colours are not.

    Raises
    ------
    ValueError
        When there is no such colour.
    """
    values: dict[str, object] = {}
    if text is not None:
        values["text"] = storable(text)[:LONGEST_TEXT]
    if place is not None:
        values["place"] = place
    if size is not None:
        values["size"] = tuple(min(max(length, SMALLEST), LARGEST) for length in size)
    if colour is not None:
        values["colour"] = known_colour(colour)
    title = (
        "Move a note"
        if set(values) == {"place"}
        else "Resize a note"
        if "size" in values and text is None
        else "Change a note"
    )
    merge = "" if colour is not None else f"note {id} {sorted(values)}"
    return Edit(title, lambda project: _with_note(project, id, values), merge)


def group(ids: Collection[str], title: str) -> Edit:
    """Put nodes into a block of their own; they leave the blocks that they were in."""
    short = storable(title).strip()[:LONGEST_TITLE]

    def apply(project: Project) -> Project:
        members = tuple(node.id for node in project.network.nodes if node.id in ids)
        if not members:
            return project
        outside = {node.id for node in project.network.nodes} - set(members)
        id = fresh_id("block_1", {block.id for block in project.blocks})
        block = Block(id=id, title=short or id.replace("_", " "), members=members)
        return project.replace(blocks=(*kept_blocks(project.blocks, outside), block))

    words = "Group {layers} as '{name}'" if short else "Group {layers}"
    return Edit(Phrase(words, layers=counted(len(ids)), name=short), apply)


def ungroup(id: str) -> Edit:
    """Dissolve a block; its nodes stay."""

    def apply(project: Project) -> Project:
        return project.replace(blocks=tuple(block for block in project.blocks if block.id != id))

    return Edit("Ungroup", apply)


def set_collapsed(id: str, collapsed: bool) -> Edit:
    """Fold a block into one card, or unfold it."""
    title = "Fold a block" if collapsed else "Unfold a block"
    return Edit(title, lambda project: _with_block(project, id, collapsed=collapsed))


def rename_block(id: str, title: str) -> Edit:
    """Give a block another title; what is longer than a title may be is cut."""
    short = storable(title).strip()[:LONGEST_TITLE]
    title = Phrase("Rename a block to '{name}'", name=short)
    return Edit(title, lambda project: _with_block(project, id, title=short), f"block {id}")


def colour_block(id: str, colour: str) -> Edit:
    """Colour a block; the empty text takes its colour away.

    Raises
    ------
    ValueError
        When there is no such colour.
    """
    known_colour(colour)
    title = Phrase("Colour a block {colour}" if colour else "Uncolour a block", colour=Phrase(colour))
    return Edit(title, lambda project: _with_block(project, id, colour=colour))


def _with_note(project: Project, id: str, values: dict[str, object]) -> Project:
    notes = tuple(note.model_copy(update=values) if note.id == id else note for note in project.notes)
    return project.replace(notes=notes)


def _with_block(project: Project, id: str, **values: object) -> Project:
    blocks = tuple(block.model_copy(update=values) if block.id == id else block for block in project.blocks)
    return project.replace(blocks=blocks)
