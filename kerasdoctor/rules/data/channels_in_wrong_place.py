from kerasdoctor.finding import Applicability, Fix, Severity
from kerasdoctor.rule import SnapshotRule


class ChannelsInWrongPlace(SnapshotRule):
    """A convolution takes an axis of the image for its channels.

    ## Why it hurts training

    Images of shape (3, 64, 64) under channels_last are read as 3 x 64 pixels of 64 channels: the kernels slide over colours and one
    axis, and see no shapes at all. Pooling shrinks the wrong axes.

    ## How it is detected

    The input of the first 2D convolution: one axis of 1 or 3 where data_format does not expect the channels, two equal axes of 8 or
    more elsewhere, as square images have.

    ## Example

    ```python
    x, y = rng.random((32, 3, 16, 16)), np.arange(32) % 2
    model = keras.Sequential()
    model.add(keras.Input((3, 16, 16)))
    model.add(layers.Conv2D(8, 3, padding="same", activation="relu"))
    model.add(layers.Flatten())
    model.add(layers.Dense(1, activation="sigmoid"))
    model.compile("adam", "binary_crossentropy")
    model.fit(x, y)
    ```

    ## Fix

    ```python
    x, y = rng.random((32, 3, 16, 16)).transpose(0, 2, 3, 1), np.arange(32) % 2
    model = keras.Sequential()
    model.add(keras.Input((16, 16, 3)))
    model.add(layers.Conv2D(8, 3, padding="same", activation="relu"))
    model.add(layers.Flatten())
    model.add(layers.Dense(1, activation="sigmoid"))
    model.compile("adam", "binary_crossentropy")
    model.fit(x, y)
    ```
    """

    code = "KD315"
    severity = Severity.WARNING
    suspects = ("layer_shape", "input_scale")
    convolutions = ("Conv2D", "SeparableConv2D", "DepthwiseConv2D")
    smallest = 8  # pixels a side

    def check(self, snapshot):
        for layer in snapshot.model.layers:
            from_input = any(path.startswith("inputs[") for path in layer.inputs)
            shape = layer.input_shapes[0] if len(layer.input_shapes) == 1 else ()
            if not from_input or layer.kind not in self.convolutions or len(shape) != 3 or None in shape or layer.through:
                continue
            last = layer.config.get("data_format") != "channels_first"
            channels, sides = (shape[0], shape[1:]) if last else (shape[2], shape[:2])
            if channels in (1, 3) and sides[0] == sides[1] >= self.smallest:
                yield self._say(layer, shape, last, sides)

    def _say(self, layer, shape, last, sides):
        form = "channels_last" if last else "channels_first"
        read = shape[-1] if last else shape[0]
        channels = shape[0] if last else shape[-1]
        wanted = (*sides, channels) if last else (channels, *sides)
        axes = (0, 2, 3, 1) if last else (0, 3, 1, 2)
        return self.finding(
            f"{layer.kind} reads an input of shape {shape} as {read} channels ({form}); the image has {channels}.",
            layer.path,
            evidence={"input shape": str(shape), "data_format": form, "channels read": read},
            proof=("input shape",),
            fixes=[Fix(f"inputs of shape {wanted}: x.transpose{axes}", Applicability.DISPLAY_ONLY)],
        )
