"""Brings the data of older project files to today's form, one version at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nnstudio.errors import ProjectFileError

VERSION = 1

_STEPS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}
"""From a version to the next: a function over the data of ``project.json``."""


def migrate(data: dict[str, Any], name: str) -> dict[str, Any]:
    """Return the data in today's form.

    Raises
    ------
    ProjectFileError
        When the file is of a newer version, or says none.
    """
    version = data.get("version")
    if not isinstance(version, int) or version < 1:
        raise ProjectFileError(f"{name} does not say which version of a project file it is. It was left as it is.")
    if version > VERSION:
        raise ProjectFileError(
            f"{name} was saved by a newer NN Studio (file version {version}, this one reads {VERSION}). "
            "Install the newer version to open it."
        )
    while version < VERSION:
        data = _STEPS[version](data)
        version += 1
    return data
