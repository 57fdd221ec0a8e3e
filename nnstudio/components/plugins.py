"""Components from other packages, found by their entry points."""

import logging
from functools import cache
from importlib.metadata import entry_points

GROUP = "nnstudio.components"
_log = logging.getLogger(__name__)


@cache
def load_plugins() -> tuple[str, ...]:
    """Import what other installed packages offer, and return the names of what was found.

    An installed package adds components by naming a module under the entry point group ``nnstudio.components``.
    One that fails to import is left out with a warning in the log: a broken plug-in must not keep the studio from
    starting.
    """
    found = []
    for point in entry_points(group=GROUP):
        try:
            point.load()
        except Exception:  # whatever a foreign module does wrong, the studio starts
            _log.warning("The plug-in '%s' could not be loaded and was left out.", point.name, exc_info=True)
        else:
            found.append(point.name)
    return tuple(found)
