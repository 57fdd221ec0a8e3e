"""Work that no file holds, kept from one session to the next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from nnstudio.engine import Rung
from nnstudio.errors import StudioError
from nnstudio.project import Project, open_project, save_project

_STEM = "unsaved"


class Recovery:
    """A folder in which unsaved work lies until it is saved elsewhere or no longer wanted.

    Nothing that another session left there is ever overwritten. What was brought back stays there too, so that it can
    be brought back again when this session ends unexpectedly.

    Parameters
    ----------
    folder : Path
        It need not exist yet.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._mine: Path | None = None

    def kept(self) -> tuple[Path, ...]:
        """Return the files of unsaved work, the newest first."""
        found = self.folder.glob(f"{_STEM}*.nns")
        return tuple(sorted(found, key=lambda path: path.stat().st_mtime_ns, reverse=True))

    def bring_back(self) -> Project | None:
        """Return the newest work that can be opened, or None. A file that cannot stays, for whoever looks for it."""
        for path in self.kept():
            try:
                project = open_project(path)
            except StudioError:
                continue
            self._mine = path
            return project
        return None

    @property
    def brought_back(self) -> Path | None:
        """The file of the work that was brought back or kept, or None."""
        return self._mine

    def keep(self, project: Project, pasts: Mapping[str, Sequence[Rung]] | None = None) -> None:
        """Keep this session's work, in place of what it brought back.

        Parameters
        ----------
        project : Project
        pasts : mapping of str to sequence of Rung, optional
            Earlier states of its runs.

        Raises
        ------
        ProjectFileError, OSError
            When it cannot be written.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self._mine or self._free_path()
        save_project(project, path, pasts)
        self._mine = path

    def let_go(self) -> None:
        """Remove what this session brought back or kept, because it is saved elsewhere or no longer wanted."""
        if self._mine is not None:
            self._mine.unlink(missing_ok=True)
            self._mine = None

    def _free_path(self) -> Path:
        path, number = self.folder / f"{_STEM}.nns", 1
        while path.exists():
            number += 1
            path = self.folder / f"{_STEM} {number}.nns"
        return path
