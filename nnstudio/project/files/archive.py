"""A zip file that may come from anywhere: read with limits, written at once or not at all."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

import numpy as np
from numpy.typing import NDArray

from nnstudio.errors import ProjectFileError
from nnstudio.project.files.atomic import write_atomically

LARGEST_MEMBER = 4 * 2**30
LARGEST_TOTAL = 8 * 2**30
LARGEST_RATIO = 2000
MOST_MEMBERS = 100_000

DAMAGES = (
    *(KeyError, ValueError, TypeError, OSError, EOFError, AttributeError, IndexError, OverflowError),
    *(MemoryError, RecursionError, zipfile.BadZipFile),
)
"""What reading a file that is damaged, or meant to do harm, may raise."""


class Archive:
    """The members of a zip file, checked before anything is unpacked.

    Parameters
    ----------
    file : Path or BytesIO
    name : str
        What to call it in messages.

    Raises
    ------
    ProjectFileError
        When the file is no zip, is damaged, or would unpack to more than is reasonable.
    """

    def __init__(self, file: Path | io.BytesIO, name: str) -> None:
        self._name = name
        if isinstance(file, Path) and file.is_dir():
            raise ProjectFileError(f"{file.resolve().name} is a folder, not a project file. Choose a file in it.")
        try:
            self._zip = zipfile.ZipFile(file)
        except FileNotFoundError:
            raise ProjectFileError(f"There is no file {name} in {Path(str(file)).resolve().parent}.") from None
        except (zipfile.BadZipFile, OSError, EOFError) as error:
            raise ProjectFileError(
                f"{name} is not a project file, or it is damaged ({error}). It was left as it is."
            ) from error
        self._check()

    def names(self) -> tuple[str, ...]:
        """Return the names of the members."""
        return tuple(self._zip.namelist())

    def read(self, name: str) -> bytes:
        """Return a member's bytes.

        Raises
        ------
        ProjectFileError
            When it is missing or damaged.
        """
        try:
            return self._zip.read(name)
        except KeyError:
            raise ProjectFileError(f"{self._name} is damaged: '{name}' is missing. It was left as it is.") from None
        except Exception as error:  # whatever a damaged file makes the reader do
            raise ProjectFileError(f"{self._name} is damaged at '{name}' ({error}). It was left as it is.") from error

    def arrays(self, folder: str) -> Iterator[tuple[str, NDArray[np.generic]]]:
        """Yield the arrays below a folder by their names without the ending."""
        for name in self.names():
            if name.startswith(folder) and name.endswith(".npy"):
                try:
                    array = np.load(io.BytesIO(self.read(name)), allow_pickle=False)
                except Exception as error:  # whatever a damaged array makes the reader do
                    raise ProjectFileError(
                        f"{self._name} is damaged at '{name}' ({error}). It was left as it is."
                    ) from error
                array.flags.writeable = False
                yield name[len(folder) :].removesuffix(".npy"), array

    def npz(self, name: str) -> dict[str, NDArray[np.generic]]:
        """Return the arrays of a member that is an archive itself, with the same limits."""
        inner = Archive(io.BytesIO(self.read(name)), f"{self._name}: {name}")
        try:
            return dict(inner.arrays(""))
        finally:
            inner.close()

    def close(self) -> None:
        """Let the file go."""
        self._zip.close()

    def _check(self) -> None:
        members = self._zip.infolist()
        total = sum(member.file_size for member in members)
        for member in members:
            place = PurePosixPath(member.filename)
            if place.is_absolute() or ".." in place.parts or "\\" in member.filename:
                self._refuse("it names files outside of itself")
            ratio = member.file_size / max(1, member.compress_size)
            if member.file_size > LARGEST_MEMBER or (ratio > LARGEST_RATIO and member.file_size > 2**20):
                self._refuse("it would unpack to far more than it holds")
        if total > LARGEST_TOTAL or len(members) > MOST_MEMBERS:
            self._refuse("it would unpack to far more than it holds")

    def _refuse(self, why: str) -> None:
        self._zip.close()
        raise ProjectFileError(f"{self._name} was not opened: {why}. It was left as it is.")


def write_archive(path: Path, members: Mapping[str, bytes]) -> None:
    """Write a zip file atomically: beside, flushed to the disk, then put in place.

    Raises
    ------
    ProjectFileError
        When it cannot be written; what was there before is untouched.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:
        for name, data in members.items():
            # A fixed date, so that the same project is the same file.
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    try:
        write_atomically(path, buffer.getbuffer())
    except OSError as error:
        raise ProjectFileError(
            f"{path.name} could not be written to {path.parent}: {error.strerror or error}. Choose another place."
        ) from error


def array_bytes(array: NDArray[np.generic]) -> bytes:
    """Return an array as the bytes of an ``.npy`` file."""
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    return buffer.getvalue()
