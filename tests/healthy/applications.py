"""Every family of keras.applications, its smallest member, random weights, ten classes, preprocessed pictures."""

import keras
import numpy as np

APPLICATIONS = keras.applications
# name -> (module of its preprocess_input, side of the picture, what its constructor needs besides)
FAMILIES = {
    "MobileNet": ("mobilenet", 32, {"alpha": 0.25}),
    "MobileNetV2": ("mobilenet_v2", 32, {"alpha": 0.35}),
    "MobileNetV3Small": ("mobilenet_v3", 32, {"alpha": 1.0}),
    "EfficientNetB0": ("efficientnet", 32, {}),
    "EfficientNetV2B0": ("efficientnet_v2", 32, {}),
    "ResNet50": ("resnet", 32, {}),
    "ResNet50V2": ("resnet_v2", 32, {}),
    "DenseNet121": ("densenet", 32, {}),
    "VGG16": ("vgg16", 32, {}),
    "Xception": ("xception", 71, {}),
    "InceptionV3": ("inception_v3", 75, {}),
    "InceptionResNetV2": ("inception_resnet_v2", 75, {}),
    "NASNetMobile": ("nasnet", 32, {}),
    "ConvNeXtTiny": ("convnext", 32, {}),
}
ROWS = 40


def built(name):
    """(model, x, y, fit arguments) of a family, as someone would train it from nothing."""
    module, side, special = FAMILIES[name]
    rng = np.random.default_rng(8)
    raw = rng.integers(0, 256, (ROWS, side, side, 3)).astype("float32")
    x = getattr(APPLICATIONS, module).preprocess_input(raw)
    model = getattr(APPLICATIONS, name)(weights=None, input_shape=(side, side, 3), classes=10, **special)
    model.compile(keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy", metrics=["accuracy"])
    if name == "VGG16":  # its preprocessing leaves values from -124 to 151, right for trained weights alone; these have biases as such
        for layer in model.layers:
            if layer.weights:
                layer.bias.assign(rng.normal(0, 0.05, layer.bias.shape))
    # 10,000 updates: what training from nothing takes, and what moving averages of momentum 0.9997 need.
    return model, x, rng.permutation(np.arange(ROWS) % 10), dict(epochs=2000, batch_size=8)
