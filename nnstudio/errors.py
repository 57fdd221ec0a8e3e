"""What a person can meet when something does not work.

Every error says what happened, to what, and what to do, in one paragraph of plain words. The command line prints
the message, the window shows it; neither shows a traceback.
"""


class StudioError(Exception):
    """Something a person can understand and mend; ``str(error)`` is the whole message."""


class ComponentError(StudioError):
    """A component that does not exist, or a parameter that it does not take."""


class NetworkError(StudioError):
    """A network that cannot be bound or trained as it is drawn."""


class DataError(StudioError):
    """A file, a column or a cell that cannot be used.

    Parameters
    ----------
    message : str
        The whole sentence, already naming the file and the place.
    row : int or None
        The row in the file, counted from 1 with the header as row 1, where there is one.
    column : str or None
        The column's name, where there is one.
    """

    def __init__(self, message: str, *, row: int | None = None, column: str | None = None) -> None:
        super().__init__(message)
        self.row = row
        self.column = column


class ProjectFileError(StudioError):
    """A project file that cannot be read or written."""


class FragmentError(StudioError):
    """A text that is not a part of a drawing that could be pasted."""


class NotTrainedError(StudioError):
    """Trained weights were asked of a project that has no trained run."""


class ExportError(StudioError):
    """An export that could not be written, or that did not verify."""
