"""How much memory a training takes, beside what it has to hold.

    python -m tests.benchmarks.footprint [--task T4] [--steps 300]

Trains one of the tasks of `tests.benchmarks.training` in this process, twice: once for the growth of the process as
Linux counts it, once for the largest memory as Python traces it. Beside it stands what weights, the optimizer's memory,
activations, and the gradients of weights and activations take by themselves. The rows that are trained on are the
caller's and do not count. What comes on top is mostly the last good weights, which are kept for when numbers run away.
"""

from __future__ import annotations

import argparse
import gc
import math
import resource
import tracemalloc
from dataclasses import dataclass

import numpy as np

from nnstudio.engine import Training, TrainingPlan
from tests.benchmarks import peers


@dataclass(frozen=True)
class Footprint:
    """Bytes of a training.

    Attributes
    ----------
    peak : int
        The most that was held at a time.
    weights : int
    optimizer : int
        What the optimizer remembers.
    activations : int
        What every layer says of a batch.
    gradients : int
        Of the weights, and of what layers say that learn or have one before them that does.
    """

    peak: int
    weights: int
    optimizer: int
    activations: int
    gradients: int

    @property
    def needed(self) -> int:
        """All of them together."""
        return self.weights + self.optimizer + self.activations + self.gradients


def measure(plan: TrainingPlan, steps: int) -> Footprint:
    """Train so many steps and return what that took."""
    gc.collect()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        training = Training(plan)
        training.advance(steps)
        peak = tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()
    network, program = plan.network, training.program
    shapes = network.shapes()
    rows = training.batch_size * program.dtype.itemsize
    said = {id: rows * math.prod(shapes[id] or ()) for id in network.order if id not in network.output_ids}
    optimizer = sum(values.nbytes for values in training.state().optimizer.values())
    gradients = sum(size for id, size in said.items() if id not in network.input_ids)
    weights = program.flat.nbytes
    return Footprint(peak, weights, optimizer, sum(said.values()), weights + gradients)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--task", choices=peers.TASKS, default="T4")
    parser.add_argument("--steps", type=int, default=300)
    words = parser.parse_args()
    plan = peers.studio_plan(peers.TASKS[words.task])
    # What is imported late, and what the matrix library keeps for itself, is no growth.
    Training(peers.studio_plan(peers.TASKS["T1"])).advance(1)
    square = np.ones((1024, 1024), np.float32)
    np.dot(square, square)
    gc.collect()
    resident = _largest_resident()
    Training(plan).advance(words.steps)
    grown = _largest_resident() - resident
    found = measure(plan, words.steps)
    for name in ("weights", "gradients", "optimizer", "activations", "needed", "peak"):
        print(f"{name:12} {getattr(found, name) / 2**20:8.1f} MiB")
    print(f"{words.task}: at most {found.peak / found.needed:.2f} x what it needs; ", end="")
    print(f"the process grew by {grown / 2**20:.1f} MiB")


def _largest_resident() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


if __name__ == "__main__":
    main()
