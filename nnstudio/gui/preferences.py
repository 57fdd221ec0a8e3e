"""What the studio remembers about a person between two starts: theme, motion, layout, recent files."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import cast

from PySide6.QtCore import QByteArray, QSettings

RECENT_COUNT = 8
USED_COUNT = 4

KeptPin = tuple[str, str, tuple[int, ...]]


class Preferences:
    """A thin, typed view of the settings that the system keeps under the application's names."""

    def __init__(self) -> None:
        self._settings = QSettings()

    @property
    def theme(self) -> str:
        """``"light"``, ``"dark"``, ``"contrast"`` or ``"system"``."""
        return str(self._settings.value("theme", "system"))

    @theme.setter
    def theme(self, name: str) -> None:
        self._settings.setValue("theme", name)

    @property
    def reduced_motion(self) -> bool:
        """Whether nothing shall move by itself."""
        return self._settings.value("reducedMotion", "no") == "yes"

    @reduced_motion.setter
    def reduced_motion(self, reduced: bool) -> None:
        self._settings.setValue("reducedMotion", "yes" if reduced else "no")

    @property
    def timeline_megabytes(self) -> int:
        """How much memory the states of runs may take that one can go back to."""
        return int(str(self._settings.value("timelineMegabytes", 512)))

    @timeline_megabytes.setter
    def timeline_megabytes(self, megabytes: int) -> None:
        self._settings.setValue("timelineMegabytes", megabytes)

    @property
    def favourites(self) -> tuple[str, ...]:
        """The keys of the layers that the palette shows first."""
        return self._words("favourites")

    def toggle_favourite(self, key: str) -> None:
        """Show a layer first from now on, or no longer."""
        kept = self.favourites
        others = [other for other in kept if other != key]
        self._settings.setValue("favourites", others if key in kept else [*others, key])

    @property
    def used_last(self) -> tuple[str, ...]:
        """The keys of the layers that were added last, the newest first."""
        return self._words("usedLast")

    def remember_layer(self, key: str) -> None:
        """Put a layer at the head of those used last."""
        self._settings.setValue("usedLast", [key, *(other for other in self.used_last if other != key)][:USED_COUNT])

    def _words(self, name: str) -> tuple[str, ...]:
        value = self._settings.value(name, [])
        return (value,) if isinstance(value, str) else tuple(cast(list[str], value or []))

    @property
    def picture(self) -> dict[str, str]:
        """How a picture of the network was made last: the dialog's choices by their names."""
        value = self._settings.value("picture", {})
        return {str(name): str(choice) for name, choice in value.items()} if isinstance(value, dict) else {}

    @picture.setter
    def picture(self, choices: dict[str, str]) -> None:
        self._settings.setValue("picture", choices)

    @property
    def folder(self) -> str:
        """The folder that was used last."""
        return str(self._settings.value("folder", str(Path.home())))

    @property
    def recent(self) -> tuple[Path, ...]:
        """The files used last that still exist, the newest first."""
        return tuple(path for path in map(Path, self._words("recent")) if path.is_file())

    def remember_folder(self, folder: Path) -> None:
        """Begin the next file dialog here."""
        self._settings.setValue("folder", str(folder.resolve()))

    def remember_file(self, path: Path) -> None:
        """Put a file at the head of the recent ones."""
        path = path.resolve()
        others = [str(other) for other in self.recent if other != path]
        self._settings.setValue("recent", [str(path), *others][:RECENT_COUNT])
        self.remember_folder(path.parent)

    def pins(self, path: Path) -> tuple[KeptPin, ...]:
        """Return what was pinned when a file was last looked at: the node, the name of the weights, and the place."""
        try:
            kept = json.loads(str(self._settings.value("pins", "{}"))).get(str(path.resolve()), [])
            return tuple((str(node), str(weight), tuple(map(int, index))) for node, weight, index in kept)
        except (ValueError, TypeError, AttributeError):
            return ()  # whatever it was, it was not written here

    def remember_pins(self, path: Path, pins: Sequence[KeptPin]) -> None:
        """Keep what is pinned in a file, for the files used last."""
        known = {str(other): self.pins(other) for other in self.recent if other != path.resolve()}
        known[str(path.resolve())] = tuple(pins)
        self._settings.setValue("pins", json.dumps({name: kept for name, kept in known.items() if kept}))

    def layout(self) -> tuple[QByteArray, QByteArray] | None:
        """Return the window's geometry and the places of its docks, where they were kept."""
        geometry, docks = self._settings.value("geometry"), self._settings.value("docks")
        if isinstance(geometry, QByteArray) and isinstance(docks, QByteArray):
            return geometry, docks
        return None

    def remember_layout(self, geometry: QByteArray, docks: QByteArray) -> None:
        """Keep the window's geometry and the places of its docks."""
        self._settings.setValue("geometry", geometry)
        self._settings.setValue("docks", docks)
