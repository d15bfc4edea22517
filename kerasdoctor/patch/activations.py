"""Activations changed wherever they are written: on the layer, or as a layer of their own."""

from __future__ import annotations

import re

import libcst as cst

from kerasdoctor.patch.arguments import add_argument, argument, remove_argument, replace
from kerasdoctor.patch.document import TargetNotFound

ACTIVATION_LAYERS = frozenset(["Softmax", "ReLU", "LeakyReLU", "ELU", "PReLU", "ThresholdedReLU"])
# Classes that apply nothing unless they are told to; the recurrent ones apply tanh.
LINEAR_BY_DEFAULT = re.compile(r"Dense|EinsumDense|(Separable|Depthwise)?Conv\dD(Transpose)?")


class ActivationEditor:
    """Raises TargetNotFound where the text leaves a doubt."""

    def __init__(self, locator, speller, layers):
        self.locator, self.speller, self.layers = locator, speller, layers
        self.document = locator.document

    def set_activation(self, edit):
        """SetActivation: on the layer, in a layer of its own, or added."""
        call = self.locator.layer(edit.target, edit)
        kind = self.locator.snapshot.model.layer(edit.target).kind
        if kind == "Activation" or kind in ACTIVATION_LAYERS:
            return self._activation_layer(call, kind, edit.activation)
        arg = argument(call, kind, "activation")
        if edit.activation == "linear" and LINEAR_BY_DEFAULT.fullmatch(kind):
            return self._without_activation(call, arg)
        if arg is None:
            return add_argument(self.document, call, "activation", self.speller.literal(edit.activation, self.document.start(call)))
        return self._activation_value(arg.value, edit.activation)

    def _activation_layer(self, call, kind, activation):
        if activation == "linear":
            return self.layers.remove_call(call)
        if kind == "Activation":
            arg = argument(call, kind, "activation")
            if arg is None:
                raise TargetNotFound("the Activation layer says no activation")
            return self._activation_value(arg.value, activation)
        if kind.lower() == activation and not any(arg.keyword is None or arg.keyword.value != "name" for arg in call.args):
            return []
        function = self.speller.keras_name("layers", "Activation", self.document.start(call), call.func)
        return replace(self.document, call, self.speller.call(function, {"*": activation}, self.document.start(call)))

    def _without_activation(self, call, arg):
        if arg is None:
            return []
        behind = call.args[call.args.index(arg) + 1 :]
        if not arg.keyword and any(not other.keyword for other in behind):
            return replace(self.document, arg.value, "None")
        return remove_argument(self.document, call, arg)

    def _activation_value(self, expression, activation):
        """The value of an activation argument; ``tf.nn.softmax`` already is "softmax"."""
        if isinstance(expression, cst.Attribute) and expression.attr.value == activation:
            return []
        return replace(self.document, expression, self.speller.like(expression, activation))
