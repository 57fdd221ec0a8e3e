import threading
from functools import partial

from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from nnstudio.errors import DataError
from nnstudio.gui.background import Background
from nnstudio.gui.workbench import Workbench

PATIENCE = 5_000


class Heard:
    def __init__(self) -> None:
        self.results: list[object] = []
        self.failures: list[tuple[str, str]] = []
        self.threads: list[threading.Thread] = []

    def done(self, result: object) -> None:
        self.results.append(result)
        self.threads.append(threading.current_thread())

    def failed(self, message: str, details: str) -> None:
        self.failures.append((message, details))
        self.threads.append(threading.current_thread())


def test_work_is_done_elsewhere_and_told_in_the_window_thread(qtbot: QtBot) -> None:
    background, heard = Background(), Heard()
    background.run(threading.current_thread).then(heard.done, heard.failed)
    assert background.busy
    qtbot.waitUntil(lambda: bool(heard.results), timeout=PATIENCE)
    assert heard.results != heard.threads
    assert heard.threads == [threading.current_thread()]
    assert not background.busy


def test_a_known_error_is_told_as_it_is_and_another_with_details(qtbot: QtBot) -> None:
    background, heard = Background(), Heard()

    def refuse() -> None:
        raise DataError("The file is empty.")

    def break_down() -> None:
        raise ZeroDivisionError("by nought")

    for op in (refuse, break_down):
        background.run(op).then(heard.done, heard.failed)
        qtbot.waitUntil(lambda: not background.busy, timeout=PATIENCE)
    assert heard.failures[0] == ("The file is empty.", "")
    message, details = heard.failures[1]
    assert message == "ZeroDivisionError: by nought"
    assert "break_down" in details
    assert heard.results == []


def test_what_is_over_soon_is_delivered_at_once_and_only_once(qtbot: QtBot) -> None:
    background, heard, gate = Background(), Heard(), threading.Event()
    quick = background.run(lambda: "quick").then(heard.done, heard.failed)
    assert background.settle(quick, PATIENCE)
    assert heard.results == ["quick"]
    slow = background.run(gate.wait).then(heard.done, heard.failed)
    assert not background.settle(slow, 0.01)
    gate.set()
    qtbot.waitUntil(lambda: not background.busy, timeout=PATIENCE)
    assert heard.results == ["quick", True]


def test_the_newest_of_a_kind_wins(qtbot: QtBot) -> None:
    background, heard = Background(), Heard()
    gate = threading.Event()

    def slow() -> str:
        gate.wait(PATIENCE / 1000)
        return "old"

    background.run(slow, "open").then(heard.done, heard.failed)
    background.run(lambda: "new", "open").then(heard.done, heard.failed)
    background.run(lambda: "other", "save").then(heard.done, heard.failed)
    gate.set()
    qtbot.waitUntil(lambda: not background.busy, timeout=PATIENCE)
    assert sorted(map(str, heard.results)) == ["new", "other"]


def test_a_cancelled_job_is_never_told(qtbot: QtBot) -> None:
    background, heard = Background(), Heard()
    gate = threading.Event()
    background.run(lambda: gate.wait(PATIENCE / 1000)).then(heard.done, heard.failed)
    background.cancel()
    gate.set()
    qtbot.waitUntil(lambda: not background.busy, timeout=PATIENCE)
    assert heard.results == []
    assert heard.failures == []


def test_a_job_that_outlives_the_window_does_no_harm(qtbot: QtBot) -> None:
    background, heard = Background(), Heard()
    gate = threading.Event()
    job = background.run(lambda: gate.wait(PATIENCE / 1000)).then(heard.done, heard.failed)
    background.deleteLater()
    with qtbot.waitSignal(background.destroyed, timeout=PATIENCE):
        pass
    gate.set()
    qtbot.waitUntil(lambda: job.result is not None, timeout=PATIENCE)
    qtbot.wait(20)
    assert heard.results == []


def test_a_bench_works_in_order_and_tells_what_is_done_meanwhile_in_one_turn(qtbot: QtBot) -> None:
    bench, heard = Workbench(), Heard()
    turns: list[int] = []
    finished = threading.Event()

    def break_down() -> None:
        raise ZeroDivisionError("by nought")

    def done(result: object) -> None:
        heard.done(result)
        if len(heard.results) == 1:
            QTimer.singleShot(0, lambda: turns.append(len(heard.results)))

    for number in range(3):
        bench.run(partial(int, number)).then(done, heard.failed)
    bench.run(break_down).then(done, heard.failed)
    bench.run(finished.set).then(done, heard.failed)
    assert finished.wait(PATIENCE / 1000)
    qtbot.waitUntil(lambda: bool(turns), timeout=PATIENCE)
    assert heard.results[:3] == [0, 1, 2]
    assert turns[0] >= 3  # whatever followed had to wait until all that was done was told
    assert [message for message, _ in heard.failures] == ["ZeroDivisionError: by nought"]
    bench.run(lambda: "later").then(heard.done, heard.failed)
    qtbot.waitUntil(lambda: "later" in heard.results, timeout=PATIENCE)
    assert set(heard.threads) == {threading.current_thread()}
