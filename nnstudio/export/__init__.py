"""Takes trained networks elsewhere, and proves that they behave the same there.

An exporter writes a run in a format; what was written is read back and used without the studio's engine on the person's
own rows, and the largest difference is told. May import `project` and everything below; its sibling is `session`.
"""

from nnstudio.components import import_members
from nnstudio.export import formats as _formats
from nnstudio.export.exporter import Exporter, Verification, export_run

import_members(_formats.__path__, _formats.__name__)

__all__ = ["Exporter", "Verification", "export_run"]
