"""The memory of all threads comes from one place."""

import platform
import subprocess
import sys

import pytest

_COUNT = """
import sys, threading
from nnstudio.gui.allocation import share_one_arena

if "shared" in sys.argv:
    assert share_one_arena()
gate = threading.Barrier(7)

def hold():
    numbers = [bytearray(40_000) for _ in range(20)]
    gate.wait()
    gate.wait()
    del numbers

threads = [threading.Thread(target=hold) for _ in range(6)]
for thread in threads:
    thread.start()
gate.wait()
sizes = []
for line in open("/proc/self/maps"):
    place, rights = line.split()[:2]
    first, last = (int(end, 16) for end in place.split("-"))
    # An arena of the GNU C library is 64 MB of addresses, of which most cannot be used yet.
    sizes += [last - first] if rights == "---p" and 2**25 < last - first < 2**26 else []
gate.wait()
print(len(sizes))
"""


@pytest.mark.skipif(
    sys.platform != "linux" or platform.libc_ver()[0] != "glibc" or platform.machine() != "x86_64",
    reason="how memory is dealt out is known here for the GNU C library only",
)
def test_threads_have_no_arenas_of_their_own() -> None:
    def arenas(*words: str) -> int:
        done = subprocess.run([sys.executable, "-c", _COUNT, *words], capture_output=True, text=True, check=True)
        return int(done.stdout)

    assert arenas() >= 4
    assert arenas("shared") == 0
