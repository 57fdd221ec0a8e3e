"""Prepares a bare clone and runs the studio or its checks; needs nothing but Python and pip.

python .ci/prepare.py run     open the studio on the spirals
python .ci/prepare.py test    run every check
"""

from __future__ import annotations  # so that a Python too old to run the studio can still read this and say so

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
OLDEST = (3, 11)

SAMPLE = "samples/spirals.nns"
SAMPLE_EPOCHS = "150"
PICTURE = Path("build/run/window.png")
WEIGHTS = Path("build/run/weights.npz")

PACKAGES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libOpenGL.so.0": "libopengl0",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libX11.so.6": "libx11-6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxcb.so.1": "libxcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxkbcommon.so.0": "libxkbcommon0",
}
"""The system libraries that Qt needs, and what Debian calls the packages that hold them."""

CHECKS = {
    "format": ["-m", "ruff", "format", "--check", "."],
    "lint": ["-m", "ruff", "check", "."],
    "types": ["-m", "mypy"],
    "imports": ["-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
    "tests": ["-m", "pytest"],
}
"""What `test` runs, in this order. As modules: a script's first line breaks when the folder is moved."""


def main() -> int:
    """Do what the first word says."""
    task = sys.argv[1] if len(sys.argv) > 1 else ""
    if task not in ("run", "test"):
        raise SystemExit(__doc__)
    if sys.version_info < OLDEST:
        raise SystemExit(f"NN Studio needs Python {OLDEST[0]}.{OLDEST[1]} or newer; this is {sys.version.split()[0]}.")
    os.chdir(ROOT)
    make_environment()
    install("test" if task == "test" else "")
    provide_libraries(with_display=task == "run" and has_display())
    return test() if task == "test" else run()


def make_environment() -> None:
    """Make .venv, unless there is one that works."""
    works = f"import pip, sys; sys.exit(sys.version_info < {OLDEST})"
    if PYTHON.exists() and subprocess.run([PYTHON, "-c", works], check=False, capture_output=True).returncode == 0:
        return
    say("Making .venv ...")
    if has_module("ensurepip"):
        made = call([sys.executable, "-m", "venv", "--clear", VENV]) == 0
    elif has_module("pip"):
        # Debian keeps venv's own pip in a package apart; the pip that is there does as well.
        made = call([sys.executable, "-m", "venv", "--clear", "--without-pip", VENV]) == 0
        made = made and call([sys.executable, "-m", "pip", "--python", PYTHON, "install", "--quiet", "pip"]) == 0
    else:
        package = "python{}.{}-venv".format(*sys.version_info)
        if not install_packages([package]):
            raise SystemExit(f"Python's venv is missing. {how_to_install([package])}")
        made = call([sys.executable, "-m", "venv", "--clear", VENV]) == 0
    if not made:
        shutil.rmtree(VENV, ignore_errors=True)
        raise SystemExit("The folder .venv could not be made; the message above says why.")


def install(extra: str) -> None:
    """Install the studio into .venv, unless that was done here for this very pyproject.toml."""
    wanted = hashlib.sha256((ROOT / "pyproject.toml").read_bytes() + bytes(ROOT)).hexdigest()
    stamps = [VENV / f"installed-{name}" for name in ("test", "run")]
    # What the tests need holds all that the window needs.
    enough = stamps[:1] if extra else stamps
    if any(stamp.exists() and stamp.read_text() == wanted for stamp in enough):
        return
    say("Installing NN Studio and what it needs into .venv; the first time this takes some minutes ...")
    quiet = [] if sys.stdout.isatty() else ["--quiet"]
    what = f".[{extra}]" if extra else "."
    pip: list[str | Path] = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", *quiet]
    # A person's own settings of pip may say "for this user", which pip refuses inside an environment.
    if call([*pip, "--editable", what], {"PIP_USER": "0"}):
        raise SystemExit("The installation failed; pip's message above says why. The same command tries again.")
    (stamps[0] if extra else stamps[1]).write_text(wanted)


def provide_libraries(*, with_display: bool) -> None:
    """See to the system libraries that Qt needs: install them where nobody has to be asked, else say how."""
    missing = missing_libraries(with_display=with_display)
    if missing and install_packages(packages_of(missing)):
        missing = missing_libraries(with_display=with_display)
    if missing:
        raise SystemExit(
            f"Qt needs system libraries that are missing here: {', '.join(missing)}.\n"
            f"{how_to_install(packages_of(missing))}\nThen type the same command again."
        )


def missing_libraries(*, with_display: bool) -> list[str]:
    """Return the file names of the system libraries that Qt would look for in vain."""
    if not sys.platform.startswith("linux") or shutil.which("ldd") is None:
        return []
    platform = "offscreen"
    if with_display:
        platform = "xcb" if os.environ.get("DISPLAY") else "wayland*"
    names = ("QtWidgets.abi3.so", "QtSvg.abi3.so", "QtOpenGLWidgets.abi3.so", f"Qt/plugins/platforms/libq{platform}.so")
    files = [file for name in names for file in VENV.glob(f"lib/python*/site-packages/PySide6/{name}")]
    told = subprocess.run(["ldd", *files], check=False, capture_output=True, text=True)
    return not_found(told.stdout)


def not_found(told: str) -> list[str]:
    """Return the libraries that ldd did not find, sorted."""
    return sorted({line.split()[0] for line in told.splitlines() if line.rstrip().endswith("=> not found")})


def packages_of(libraries: Iterable[str]) -> list[str]:
    """Return what Debian calls the packages that hold these libraries."""
    return sorted({PACKAGES[library] for library in libraries if library in PACKAGES})


def install_packages(packages: list[str]) -> bool:
    """Install packages of Debian where nobody has to be asked, and return whether that worked."""
    if os.name == "nt" or os.geteuid() != 0 or shutil.which("apt-get") is None or not packages:
        return False
    say(f"Installing {' '.join(packages)} ...")
    alone = {"DEBIAN_FRONTEND": "noninteractive"}
    call(["apt-get", "update", "-qq"], alone, quiet=True)
    return call(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages], alone, quiet=True) == 0


def how_to_install(packages: list[str]) -> str:
    """Return the line to type."""
    if not packages:
        return "Install the packages of your system that hold them."
    return f"On Debian and Ubuntu type: sudo apt-get install {' '.join(packages)}"


def run() -> int:
    """Open the window on a sample; without a display, run it all the same and leave a picture and the weights."""
    studio: list[str | Path] = [PYTHON, "-m", "nnstudio", "open", SAMPLE]
    if has_display():
        return call(studio)
    say(f"There is no display: the window runs without one and trains {SAMPLE} for {SAMPLE_EPOCHS} epochs.")
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    for left in (PICTURE, WEIGHTS):
        left.unlink(missing_ok=True)
    orders: list[str | Path] = ["--train", SAMPLE_EPOCHS, "--screenshot", PICTURE, "--weights", WEIGHTS, "--exit"]
    # The offscreen platform warns of what it cannot do, which here nobody misses.
    status = call([*studio, *orders], {"QT_QPA_PLATFORM": "offscreen", "QT_LOGGING_RULES": "default.warning=false"})
    if status:
        return status
    say(f"The window as it was at the end, and the weights it learned:\n{PICTURE}\n{WEIGHTS}")
    return 0


def test() -> int:
    """Run the checks one after another; the first that fails ends it."""
    for name, command in CHECKS.items():
        say(f"--- {name}")
        status = call([PYTHON, *command])
        if status:
            say(f"The check '{name}' failed.")
            return status
    return 0


def has_display() -> bool:
    """Return whether there is something to draw on; only Linux may be without."""
    return not sys.platform.startswith("linux") or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def has_module(name: str) -> bool:
    """Return whether the Python that runs this has a module."""
    return importlib.util.find_spec(name) is not None


def call(command: Sequence[str | Path], environment: Mapping[str, str] | None = None, *, quiet: bool = False) -> int:
    """Run a command with a changed environment and return its exit status; a quiet one shows its complaints only."""
    output = subprocess.DEVNULL if quiet else None
    return subprocess.run(command, check=False, env={**os.environ, **(environment or {})}, stdout=output).returncode


def say(words: str) -> None:
    """Print at once, before what is started next prints."""
    print(words, flush=True)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
