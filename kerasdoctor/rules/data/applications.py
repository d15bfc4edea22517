"""Which inputs the models of keras.applications were trained on, where that is no part of the model itself."""

from __future__ import annotations

# Names that keras.applications gives its models; preprocess_input of these maps 0..255 to -1..1 (mode "tf" of imagenet_utils).
MINUS_ONE_TO_ONE = ("mobilenet_", "mobilenetv2_", "inception_v3", "inception_resnet_v2", "xception", "nasnet", "resnet50v2", "resnet101v2")
MINUS_ONE_TO_ONE += ("resnet152v2",)


def trained_on_unit_scale(snapshot, values):
    """The name of the application model, trained on values from -1 to 1, whose first weights read this input; None for others."""
    for path in values.feeds:
        owner = path.rpartition(".")[0]
        layer = snapshot.model.layer(owner) if owner else None
        name = layer.name if layer is not None else snapshot.model.name
        if name.lower().startswith(MINUS_ONE_TO_ONE):
            return name
    return None
