"""Writing a file at once or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def write_atomically(path: Path, data: bytes | memoryview) -> None:
    """Write beside, flush to the disk, then put in place; what was there before stays until then.

    Raises
    ------
    OSError
        When it cannot be written; nothing is left beside.
    """
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".being-saved-", delete=False) as file:
        beside = Path(file.name)
        try:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            beside.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask())
        except BaseException:
            file.close()
            beside.unlink(missing_ok=True)
            raise
    try:
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise


def _umask() -> int:
    """Return which rights new files of this process do not get; it can only be read by setting it."""
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
