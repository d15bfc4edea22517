"""Sound programs that look like faults of the architecture and optimization families: each builds (model, x, y, arguments of fit)."""

from __future__ import annotations

import keras
import numpy as np
from keras import layers

PROGRAMS = {}
ROWS = 64


def program(make):
    PROGRAMS[make.__name__.replace("_", "-")] = make
    return make


def _rows(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=(ROWS, *shape)).astype("float32")


def _classes(count, seed=1):
    return np.random.default_rng(seed).permutation(np.arange(ROWS) % count)


def _compiled(model, loss, optimizer="adam", **more):
    model.compile(optimizer, loss, **more)
    return model


def _image_classifier(body, shape=(16, 16, 3), **more):
    inputs = keras.Input(shape)
    x = layers.GlobalAveragePooling2D()(body(inputs))
    model = keras.Model(inputs, layers.Dense(3, activation="softmax")(x))
    return _compiled(model, "sparse_categorical_crossentropy", **more), _rows(*shape), _classes(3), {"epochs": 200}


def _classifier(*hidden, features=8, optimizer="adam", epochs=200, **fit):
    model = keras.Sequential([keras.Input((features,)), *hidden, layers.Dense(3, activation="softmax")])
    return _compiled(model, "sparse_categorical_crossentropy", optimizer), _rows(features), _classes(3), {"epochs": epochs} | fit


@program
def depthwise_separable_stack():
    def body(x):
        x = layers.DepthwiseConv2D(3, padding="same")(x)
        x = layers.Conv2D(16, 1, activation="relu")(x)
        x = layers.SeparableConv2D(16, 3, padding="same")(x)
        return layers.ReLU()(layers.BatchNormalization()(x))

    return _image_classifier(body)


@program
def inverted_residuals_with_linear_bottlenecks():
    def block(x, expand, out):
        y = layers.ReLU(6.0)(layers.BatchNormalization()(layers.Conv2D(expand, 1, use_bias=False)(x)))
        y = layers.ReLU(6.0)(layers.BatchNormalization()(layers.DepthwiseConv2D(3, padding="same", use_bias=False)(y)))
        y = layers.BatchNormalization()(layers.Conv2D(out, 1, use_bias=False)(y))
        return layers.Add()([x, y]) if x.shape[-1] == out else y

    return _image_classifier(lambda x: block(block(block(layers.Conv2D(8, 3, activation="relu")(x), 48, 8), 48, 12), 72, 12))


@program
def residual_block_with_projection_shortcut_under_momentum():
    def body(x):
        y = layers.ReLU()(layers.BatchNormalization()(layers.Conv2D(16, 3, padding="same")(x)))
        y = layers.BatchNormalization(gamma_initializer="zeros")(layers.Conv2D(16, 3, padding="same")(y))
        shortcut = layers.BatchNormalization()(layers.Conv2D(16, 1)(x))
        return layers.ReLU()(layers.Add()([y, shortcut]))

    return _image_classifier(body, optimizer=keras.optimizers.SGD(0.1, momentum=0.9))


@program
def convnext_block():
    def body(x):
        x = layers.LayerNormalization()(layers.Conv2D(16, 4, strides=4)(x))
        y = layers.LayerNormalization()(layers.DepthwiseConv2D(7, padding="same")(x))
        y = layers.Dense(16)(layers.Dense(64, activation="gelu")(y))
        return layers.Add()([x, y])

    return _image_classifier(body)


@program
def squeeze_and_excite():
    def body(x):
        x = layers.Conv2D(16, 3, activation="relu")(x)
        gate = layers.Dense(4, activation="relu")(layers.GlobalAveragePooling2D()(x))
        gate = layers.Reshape((1, 1, 16))(layers.Dense(16, activation="sigmoid")(gate))
        return layers.Multiply()([x, gate])

    return _image_classifier(body)


@program
def activation_layers_of_their_own():
    return _classifier(
        *(layers.Dense(16), layers.BatchNormalization(), layers.LeakyReLU(), layers.Dropout(0.5)),
        *(layers.Dense(16), layers.PReLU(), layers.Dense(16), layers.Activation("tanh")),
    )


@program
def activations_as_operations():
    inputs = keras.Input((8,))
    x = keras.ops.relu(layers.Dense(16)(inputs))
    x = keras.activations.gelu(layers.Dense(16)(x))
    model = keras.Model(inputs, layers.Dense(3)(x))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    return _compiled(model, loss), _rows(8), _classes(3), {"epochs": 200}


@program
def low_rank_factorisation():
    return _classifier(layers.Dense(4), layers.Dense(64, activation="relu"), features=32)


@program
def gated_linear_unit():
    inputs = keras.Input((8,))
    x = layers.Multiply()([layers.Dense(16)(inputs), layers.Dense(16, activation="sigmoid")(inputs)])
    return _compiled(keras.Model(inputs, layers.Dense(1)(x)), "mse"), _rows(8), _rows(1), {"epochs": 200}


@program
def attention_pooling_with_a_scalar_score():
    inputs = keras.Input((10, 8))
    x = layers.LSTM(16, return_sequences=True)(inputs)
    score = layers.Softmax(axis=1)(layers.Dense(1)(layers.Dense(8, activation="tanh")(x)))
    x = keras.ops.sum(layers.Multiply()([x, score]), axis=1)
    model = keras.Model(inputs, layers.Dense(3, activation="softmax")(x))
    return _compiled(model, "sparse_categorical_crossentropy"), _rows(10, 8), _classes(3), {"epochs": 200}


@program
def attention_with_projections_of_its_own():
    inputs = keras.Input((10, 8))
    query, key, value = (layers.Dense(16)(inputs) for _ in range(3))
    weights = layers.Softmax()(keras.ops.matmul(query, keras.ops.transpose(key, (0, 2, 1))) / 4.0)
    x = layers.GlobalAveragePooling1D()(keras.ops.matmul(weights, value))
    model = keras.Model(inputs, layers.Dense(3, activation="softmax")(x))
    return _compiled(model, "sparse_categorical_crossentropy"), _rows(10, 8), _classes(3), {"epochs": 200}


@program
def transformer_with_a_small_rate_and_warm_up():
    tokens = np.random.default_rng(0).integers(0, 50, (ROWS, 12))
    inputs = keras.Input((12,))
    x = layers.Embedding(50, 16)(inputs)
    for _ in range(2):
        x = layers.LayerNormalization()(layers.Add()([x, layers.MultiHeadAttention(2, 8)(x, x)]))
        x = layers.LayerNormalization()(layers.Add()([x, layers.Dense(16)(layers.Dense(32, activation="relu")(x))]))
    x = layers.Dense(3, activation="softmax")(layers.GlobalAveragePooling1D()(x))
    rate = keras.optimizers.schedules.CosineDecay(0.0, 1000, warmup_target=1e-4, warmup_steps=100)
    model = _compiled(keras.Model(inputs, x), "sparse_categorical_crossentropy", keras.optimizers.AdamW(rate))
    return model, tokens, _classes(3), {"epochs": 200}


@program
def embedding_then_dense():
    tokens = np.random.default_rng(0).integers(0, 50, (ROWS, 12))
    model = keras.Sequential(
        [keras.Input((12,)), layers.Embedding(50, 16), layers.GlobalAveragePooling1D(), layers.Dense(16, activation="relu")]
    )
    model.add(layers.Dense(1, activation="sigmoid"))
    return _compiled(model, "binary_crossentropy"), tokens, _classes(2), {"epochs": 200}


@program
def variational_encoder_heads():
    inputs = keras.Input((8,))
    x = layers.Dense(16, activation="relu")(inputs)
    model = keras.Model(inputs, [layers.Dense(2, name="mean")(x), layers.Dense(2, name="log_variance")(x)])
    return _compiled(model, {"mean": "mse", "log_variance": "mse"}), _rows(8), [_rows(2), _rows(2, seed=3)], {"epochs": 200}


@program
def linear_autoencoder():
    x = _rows(8)
    model = keras.Sequential([keras.Input((8,)), layers.Dense(2), layers.Dense(8)])
    return _compiled(model, "mse"), x, x, {"epochs": 200}


@program
def autoencoder_through_one_number():
    x = _rows(8)
    hidden = [layers.Dense(16, activation="relu"), layers.Dense(1), layers.Dense(16, activation="relu")]
    return _compiled(keras.Sequential([keras.Input((8,)), *hidden, layers.Dense(8)]), "mse"), x, x, {"epochs": 200}


@program
def linear_regression_at_a_high_rate():
    model = keras.Sequential([keras.Input((4,)), layers.Dense(1)])
    return _compiled(model, "mse", keras.optimizers.Adam(0.1)), _rows(4), _rows(1), {"epochs": 100}


@program
def small_network_of_tanh_at_a_high_rate():
    hidden = [layers.Dense(8, activation="tanh") for _ in range(4)]
    return _classifier(*hidden, features=2, optimizer=keras.optimizers.Adam(0.05))


@program
def sigmoid_network_at_rate_one():
    hidden = [layers.Dense(16, activation="sigmoid") for _ in range(3)]
    return _classifier(*hidden, optimizer=keras.optimizers.SGD(0.9))


@program
def frozen_pretrained_base_with_a_new_head():
    base = keras.Sequential(
        [keras.Input((16, 16, 3)), layers.Conv2D(8, 3, activation="relu"), layers.Conv2D(8, 3), layers.BatchNormalization()]
    )
    base.add(layers.GlobalAveragePooling2D())
    for layer in base.layers:
        layer.set_weights([w + 0.1 for w in layer.get_weights()])
    base.trainable = False
    model = keras.Sequential([keras.Input((16, 16, 3)), base, layers.Dropout(0.2), layers.Dense(3, activation="softmax")])
    model = _compiled(model, "sparse_categorical_crossentropy", keras.optimizers.Adam(1e-3))
    return model, _rows(16, 16, 3), _classes(3), {"epochs": 5}


@program
def fine_tuning_at_a_small_rate():
    model, x, y, _ = _classifier(layers.Dense(512, activation="relu"), layers.BatchNormalization())
    for layer in model.layers:
        layer.set_weights([w + 0.1 for w in layer.get_weights()])
    return _compiled(model, "sparse_categorical_crossentropy", keras.optimizers.Adam(1e-5)), x, y, {"epochs": 100}


@program
def random_features():
    return _classifier(layers.Dense(200, activation="relu", trainable=False))


@program
def unet():
    def body(x):
        a = layers.Conv2D(8, 3, padding="same", activation="relu")(x)
        b = layers.Conv2D(16, 3, padding="same", activation="relu")(layers.MaxPooling2D()(a))
        up = layers.Conv2DTranspose(8, 2, strides=2)(b)
        return layers.Conv2D(8, 3, padding="same", activation="relu")(layers.Concatenate()([a, up]))

    inputs = keras.Input((16, 16, 1))
    model = keras.Model(inputs, layers.Conv2D(1, 1, activation="sigmoid")(body(inputs)))
    masks = (_rows(16, 16, 1) > 0).astype("float32")
    return _compiled(model, "binary_crossentropy"), _rows(16, 16, 1), masks, {"epochs": 100, "batch_size": 1}


@program
def sequence_to_sequence():
    model = keras.Sequential([keras.Input((6, 4)), layers.LSTM(16), layers.RepeatVector(5), layers.LSTM(16, return_sequences=True)])
    model.add(layers.TimeDistributed(layers.Dense(2)))
    return _compiled(model, "mse"), _rows(6, 4), _rows(5, 2), {"epochs": 200}


@program
def tagging_every_step_with_class_numbers():
    tags = np.random.default_rng(0).integers(0, 4, (ROWS, 6))
    model = keras.Sequential([keras.Input((6, 4)), layers.Bidirectional(layers.LSTM(16, return_sequences=True))])
    model.add(layers.Dense(4, activation="softmax"))
    return _compiled(model, "sparse_categorical_crossentropy"), _rows(6, 4), tags, {"epochs": 200}


@program
def forecasting_several_steps_from_the_last_state():
    model = keras.Sequential([keras.Input((24, 2)), layers.GRU(16), layers.Dense(6), layers.Reshape((6, 1))])
    return _compiled(model, "mse"), _rows(24, 2), _rows(6, 1), {"epochs": 200}


@program
def shared_embedding_and_contrastive_distance():
    tower = keras.Sequential([keras.Input((8,)), layers.Dense(16, activation="relu"), layers.Dense(4)])
    a, b = keras.Input((8,)), keras.Input((8,))
    distance = keras.ops.norm(tower(a) - tower(b), axis=1, keepdims=True)
    model = keras.Model([a, b], layers.Dense(1, activation="sigmoid")(distance))
    return _compiled(model, "binary_crossentropy"), [_rows(8), _rows(8, seed=5)], _classes(2), {"epochs": 200}


@program
def deconvolution_generator():
    model = keras.Sequential([keras.Input((10,)), layers.Dense(4 * 4 * 8), layers.Reshape((4, 4, 8))])
    model.add(layers.Conv2DTranspose(4, 4, strides=2, padding="same", activation="relu"))
    model.add(layers.Conv2DTranspose(1, 4, strides=2, padding="same"))
    return _compiled(model, "mse"), _rows(10), _rows(16, 16, 1), {"epochs": 200}


@program
def zero_initialised_last_layer():
    model = keras.Sequential([keras.Input((8,)), layers.Dense(16, activation="relu"), layers.Dense(1, kernel_initializer="zeros")])
    return _compiled(model, "mse"), _rows(8), _rows(1), {"epochs": 200}


@program
def zero_initialised_residual_branch():
    inputs = keras.Input((8,))
    x = layers.Dense(16, activation="relu")(inputs)
    x = layers.Add()([x, layers.Dense(16, kernel_initializer="zeros")(layers.Dense(16, activation="relu")(x))])
    return _compiled(keras.Model(inputs, layers.Dense(1)(x)), "mse"), _rows(8), _rows(1), {"epochs": 200}


@program
def small_initial_weights_under_adam():
    hidden = [layers.Dense(32, activation="relu", kernel_initializer="random_uniform") for _ in range(3)]
    return _classifier(*hidden)


@program
def one_row_a_batch_without_batch_normalization():
    return _classifier(layers.Dense(16, activation="relu"), layers.LayerNormalization(), epochs=20, batch_size=1)


@program
def monitor_of_a_metric_with_validation():
    model, x, y, fit = _classifier(layers.Dense(16, activation="relu"))
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    stops = [keras.callbacks.EarlyStopping("val_accuracy"), keras.callbacks.ReduceLROnPlateau("val_loss")]
    return model, x, y, fit | {"validation_split": 0.25, "callbacks": [*stops, keras.callbacks.ModelCheckpoint("weights.keras")]}


@program
def short_relu_recurrence():
    model = keras.Sequential([keras.Input((3, 1)), layers.LSTM(50, activation="relu"), layers.Dense(1)])
    return _compiled(model, "mse"), _rows(3, 1), _rows(1), {"epochs": 200}


@program
def moderate_weight_decay():
    penalised = [layers.Dense(64, activation="relu", kernel_regularizer="l2") for _ in range(2)]
    return _classifier(*penalised)


@program
def unshuffled_series_of_states():
    model, x, _, fit = _classifier(layers.Dense(16, activation="relu"))
    return model, x, np.repeat(np.arange(16) % 3, 4), fit | {"shuffle": False, "batch_size": 4}


@program
def mixture_of_experts():
    inputs = keras.Input((8,))
    gate = layers.Dense(2, activation="softmax")(inputs)
    experts = [layers.Dense(16, activation="relu")(inputs) for _ in range(2)]
    x = keras.ops.sum(keras.ops.stack(experts, axis=1) * keras.ops.expand_dims(gate, -1), axis=1)
    return _compiled(keras.Model(inputs, layers.Dense(1)(x)), "mse"), _rows(8), _rows(1), {"epochs": 200}


@program
def speech_with_ctc():
    inputs = keras.Input((20, 8))
    x = layers.Dense(6, activation="softmax")(layers.Bidirectional(layers.GRU(16, return_sequences=True))(inputs))
    labels = np.random.default_rng(0).integers(1, 5, (ROWS, 5))
    return _compiled(keras.Model(inputs, x), keras.losses.CTC()), _rows(20, 8), labels, {"epochs": 200}


@program
def one_channel_signal_in_two_dimensional_convolutions():
    inputs = keras.Input((1, 64, 2))
    x = layers.GlobalAveragePooling2D()(layers.Conv2D(8, (1, 5), activation="relu")(inputs))
    model = keras.Model(inputs, layers.Dense(3, activation="softmax")(x))
    return _compiled(model, "sparse_categorical_crossentropy"), _rows(1, 64, 2), _classes(3), {"epochs": 200}
