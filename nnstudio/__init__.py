"""NN Studio: draw a neural network, give it your own data and watch it learn.

The house, from the ground up; each room looks down, never up or sideways:

- ``version errors i18n paths``: the ground;
- ``components``: what a layer, an activation, a cost, ... has in common; the registry;
- ``engine`` (mathematics, NumPy only) beside ``data`` (from files to arrays and back);
- ``project``: the document as one frozen value, its edits, its file;
- ``session`` (training under control) beside ``export`` (taking networks elsewhere);
- ``gui``: everything that is seen;
- ``app`` (the window is put together here) beside ``cli`` (never sees Qt);
- ``__main__``: decides between the two.

Nobody inside imports this module.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nnstudio.project import Project

__all__ = ["load"]


def load(path: str | Path) -> Project:
    """Open a project file.

    Parameters
    ----------
    path : str or Path
        A ``.nns`` file.

    Returns
    -------
    Project
        ``project.predict(rows)`` gives the answers of its trained network.

    Raises
    ------
    ProjectFileError
        When the file cannot be opened.
    """
    # Late, so that importing the package costs nothing.
    from nnstudio.project import open_project

    return open_project(Path(path))
