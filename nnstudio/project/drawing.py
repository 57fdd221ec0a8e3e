"""What is drawn besides layers and wires: colours, notes and named blocks. Nothing that is trained depends on it."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from nnstudio.engine.network import LONGEST_TITLE

COLOURS = ("blue", "green", "orange", "red", "purple", "grey")
"""What nodes, notes and blocks may be coloured with; each theme says which colour that is."""

GRID = 8.0
"""Between the lines on which everything comes to stand that is placed by itself or by a hand."""

COLUMN_WIDTH = 200.0
"""Between the centres of two neighbouring cards."""

_HALF_CARD = 240.0
"""Above and below the centre of a card, with its words; most are smaller."""

LONGEST_TEXT = 20_000
"""Characters of a note."""

SMALLEST, LARGEST = 16.0, 10_000.0
"""Between these lie the width and the height of a note."""


def known_colour(colour: str) -> str:
    """Return a colour's name, or the empty text for none.

    Raises
    ------
    ValueError
        When there is no such colour.
    """
    if colour and colour not in COLOURS:
        raise ValueError(f"There is no colour '{colour[:40]}'. There are {', '.join(COLOURS)}.")
    return colour


Colour = Annotated[str, AfterValidator(known_colour)]
Coordinate = Annotated[float, Field(allow_inf_nan=False)]
Position = tuple[Coordinate, Coordinate]
Length = Annotated[float, Field(ge=SMALLEST, le=LARGEST, allow_inf_nan=False)]
Name = Annotated[str, Field(pattern=r"^[a-z0-9_]+$", max_length=64)]


class Note(BaseModel):
    """Words on the canvas.

    Attributes
    ----------
    id : str
        Unique among the notes.
    text : str
    place : (float, float)
        The centre.
    size : (float, float)
        Width and height.
    colour : str
        One of `COLOURS`, or empty.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Name
    text: str = Field("", max_length=LONGEST_TEXT)
    place: Position
    size: tuple[Length, Length] = (200.0, 96.0)
    colour: Colour = ""


class Block(BaseModel):
    """Nodes under one name, which can be folded into one card.

    Attributes
    ----------
    id : str
        Unique among the blocks.
    title : str
    members : tuple of str
        The ids of its nodes, at least one; a node is in one block at most.
    collapsed : bool
        Whether it is shown as one card.
    colour : str
        One of `COLOURS`, or empty.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Name
    title: str = Field(max_length=LONGEST_TITLE)
    members: tuple[str, ...] = Field(min_length=1)
    collapsed: bool = False
    colour: Colour = ""


def check_drawing(
    ids: Collection[str], colours: Mapping[str, str], notes: Sequence[Note], blocks: Sequence[Block]
) -> None:
    """Check that colours and blocks name nodes that exist, and that nothing is there twice.

    Parameters
    ----------
    ids : collection of str
        The ids of the nodes.
    colours : mapping of str to str
    notes : sequence of Note
    blocks : sequence of Block

    Raises
    ------
    ValueError
        With the first fault.
    """
    members = [id for block in blocks for id in block.members]
    for id in (*colours, *members):
        if id not in ids:
            raise ValueError(f"A colour or a block names the layer '{id[:64]}', which does not exist.")
    if len(set(members)) < len(members):
        raise ValueError("A layer is in two blocks, or in one block twice.")
    for kind, named in (("notes", [note.id for note in notes]), ("blocks", [block.id for block in blocks])):
        if len(set(named)) < len(named):
            raise ValueError(f"Two {kind} have the same id.")


def kept_blocks(blocks: Sequence[Block], ids: Collection[str]) -> tuple[Block, ...]:
    """Return the blocks with those members only that are among these ids, and without empty blocks."""
    kept: list[Block] = []
    for block in blocks:
        members = tuple(id for id in block.members if id in ids)
        if members:
            kept.append(block if members == block.members else block.model_copy(update={"members": members}))
    return tuple(kept)


def clear_of_notes(places: Mapping[str, Position], notes: Sequence[Note]) -> Mapping[str, Position]:
    """Return the places of a new drawing, moved below the notes that stay on the canvas where it would cover one.

    Parameters
    ----------
    places : mapping of str to (float, float)
        The centres of its nodes.
    notes : sequence of Note
    """
    if not places or not notes:
        return places
    left, right = min(x for x, _ in places.values()) - COLUMN_WIDTH, max(x for x, _ in places.values()) + COLUMN_WIDTH
    top, bottom = min(y for _, y in places.values()) - _HALF_CARD, max(y for _, y in places.values()) + _HALF_CARD
    is_covered = False
    lowest = top
    for note in notes:
        (x, y), (width, height) = note.place, note.size
        across = left < x + width / 2 and x - width / 2 < right
        is_covered |= across and top < y + height / 2 and y - height / 2 < bottom
        lowest = max(lowest, y + height / 2)
    if not is_covered:
        return places
    down = math.ceil((lowest - top) / GRID) * GRID
    return {id: (x, y + down) for id, (x, y) in places.items()}
