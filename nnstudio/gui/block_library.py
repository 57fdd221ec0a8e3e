"""Blocks that a person keeps for other projects: one small text file each, in the person's own folder."""

from __future__ import annotations

import json
from pathlib import Path

from PySide6.QtCore import QStandardPaths

from nnstudio.project import write_atomically

_SUFFIX = ".block.json"
_LONGEST = 80


class BlockLibrary:
    """Keeps texts by name.

    Parameters
    ----------
    folder : Path, optional
        By default the one that the system gives the studio for its data.
    """

    def __init__(self, folder: Path | None = None) -> None:
        place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppDataLocation)
        self._folder = folder or Path(place) / "blocks"

    def texts(self) -> dict[str, str]:
        """Return what is kept by its name, in alphabetical order."""
        found = self._read()
        return {name: found[name][1] for name in sorted(found, key=str.lower)}

    def save(self, name: str, text: str) -> None:
        """Keep a text under a name, in the place of what had it before.

        Raises
        ------
        OSError
            When it cannot be written.
        """
        name = name.strip()[:_LONGEST]
        path = self._read().get(name, (self._fresh(name), ""))[0]
        self._folder.mkdir(parents=True, exist_ok=True)
        write_atomically(path, json.dumps({"name": name, "text": text}, indent=1).encode())

    def remove(self, name: str) -> None:
        """Keep what has this name no longer."""
        found = self._read().get(name)
        if found is not None:
            found[0].unlink(missing_ok=True)

    def _fresh(self, name: str) -> Path:
        """Return a file that is not there yet; a name may hold what no file name can."""
        stem = "".join(letter if letter.isalnum() else "-" for letter in name.lower()) or "block"
        stem = stem.encode()[:_LONGEST].decode(errors="ignore")  # a file system counts bytes, not letters
        path, number = self._folder / f"{stem}{_SUFFIX}", 2
        while path.exists():
            path, number = self._folder / f"{stem}-{number}{_SUFFIX}", number + 1
        return path

    def _read(self) -> dict[str, tuple[Path, str]]:
        """Return file and text of all that can be read; a damaged file is left out and left alone."""
        found: dict[str, tuple[Path, str]] = {}
        for path in sorted(self._folder.glob(f"*{_SUFFIX}")) if self._folder.is_dir() else ():
            try:
                kept = json.loads(path.read_text(encoding="utf-8"))
                found[str(kept["name"])] = (path, str(kept["text"]))
            except (OSError, ValueError, KeyError, TypeError, RecursionError):
                continue
        return found
