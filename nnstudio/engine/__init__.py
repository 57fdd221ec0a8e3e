"""The mathematics: networks, costs, gradients, optimizers and the training loop, in NumPy alone.

A `Network` is what was drawn; `bind` turns it into a `Program` over preallocated memory; a `Training` moves that memory
step by step and can be held, stored and put back bit for bit. Nothing here knows files, documents, threads or screens.

May import `components` and the ground. Importing this package registers every layer, activation, cost, initialiser
and optimizer.
"""

from nnstudio.components import import_members
from nnstudio.engine import activations as _activations
from nnstudio.engine import costs as _costs
from nnstudio.engine import layers as _layers
from nnstudio.engine import optimizers as _optimizers
from nnstudio.engine.activation import Activation
from nnstudio.engine.clippings import Clipping
from nnstudio.engine.cost import Cost
from nnstudio.engine.early_stopping import EarlyStopping
from nnstudio.engine.history import History, SeriesView
from nnstudio.engine.initializers import Initializer
from nnstudio.engine.journal import Change, Step, changed_since
from nnstudio.engine.layer import Array, Layer, Operation, Shape, shape_in_words
from nnstudio.engine.metrics import (
    FOLLOWED,
    MAIN_METRIC,
    ClassReport,
    Task,
    measure,
    measure_baseline,
    measure_quickly,
    report_classes,
)
from nnstudio.engine.network import Edge, Network, Node
from nnstudio.engine.optimizer import Descent, Optimizer, Search
from nnstudio.engine.origin import Origin
from nnstudio.engine.plan import TrainingPlan
from nnstudio.engine.problems.answer_problems import set_answer
from nnstudio.engine.program import Program, bind, memory_views, weight_views
from nnstudio.engine.range_test import RangeTest, find_learning_rate
from nnstudio.engine.rung import Rung
from nnstudio.engine.schedules import Schedule
from nnstudio.engine.silence import rows_of_next_step, silenced_in_step, silencing
from nnstudio.engine.state import State
from nnstudio.engine.steering import steered, with_layers
from nnstudio.engine.suiting import why_unsuited
from nnstudio.engine.training import Training

for _family in (_activations, _costs, _layers, _optimizers):
    import_members(_family.__path__, _family.__name__)

__all__ = [
    "FOLLOWED",
    "MAIN_METRIC",
    "Activation",
    "Array",
    "Change",
    "ClassReport",
    "Clipping",
    "Cost",
    "Descent",
    "EarlyStopping",
    "Edge",
    "History",
    "Initializer",
    "Layer",
    "Network",
    "Node",
    "Operation",
    "Optimizer",
    "Origin",
    "Program",
    "RangeTest",
    "Rung",
    "Schedule",
    "Search",
    "SeriesView",
    "Shape",
    "State",
    "Step",
    "Task",
    "Training",
    "TrainingPlan",
    "bind",
    "changed_since",
    "find_learning_rate",
    "measure",
    "measure_baseline",
    "measure_quickly",
    "memory_views",
    "report_classes",
    "rng",
    "rows_of_next_step",
    "set_answer",
    "shape_in_words",
    "silenced_in_step",
    "silencing",
    "steered",
    "weight_views",
    "why_unsuited",
    "with_layers",
]
