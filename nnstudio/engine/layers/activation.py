"""An activation as a layer of its own."""

from collections.abc import Sequence

from pydantic import Field, SerializeAsAny

from nnstudio.engine.activation import Activation
from nnstudio.engine.activations.plain import Linear
from nnstudio.engine.activations.rectifiers import Relu
from nnstudio.engine.layer import Layer, Operation, Shape, Site


class ActivationLayer(Layer):
    """Applies a function to every number that comes in.

    ``a = f(x)`` in the same shape; backward ``dx = f'(x) da``.

    References
    ----------
    I. Goodfellow, Y. Bengio, A. Courville, "Deep learning", 2016, section 6.3.
    """

    key = "activation"
    title = "Activation"
    other_names = ("relu", "tanh", "sigmoid", "nonlinearity")
    layout = "as_input"

    function: SerializeAsAny[Activation] = Field(
        Relu(), title="Function", description="What is applied to every number."
    )

    def output_shape(self, inputs: Sequence[Shape]) -> Shape:
        """Return the input's shape."""
        return inputs[0]

    def last_activation(self) -> Activation:
        """Return the function."""
        return self.function

    def bind(self, site: Site) -> Operation:
        """Return the operation over this memory."""
        return _ActivationOperation(self, site)

    def note(self) -> str:
        """Return the function's name."""
        return self.function.title


class _ActivationOperation(Operation):
    def __init__(self, layer: ActivationLayer, site: Site) -> None:
        self._function: Activation = Linear() if site.fused else layer.function
        self._z, self._a = site.inputs[0], site.output
        self._da, self._dz = site.output_gradient, site.input_gradients[0]
        self._room = site.scratch.room(0, self._a)

    def forward(self) -> None:
        self._function.forward(self._z, self._a, self._room)

    def backward(self) -> None:
        if self._dz is not None and self._da is not None:
            self._function.backward(self._z, self._a, self._da, self._dz, self._room)
