"""Training under control: started, paused, stepped, steered and stopped from another thread.

There are four ways between the training thread and whoever looks on: values go in (a frozen plan), flags go in (pause,
stop, change, drawing), snapshots come out (newest wins), events come out (rare, all delivered). Only bytes and flags
cross, so that the worker could live in another process. The timeline keeps states by which one can go back to any step,
and the doctor, without a thread of its own, says what is wrong with a run.

May import `project` and everything below it; never Qt, so that tests and scripts use it as the window does.
"""

from nnstudio.session.events import Changed, Diverged, Event, Failed, Finished, Paused, Refused, Resumed, Started
from nnstudio.session.ladder import BUDGET_BYTES, Ladder, worth_saving
from nnstudio.session.limit import UNLIMITED, Limit
from nnstudio.session.mailbox import Mailbox
from nnstudio.session.replaying import largest_difference, leads_to, replay
from nnstudio.session.session import Session, Status
from nnstudio.session.snapshot import Snapshot
from nnstudio.session.timeline import Timelines

__all__ = [
    "BUDGET_BYTES",
    "UNLIMITED",
    "Changed",
    "Diverged",
    "Event",
    "Failed",
    "Finished",
    "Ladder",
    "Limit",
    "Mailbox",
    "Paused",
    "Refused",
    "Resumed",
    "Session",
    "Snapshot",
    "Started",
    "Status",
    "Timelines",
    "largest_difference",
    "leads_to",
    "replay",
    "worth_saving",
]
