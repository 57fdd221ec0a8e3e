"""Rare changes of state. All are delivered, in order; steps and metrics travel in snapshots instead."""

from dataclasses import dataclass

from nnstudio.engine import Change


@dataclass(frozen=True)
class Event:
    """Something happened to the run with this id."""

    run: str


@dataclass(frozen=True)
class Started(Event):
    """The network is bound and the first step is about to be done.

    Attributes
    ----------
    forecast : str
        How much there is to try and how long that takes, for an optimizer that tries everything; else empty.
    """

    forecast: str = ""


@dataclass(frozen=True)
class Resumed(Event):
    """A paused run goes on."""


@dataclass(frozen=True)
class Paused(Event):
    """The run stands still and holds everything it needs to go on."""


@dataclass(frozen=True)
class Changed(Event):
    """A setting changed while training.

    Attributes
    ----------
    change : Change
        As it stands in the journal.
    """

    change: Change


@dataclass(frozen=True)
class Refused(Event):
    """A setting could not be changed; the run goes on as it was.

    Attributes
    ----------
    message : str
        Which setting, and what is wrong with the value.
    """

    message: str


@dataclass(frozen=True)
class Finished(Event):
    """The run ended.

    Attributes
    ----------
    reason : str
        ``"stopped"`` by the person, or ``"epochs"`` when all that were asked for are done.
    """

    reason: str


@dataclass(frozen=True)
class Diverged(Event):
    """The cost is no longer a finite number; the run stands at its last good state.

    Attributes
    ----------
    message : str
        What happened, where, and what to do.
    """

    message: str


@dataclass(frozen=True)
class Failed(Event):
    """The run could not start or go on.

    Attributes
    ----------
    message : str
        One paragraph for the person.
    details : str
        The traceback, for copying into a report.
    """

    message: str
    details: str
