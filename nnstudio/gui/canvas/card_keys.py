"""The keys of what lies on the canvas.

A card is known by the id of its node, or ``block:`` and the id of its folded block; a note by ``note:`` and its id. No
id holds a colon.
"""

_BLOCK, _NOTE = "block:", "note:"


def block_key(id: str) -> str:
    """Return the key of a folded block's card."""
    return _BLOCK + id


def note_key(id: str) -> str:
    """Return the key of a note."""
    return _NOTE + id


def block_of(key: str) -> str:
    """Return the id of the block whose card has a key; an empty text where the key is of something else."""
    return key.removeprefix(_BLOCK) if key.startswith(_BLOCK) else ""


def note_of(key: str) -> str:
    """Return the id of the note that has a key; an empty text where the key is of something else."""
    return key.removeprefix(_NOTE) if key.startswith(_NOTE) else ""
