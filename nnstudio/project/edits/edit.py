"""An edit: a named, pure function from project to project."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nnstudio.project.project import Project


@dataclass(frozen=True)
class Edit:
    """A change that can be undone.

    Attributes
    ----------
    title : str
        What the history says, such as "Column species → target"; with a `Phrase` it can be translated.
    apply : callable
        Returns the changed project; does not touch the one it gets.
    merge : str
        Consecutive edits with the same text here are one step of undo; empty means never.
    """

    title: str
    apply: "Callable[[Project], Project]"
    merge: str = ""


def together(title: str, *edits: Edit, merge: str = "") -> Edit:
    """Return one edit that does several, one after the other.

    Parameters
    ----------
    title : str
    *edits : Edit
    merge : str
        As of an `Edit`.
    """

    def apply(project: "Project") -> "Project":
        for edit in edits:
            project = edit.apply(project)
        return project

    return Edit(title, apply, merge)
