"""How quick a training step is, beside PyTorch, scikit-learn and JAX.

    python -m tests.benchmarks.training [--rounds 7] [--seconds 1.5] [--tasks T1 T2 ...]

A step is everything: drawing and gathering its shuffled batch, forward, cost, backward, update. Each side runs in a
process of its own, rounds alternate, and medians count. Every side is measured with one thread and with as many as
there are cores, and the better one is taken; the studio chooses by itself. Needs the extra `bench`.

T1  2-8-8-1 tanh, squared error, SGD, batch 10          T5  28x28x1, conv 8, pool, conv 16, pool, 64, 10, SGD, batch 64
T2  4-16-3 ReLU, cross-entropy, Adam, batch 16          T6  LSTM 64, 50 steps of 8 features, Adam, batch 32
T3  784-128-64-10 ReLU, Adam, batch 64                  T7  ten dense layers of 64 with batch normalisation and
T4  1024-1024-1024-10 ReLU, Adam, batch 256                 shortcuts, Adam, batch 128
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
from collections import defaultdict
from typing import Any

from tests.benchmarks import peers

SIDES = {
    "studio": tuple(peers.TASKS),
    "torch": tuple(peers.TASKS),
    "sklearn": ("T1", "T2", "T3", "T4"),
    "jax": ("T1", "T2", "T3", "T4"),
}
"""The sides and what each of them can run."""


def run(side: str, task: str, threads: int, seconds: float) -> dict[str, Any]:
    """Measure one side on one task in a process of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OPENBLAS_")}
    count = str(threads)
    environment = {**kept, "OMP_NUM_THREADS": count, "OPENBLAS_NUM_THREADS": count, "MKL_NUM_THREADS": count}
    if side == "studio":
        environment = kept
    if side == "jax":
        environment["XLA_FLAGS"] = f"--xla_cpu_multi_thread_eigen={'true' if threads > 1 else 'false'}"
        environment["JAX_PLATFORMS"] = "cpu"
    command = [sys.executable, "-m", "tests.benchmarks.peers", side, task, str(threads), str(seconds)]
    ran = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    if ran.returncode:
        raise SystemExit(f"{side} on {task} failed:\n{ran.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return found


def main() -> None:
    """Run the rounds and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=1.5)
    parser.add_argument("--tasks", nargs="+", default=list(peers.TASKS))
    parser.add_argument("--sides", nargs="+", default=list(SIDES))
    words = parser.parse_args()
    cores = os.cpu_count() or 1
    print(f"{platform.platform()}, {cores} cores, Python {platform.python_version()}")
    for task in words.tasks:
        times: dict[tuple[str, int], list[float]] = defaultdict(list)
        told: dict[tuple[str, int], str] = {}
        for _ in range(words.rounds):
            for side in words.sides:
                if task in SIDES[side]:
                    for threads in (0,) if side == "studio" else sorted({1, cores}):
                        found = run(side, task, threads, words.seconds)
                        times[side, threads].append(found["microseconds"])
                        told[side, threads] = found["told"]
        best: dict[str, tuple[float, int]] = {}
        for (side, threads), values in times.items():
            median = statistics.median(values)
            if side not in best or median < best[side][0]:
                best[side] = (median, threads)
        for side, (median, threads) in best.items():
            values = times[side, threads]
            ratio = median / best["studio"][0] if "studio" in best else float("nan")
            print(
                f"{task}  {side:8} {median:10.1f} us   ({min(values):.1f} to {max(values):.1f})   "
                f"{ratio:6.2f} x the studio's time   {told[side, threads]}"
            )


if __name__ == "__main__":
    main()
