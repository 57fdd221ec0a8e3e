"""The document: the only variable. It holds the project of this moment, with its past and its future."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from nnstudio.project.edits.edit import Edit
from nnstudio.project.project import Project

Listener = Callable[[Project, Project], None]

WEIGHT_BUDGET = 256 * 2**20
"""Bytes of trained weights that only undo still holds; beyond it the oldest are let go."""


@dataclass(frozen=True)
class _Moment:
    title: str
    before: Project
    merge: str


class Document:
    """Holds the project; edits, undo and redo replace it, and listeners hear of it once.

    Parameters
    ----------
    project : Project
    path : Path, optional
        The file it was opened from.
    """

    def __init__(self, project: Project | None = None, path: Path | None = None) -> None:
        self._project = project or Project()
        self._saved = self._project
        self._past: list[_Moment] = []
        self._future: list[_Moment] = []
        self._listeners: list[Listener] = []
        self.path = path

    @property
    def project(self) -> Project:
        """The project of this moment."""
        return self._project

    @property
    def saved(self) -> bool:
        """Whether the file holds this very project."""
        return self._project is self._saved

    @property
    def undo_title(self) -> str | None:
        """What undo would take back, or None."""
        return self._past[-1].title if self._past else None

    @property
    def redo_title(self) -> str | None:
        """What redo would do again, or None."""
        return self._future[-1].title if self._future else None

    @property
    def past(self) -> tuple[str, ...]:
        """What was done, in words, the oldest first."""
        return tuple(moment.title for moment in self._past)

    @property
    def future(self) -> tuple[str, ...]:
        """What was taken back, in words, the next first."""
        return tuple(moment.title for moment in reversed(self._future))

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call a function with the project before and after every change; returns how to end that."""
        self._listeners.append(listener)

        def unsubscribe() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return unsubscribe

    def apply(self, edit: Edit) -> None:
        """Do an edit. One that changes nothing leaves no trace, nor do merged ones that end where they began."""
        before = self._project
        after = edit.apply(before)
        if after == before:
            return
        merges = bool(edit.merge) and bool(self._past) and self._past[-1].merge == edit.merge
        if not merges or before is self._saved:
            self._past.append(_Moment(edit.title, before, edit.merge))
        elif after == self._past[-1].before:
            after = self._past.pop().before
        else:
            self._past[-1] = _Moment(edit.title, self._past[-1].before, edit.merge)
        self._future.clear()
        self._let_old_weights_go()
        self._become(after)

    def undo(self) -> None:
        """Return to the project before the last edit."""
        self.travel(len(self._past) - 1)

    def redo(self) -> None:
        """Do again what was taken back."""
        self.travel(len(self._past) + 1)

    def travel(self, index: int) -> None:
        """Go to another moment; listeners hear of it once.

        Parameters
        ----------
        index : int
            How many edits are done then; 0 is before the first of them. Beyond the ends nothing happens.
        """
        if index == len(self._past) or not 0 <= index <= len(self._past) + len(self._future):
            return
        project = self._project
        while len(self._past) > index:
            moment = self._past.pop()
            self._future.append(_Moment(moment.title, project, ""))
            project = moment.before
        while len(self._past) < index:
            moment = self._future.pop()
            self._past.append(_Moment(moment.title, project, ""))
            project = moment.before
        if self._past:  # what follows is a moment of its own
            self._past[-1] = replace(self._past[-1], merge="")
        self._become(project)

    def moment(self, index: int) -> Project:
        """Return the project as it is when so many edits are done.

        Raises
        ------
        IndexError
            When there was no such moment.
        """
        projects = [moment.before for moment in self._past] + [self._project]
        projects += [moment.before for moment in reversed(self._future)]
        return projects[index]

    def reset(self, project: Project, path: Path | None = None) -> None:
        """Hold another project from now on, without a past."""
        self._past.clear()
        self._future.clear()
        self.path = path
        self._saved = project
        self._become(project)

    def mark_saved(self, project: Project, path: Path) -> None:
        """Note that a file holds this project, which may no longer be the one of this moment."""
        self._saved = project
        self.path = path

    def _become(self, project: Project) -> None:
        before, self._project = self._project, project
        for listener in tuple(self._listeners):
            listener(before, project)

    def _let_old_weights_go(self) -> None:
        """Drop the runs of the oldest moments where undo alone holds too many bytes of them."""
        spent = 0
        counted = {id(run) for run in self._project.runs}
        for index in range(len(self._past) - 1, -1, -1):
            moment = self._past[index]
            for run in moment.before.runs:
                if id(run) in counted:
                    continue
                counted.add(id(run))
                spent += run.state.nbytes + run.history.nbytes
            if spent > WEIGHT_BUDGET and moment.before.runs:
                note = "The weights of this moment are no longer kept; training draws them again."
                forgotten = moment.before.replace(runs=(), current="", note=note)
                self._past[index] = _Moment(moment.title, forgotten, moment.merge)
