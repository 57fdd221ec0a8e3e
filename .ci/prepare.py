"""Prepares a bare clone and runs the studio or its checks; needs nothing but Python and pip.

python .ci/prepare.py run     open the studio on the spirals
python .ci/prepare.py test    run every check
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
OLDEST = (3, 11)
SAMPLE = "samples/spirals.nns"
SAMPLE_EPOCHS = "150"

LIBRARIES = (
    "libegl1",
    "libgl1",
    "libxkbcommon0",
    "libxkbcommon-x11-0",
    "libdbus-1-3",
    "libfontconfig1",
    "libglib2.0-0",
    "libxcb-cursor0",
    "libxcb-icccm4",
    "libxcb-image0",
    "libxcb-keysyms1",
    "libxcb-randr0",
    "libxcb-render-util0",
    "libxcb-shape0",
    "libxcb-xinerama0",
    "libxcb-xkb1",
)
"""Debian's names of the libraries that Qt needs and a server image may lack."""

CHECKS = (
    ("format", [str(BIN / "ruff"), "format", "--check", "."]),
    ("lint", [str(BIN / "ruff"), "check", "."]),
    ("types", [str(BIN / "mypy")]),
    ("imports", [str(BIN / "lint-imports")]),
    ("tests", [str(PYTHON), "-m", "pytest"]),
)


def main() -> int:
    """Do what the first word says."""
    if sys.version_info < OLDEST:
        print(f"NN Studio needs Python {OLDEST[0]}.{OLDEST[1]} or newer; this is {sys.version.split()[0]}.")
        return 1
    os.chdir(ROOT)
    task = sys.argv[1] if len(sys.argv) > 1 else "run"
    install("test" if task == "test" else "")
    find_libraries()
    return test() if task == "test" else run()


def install(extra: str) -> None:
    """Make the environment and install the studio, unless that was done for this very pyproject.toml."""
    if not PYTHON.exists():
        print("Making .venv ...", flush=True)
        made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=False)
        if made.returncode:
            sys.exit("Python's venv is missing. On Debian and Ubuntu type: sudo apt-get install python3-venv")
    wanted = hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()
    stamp = VENV / f"installed-{extra or 'studio'}"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    print("Installing ...", flush=True)
    what = f".[{extra}]" if extra else "."
    command = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--editable", what]
    if subprocess.run(command, check=False).returncode:
        sys.exit("The installation failed; pip's message above says why.")
    stamp.write_text(wanted)


def find_libraries() -> None:
    """See to the system libraries that Qt needs: install them where nobody needs to be asked, else say how."""
    if not sys.platform.startswith("linux") or loads_qt():
        return
    packages = list(LIBRARIES)
    if os.geteuid() == 0 and any(Path(place, "apt-get").exists() for place in ("/usr/bin", "/bin")):
        print("Installing the system libraries that Qt needs ...", flush=True)
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], check=False, env=quiet, stdout=subprocess.DEVNULL)
        subprocess.run(
            ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages],
            check=False,
            env=quiet,
            stdout=subprocess.DEVNULL,
        )
        if loads_qt():
            return
    sys.exit(f"Qt needs system libraries that are missing. Type: sudo apt-get install {' '.join(packages)}")


def loads_qt() -> bool:
    """Return whether a window can be made, on the display there is or on none."""
    environment = dict(os.environ)
    if not has_display():
        environment["QT_QPA_PLATFORM"] = "offscreen"
    code = "from PySide6.QtWidgets import QApplication; QApplication([])"
    tried = subprocess.run([str(PYTHON), "-c", code], check=False, env=environment, capture_output=True)
    return tried.returncode == 0


def has_display() -> bool:
    """Return whether there is something to draw on."""
    return not sys.platform.startswith("linux") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def run() -> int:
    """Open the window on a sample; without a display, run it all the same and leave a picture and the weights."""
    studio = [str(PYTHON), "-m", "nnstudio"]
    if has_display():
        return subprocess.run([*studio, SAMPLE], check=False).returncode
    print("There is no display: the window runs without one and trains the sample.", flush=True)
    picture, weights = Path("build/run/window.png"), Path("build/run/weights.npz")
    picture.parent.mkdir(parents=True, exist_ok=True)
    wanted = ["--train", SAMPLE_EPOCHS, "--screenshot", str(picture), "--weights", str(weights), "--exit"]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    status = subprocess.run([*studio, "open", SAMPLE, *wanted], check=False, env=environment).returncode
    if status == 0:
        print(picture)
        print(weights)
    return status


def test() -> int:
    """Run the checks one after another; the first that fails ends it."""
    for name, command in CHECKS:
        print(f"--- {name}", flush=True)
        status = subprocess.run(command, check=False).returncode
        if status:
            print(f"The check '{name}' failed.")
            return status
    return 0


if __name__ == "__main__":
    sys.exit(main())
