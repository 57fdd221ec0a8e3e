"""Ids and titles that nobody else has, and how much there is in words."""

from __future__ import annotations

import re
from collections.abc import Container

from nnstudio.i18n import Phrase

_NUMBER = re.compile(r"[ _]?\d+$")


def fresh_id(wanted: str, taken: Container[str]) -> str:
    """Return an id as it is wanted, or else with the first number that is free, such as ``dense_2``."""
    if wanted not in taken:
        return wanted
    stem = _NUMBER.sub("", wanted)[:48] or "node"
    number = 1
    while f"{stem}_{number}" in taken:
        number += 1
    return f"{stem}_{number}"


def fresh_title(wanted: str, taken: Container[str]) -> str:
    """Return a title as it is wanted, or else with the first number from 2 on that is free, such as ``answer 2``."""
    if not wanted or wanted not in taken:
        return wanted
    stem = _NUMBER.sub("", wanted)[:180].rstrip()
    number = 2
    while f"{stem} {number}".lstrip() in taken:
        number += 1
    return f"{stem} {number}".lstrip()


def storable(text: str) -> str:
    """Return a text without halves of characters, which no file can hold."""
    return text.encode("utf-8", "ignore").decode("utf-8")


def counted(layers: int, notes: int = 0) -> Phrase:
    """Return in words how many layers and notes there are, such as ``3 layers and a note``."""
    of_layers = Phrase("a layer" if layers == 1 else "{count} layers", count=layers)
    if not notes:
        return of_layers
    of_notes = Phrase("a note" if notes == 1 else "{count} notes", count=notes)
    return Phrase("{layers} and {notes}", layers=of_layers, notes=of_notes) if layers else of_notes
