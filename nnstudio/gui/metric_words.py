"""How good a network is, in words: the same wherever it is said."""

from nnstudio.i18n import tr

_NAMES = {"balanced_accuracy": "balanced accuracy", "f1": "F1", "r2": "R²", "mae": "mean error", "rmse": "RMSE"}

_LARGE = 1e6
"""From here on digits are no longer counted but written as a power of ten."""


def metric_words(name: str, value: float) -> str:
    """Return a metric in words, such as "accuracy 97.0 %"."""
    return f"{metric_name(name)} {_number(name, value)}"


def metric_name(name: str) -> str:
    """Return what a metric is called."""
    return tr(_NAMES.get(name, name))


def percent(share: float) -> str:
    """Return a share as it is read, such as "97.0 %"."""
    return f"{100 * share:.1f}\N{NO-BREAK SPACE}%"


def metric_line(where: str, name: str, value: float, baseline: float | None) -> str:
    """Return the whole line, with the baseline beside the metric."""
    text = f"{tr(where)} <b>{metric_words(name, value)}</b>"
    if baseline is None:
        return text
    other = tr("always the mean") if name == "r2" else tr("always the most frequent")
    return f"{text} ({other}: {_number(name, baseline)})"


def _number(name: str, value: float) -> str:
    if name == "accuracy":
        return percent(value)
    return f"{value:.3f}" if abs(value) < _LARGE else f"{value:.2e}"
