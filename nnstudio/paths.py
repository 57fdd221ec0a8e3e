"""Where the studio's own files are: beside a checkout, or inside the installed package."""

from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


@cache
def _first_that_exists(name: str) -> Path:
    # A checkout and an editable install have the folder beside the package, a wheel has it inside.
    for place in (_PACKAGE / name, _PACKAGE.parent / name):
        if place.is_dir():
            return place
    raise FileNotFoundError(f"The installation is incomplete: the folder '{name}' is missing. Install again.")


def resources() -> Path:
    """Return the folder of icons, themes, help and translations."""
    return _first_that_exists("resources")


def samples() -> Path:
    """Return the folder of sample projects and CSV files."""
    return _first_that_exists("samples")
