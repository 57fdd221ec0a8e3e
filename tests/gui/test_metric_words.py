"""How good a network is, in words."""

from nnstudio.gui.metric_words import metric_line, metric_words


def test_a_metric_is_read_with_the_digits_that_count() -> None:
    assert metric_words("accuracy", 0.9666) == "accuracy 96.7\N{NO-BREAK SPACE}%"
    assert metric_words("r2", 0.91234) == "R² 0.912"
    assert metric_words("r2", -4.05e15) == "R² -4.05e+15"
    assert metric_line("test", "r2", 0.5, 0.0) == "test <b>R² 0.500</b> (always the mean: 0.000)"
