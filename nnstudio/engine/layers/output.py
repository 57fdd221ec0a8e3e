"""Where the network's answer is compared with what was expected."""

from collections.abc import Sequence

from pydantic import Field, SerializeAsAny

from nnstudio.engine.cost import Cost
from nnstudio.engine.costs.squared import MeanSquaredError
from nnstudio.engine.layer import Layer, Operation, Shape, ShapeError, Site


class Output(Layer):
    """Where the answer leaves the network and is compared with what was expected.

    ``cost(y, t)``: rows of shape (units,) and their targets of the same shape come in.

    References
    ----------
    I. Goodfellow, Y. Bengio, A. Courville, "Deep learning", 2016, section 6.2.
    """

    key = "output"
    title = "Output"
    group = "Ends"
    portrait = "answer"
    has_output = False

    cost: SerializeAsAny[Cost] = Field(
        MeanSquaredError(), title="Cost", description="How the difference between answer and truth is counted."
    )

    def output_shape(self, inputs: Sequence[Shape]) -> Shape:
        """Return the shape of the answer.

        Raises
        ------
        ShapeError
            When the answer is not one number or a row of numbers.
        """
        (shape,) = inputs
        if len(shape) != 1:
            raise ShapeError(
                f"expects a flat answer but gets {' × '.join(map(str, shape))}.", "Put a Dense layer before it."
            )
        return shape

    def bind(self, site: Site) -> Operation:
        """Return an operation that does nothing: the sweep evaluates the cost, which needs the targets."""
        del site
        return _OutputOperation()

    def note(self) -> str:
        """Return the cost's name."""
        return self.cost.title


class _OutputOperation(Operation):
    def forward(self) -> None:
        pass

    def backward(self) -> None:
        pass
