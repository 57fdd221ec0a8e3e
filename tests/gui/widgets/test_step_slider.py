"""A slider over steps tells what was changed at the marks under the pointer."""

from pytestqt.qtbot import QtBot

from nnstudio.gui.widgets.step_slider import StepSlider


def test_marks_that_lie_together_are_told_together_and_of_very_many_the_first(qtbot: QtBot) -> None:
    slider = StepSlider()
    qtbot.addWidget(slider)
    slider.setRange(0, 100_000)
    slider.resize(400, 24)
    slider.show_marks([(step, f"learning rate {step}") for step in range(50_000, 50_003)])
    assert slider.words_at(slider.place_of(50_000)).splitlines() == [
        "step 50,000: learning rate 50000",
        "step 50,001: learning rate 50001",
        "step 50,002: learning rate 50002",
    ]
    assert slider.words_at(slider.place_of(10_000)) == ""
    slider.show_marks([(step, f"learning rate {step}") for step in range(50_000, 50_200)])
    lines = slider.words_at(slider.place_of(50_000)).splitlines()
    assert (len(lines), lines[-1]) == (12, "and 189 more")
