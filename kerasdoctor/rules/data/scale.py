"""What the rules on scale share: how large the values are that the first weights read, and how an input is brought to unit scale."""

from __future__ import annotations

import math
from collections.abc import Mapping

from kerasdoctor.finding import Applicability, Code, Fix, InsertLayer

NORMALISING = ("BatchNormalization", "LayerNormalization", "GroupNormalization", "UnitNormalization", "RMSNormalization")
# Between weights and their normalisation: these keep a common factor of their input, at biases of 0, as it is.
KEEPS_FACTOR = ("ReLU", "LeakyReLU", "PReLU", "MaxPooling1D", "MaxPooling2D", "MaxPooling3D", "AveragePooling1D", "AveragePooling2D")
KEEPS_FACTOR += ("ZeroPadding1D", "ZeroPadding2D", "Dropout", "Reshape", "Flatten", "Permute", "Identity")
MIXED = 100.0  # between the spreads of two columns; the curvatures then differ by 10,000, about the number of steps of a short training
BEYOND_UNIT = 10.0  # root mean square: below it the small columns are only small, and nothing jumps
RESOLUTION = 1e-5  # of a column's mean: float32 has 7 digits, what differs less is rounding
WRITTEN_OUT = 16  # columns whose means and variances are still written into the cell as numbers


def column_scales(values):
    """The root mean square of each entry of the last axis, over the whole data."""
    if values.column_means:
        return tuple(math.hypot(m, s) for m, s in zip(values.column_means, values.column_stds, strict=True))
    return () if values.mean is None or values.std is None else (math.hypot(values.mean, values.std),)


def scale_read(values):
    """The largest root mean square of what the first weights read of an input; None where it is not known.

    Nothing before those weights changes values: the facts of the whole data. Else what was measured in the probe.
    """
    if not values.rescaled:
        return max(column_scales(values), default=None)
    return values.weights_see


def reads_numbers(snapshot, values):
    """Are there weights, of Keras's own layers, that read this input as numbers and do not bring it to unit scale at once?"""
    layers = [layer for path in values.feeds if (layer := snapshot.model.layer(path)) is not None]
    if not snapshot.model.graph:
        return len(snapshot.inputs) == 1 and not any(layer.kind in NORMALISING for layer in snapshot.model.layers)
    return any(layer.builtin and not normalised_at_once(snapshot.model, layer) for layer in layers)


def normalised_at_once(model, layer, depth=4):
    """Does a normalisation follow these weights before anything that minds the scale? Then the size of what they read cancels."""
    if layer.kind in NORMALISING:
        return True
    if depth == 0 or (layer.activation or "linear") not in ("linear", "relu", "leaky_relu") or layer.kind.endswith(("LSTM", "GRU", "RNN")):
        return False
    consumers = model.consumers(layer)
    passing = depth == 4 or layer.kind in KEEPS_FACTOR or layer.kind == "Activation"
    return passing and bool(consumers) and all(normalised_at_once(model, other, depth - 1) for other in consumers)


def trained_before(snapshot, values):
    """Were the first weights trained before, and not here? Their own training fixed the scale that they want, whatever it was."""
    layers = [layer for path in values.feeds if (layer := snapshot.model.layer(path)) is not None and layer.parameters]
    trained_here = snapshot.optimizer is not None and snapshot.optimizer.iterations > 0
    return any(not layer.trainable or (not trained_here and (layer.fresh is False or _beyond_initializer(layer))) for layer in layers)


def _beyond_initializer(layer):
    """glorot_uniform, the default of Keras, draws within sqrt(6 / (fan_in + fan_out)); short training adds far less than half of that."""
    initializer, kernel = layer.config.get("kernel_initializer"), layer.kernel
    if kernel is None or not isinstance(initializer, Mapping) or initializer.get("class_name") != "GlorotUniform" or len(kernel.shape) < 2:
        return False
    limit = math.sqrt(6 / (math.prod(kernel.shape[:-2]) * (kernel.shape[-2] + kernel.shape[-1])))
    return max(-kernel.minimum, kernel.maximum) > 1.5 * limit


def wants_unit_scale(snapshot, values):
    return values.indices_for is None and reads_numbers(snapshot, values) and not trained_before(snapshot, values)


def speaks_of_columns(values):
    """Is it a table whose columns are on different scales? Then that is what is said of it."""
    return not values.rescaled and is_mixed(values, MIXED, BEYOND_UNIT)


def is_mixed(values, times, over):
    """Columns of a table on scales that differ ``times``-fold, the largest beyond ``over``. Constant and 0/1 columns do not count."""
    ranges = varying(values)
    if len(values.shape or ()) > 2 or len(ranges) < 2 or is_pixels(values):
        return False
    stds = [std for std, _ in ranges]
    spans = [span for _, span in ranges]
    return max(column_scales(values)) > over and max(stds) > times * min(stds) and max(spans) > times * min(spans)


def varying(values):
    """(spread, range) of each column that is neither constant nor 0/1."""
    columns = zip(values.column_stds, values.column_minima, values.column_maxima, strict=True)
    return [(std, high - low) for std, low, high in columns if std > 0 and high > low and not (low == 0 and high == 1)]


def is_pixels(values):
    """Whole numbers that fill 0 to 255, as images are stored."""
    return (
        values.whole
        and values.minimum is not None
        and values.minimum >= 0
        and 200 <= values.maximum <= 255
        and math.prod(values.shape or (1,)) >= 16
    )


def sampled(values):
    """Evidence that only a part of the rows was looked at; empty where it was all of them."""
    if not values.rows or values.examined >= values.rows:
        return {}
    return {"rows examined": f"{values.examined:,} of {values.rows:,}"}


def number(value):
    return f"{value:.4g}"


def scaling_fixes(values, index):
    """Fixes that bring an input to unit scale inside the model, so that predict() and validation data are scaled alike."""
    target = f"inputs[{index}]"
    note = "The layer is part of the model: validation data and predict() are scaled alike."
    if is_pixels(values):
        layer = InsertLayer(target, "after", "Rescaling", {"*": (Code("1 / 255"),)})
        return [Fix("Rescaling(1 / 255) as the first layer", Applicability.UNSAFE, (layer,), note)]
    arguments = _moments(values)
    if arguments is None:
        return [
            Fix(
                "standardise the columns, or a Normalization layer, adapted to the training data, first",
                Applicability.DISPLAY_ONLY,
                (),
                note,
            )
        ]
    layer = InsertLayer(target, "after", "Normalization", arguments)
    return [Fix("Normalization with the data's mean and variance as the first layer", Applicability.UNSAFE, (layer,), note)]


def _moments(values):
    shape = values.shape or ()
    if len(shape) >= 1 and len(values.column_means) == shape[-1] and 1 <= shape[-1] <= WRITTEN_OUT:
        means, variances = values.column_means, _variances(values)
        return {"mean": [float(f"{m:.6g}") for m in means], "variance": [float(f"{v:.4g}") for v in variances]}
    scales = column_scales(values)
    if values.mean is not None and values.std and min(scales) * 30 > max(scales):
        return {"axis": None, "mean": float(f"{values.mean:.6g}"), "variance": float(f"{values.std**2:.4g}")}
    if values.expression and values.expression.isidentifier():
        return {"mean": Code(f"{values.expression}.mean(axis=0)"), "variance": Code(f"{values.expression}.var(axis=0)")}
    return None


def _variances(values):
    """Variances to divide by; a column whose spread drowns in float32's rounding of its mean counts as constant."""
    floors = [max(std, RESOLUTION * abs(mean)) for std, mean in zip(values.column_stds, values.column_means, strict=True)]
    return [floor**2 or 1.0 for floor in floors]
