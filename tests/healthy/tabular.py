"""Tables: classes, yes/no answers, numbers, counts, orders."""

import keras
import numpy as np
from keras import layers, ops

rng = np.random.default_rng(1)


def _table(rows=800, columns=10):
    return rng.normal(size=(rows, columns)).astype("float32")


def _mlp(columns, *head):
    hidden = [layers.Dense(32, activation="relu"), layers.Dense(16, activation="relu")]
    return keras.Sequential([keras.Input((columns,)), *hidden, *head])


def yes_or_no():
    x = _table()
    y = (x[:, 0] + x[:, 1] > 0).astype("int32")
    model = _mlp(10, layers.Dropout(0.2), layers.Dense(1, activation="sigmoid"))
    model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    return model, x, y, dict(epochs=20, batch_size=32, validation_split=0.2)


def yes_or_no_on_logits():
    x = _table()
    y = (x[:, 0] * x[:, 1] > 0).astype("float32")[:, None]
    model = _mlp(10, layers.Dense(1))
    loss = keras.losses.BinaryCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(1e-3), loss, metrics=[keras.metrics.BinaryAccuracy(threshold=0.0)])
    return model, x, y, dict(epochs=20, validation_split=0.2)


def iris_one_hot():
    x = np.abs(rng.normal([5.8, 3.0, 3.7, 1.2], [0.8, 0.4, 1.7, 0.7], (150, 4))).astype("float32")
    y = keras.utils.to_categorical(rng.permutation(np.arange(150) % 3))
    model = keras.Sequential([keras.Input((4,)), layers.Dense(10, activation="relu"), layers.Dense(3, activation="softmax")])
    model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
    return model, x, y, dict(epochs=100, batch_size=8)


def class_numbers_on_logits():
    x, y = _table(), rng.integers(0, 5, 800)
    model = _mlp(10, layers.Dense(5))
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
    return model, x, y, dict(epochs=30, validation_split=0.1)


def several_labels():
    x, y = _table(), (rng.random((800, 7)) < 0.3).astype("float32")
    model = _mlp(10, layers.Dense(7, activation="sigmoid"))
    model.compile("adam", "binary_crossentropy", metrics=[keras.metrics.AUC(multi_label=True), "binary_accuracy"])
    return model, x, y, dict(epochs=20)


def several_labels_focal():
    x, y = _table(), (rng.random((800, 7)) < 0.1).astype("float32")
    model = _mlp(10, layers.Dense(7, activation="sigmoid"))
    model.compile("adam", keras.losses.BinaryFocalCrossentropy(gamma=2.0))
    return model, x, y, dict(epochs=20)


def house_prices_scaled():
    x = _table(columns=8)
    y = (x @ rng.normal(size=8) + rng.normal(0, 0.1, 800)).astype("float32")
    y = (y - y.mean()) / y.std()
    model = _mlp(8, layers.Dense(1))
    model.compile("adam", "mse", metrics=["mae"])
    return model, x, y, dict(epochs=50, validation_split=0.2)


def house_prices_in_100000():
    x = _table(columns=8)
    y = np.clip(2.0 + x @ rng.normal(0, 0.3, 8), 0.15, 5.0).astype("float32")
    model = _mlp(8, layers.Dense(1))
    model.compile(keras.optimizers.RMSprop(1e-3), "mae")
    return model, x, y, dict(epochs=50, validation_split=0.2)


def fuel_with_adapted_normalization():
    x = np.abs(rng.normal([8, 200, 100, 3000, 15], [1, 60, 30, 600, 3], (400, 5))).astype("float32")
    y = (45 - x[:, 3] / 150 + rng.normal(0, 1, 400)).astype("float32")
    normalization = layers.Normalization()
    normalization.adapt(x)
    model = keras.Sequential([keras.Input((5,)), normalization, layers.Dense(64, activation="relu"), layers.Dense(1)])
    model.compile(keras.optimizers.Adam(1e-3), "mean_absolute_error")
    return model, x, y, dict(epochs=100, validation_split=0.2)


def batch_normalization_first():
    x = (rng.normal(size=(800, 6)) * [1, 10, 100, 5, 2, 50] + 30).astype("float32")
    y = rng.integers(0, 4, 800)
    stack = [layers.BatchNormalization(), layers.Dense(32, activation="relu"), layers.Dense(4, activation="softmax")]
    model = keras.Sequential([keras.Input((6,)), *stack])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model, x, y, dict(epochs=20)


def counts():
    x = _table(columns=6)
    y = rng.poisson(np.exp(0.5 * x[:, 0])).astype("float32")
    model = _mlp(6, layers.Dense(1, activation="exponential"))
    model.compile("adam", "poisson")
    return model, x, y, dict(epochs=30)


def times_above_zero():
    x = _table(columns=6)
    y = np.abs(x[:, 0] + rng.normal(size=800)).astype("float32")
    model = _mlp(6, layers.Dense(1, activation="relu"))
    model.compile("adam", "mse")
    return model, x, y, dict(epochs=30)


def quantiles():
    x = _table(columns=6)
    y = (x[:, :1] + rng.normal(size=(800, 1))).astype("float32")
    shares = np.array([0.1, 0.5, 0.9], "float32")

    def pinball(y_true, y_pred):
        error = y_true - y_pred
        return ops.mean(ops.maximum(shares * error, (shares - 1) * error), axis=-1)

    model = _mlp(6, layers.Dense(3))
    model.compile("adam", pinball)
    return model, x, y, dict(epochs=30)


def ordered_grades():
    x, grade = _table(), rng.integers(0, 5, 800)
    y = (grade[:, None] > np.arange(4)).astype("float32")
    model = _mlp(10, layers.Dense(4, activation="sigmoid"))
    model.compile("adam", "binary_crossentropy")
    return model, x, y, dict(epochs=20)


def mixture_of_normals():
    x = _table(columns=3)
    y = (np.where(rng.random(800) > 0.5, 1, -1) * x[:, 0] + rng.normal(0, 0.1, 800)).astype("float32")[:, None]

    def likelihood(y_true, y_pred):
        logits, means, spreads = ops.split(y_pred, 3, axis=-1)
        spreads = ops.softplus(spreads) + 1e-3
        logs = -0.5 * ops.square((y_true - means) / spreads) - ops.log(spreads) + ops.log_softmax(logits)
        return -ops.logsumexp(logs, axis=-1)

    model = _mlp(3, layers.Dense(6))
    model.compile("adam", likelihood)
    return model, x, y, dict(epochs=50)


def soft_labels():
    x = _table()
    y = rng.dirichlet(np.ones(4), 800).astype("float32")
    model = _mlp(10, layers.Dense(4, activation="softmax"))
    model.compile("adam", "kl_divergence")
    return model, x, y, dict(epochs=20)


def distilled_shares():
    x = _table()
    y = rng.dirichlet(np.ones(4), 800).astype("float32")
    model = _mlp(10, layers.Dense(4, activation="softmax"))
    model.compile("adam", "categorical_crossentropy")
    return model, x, y, dict(epochs=20)


def smoothed_labels():
    x, y = _table(), np.eye(4)[rng.integers(0, 4, 800)]
    model = _mlp(10, layers.Dense(4, activation="softmax"))
    model.compile("adam", keras.losses.CategoricalCrossentropy(label_smoothing=0.1), metrics=["accuracy"])
    return model, x, y, dict(epochs=20)


def rare_class_weighted():
    x = _table(rows=2000)
    y = (rng.random(2000) < 0.03).astype("int32")
    model = _mlp(10, layers.Dense(1, activation="sigmoid"))
    model.compile("adam", "binary_crossentropy", metrics=[keras.metrics.AUC(), keras.metrics.Recall()])
    return model, x, y, dict(epochs=20, class_weight={0: 0.52, 1: 16.0})


def rows_weighted():
    x, y = _table(), rng.integers(0, 3, 800)
    model = _mlp(10, layers.Dense(3, activation="softmax"))
    model.compile("adam", "sparse_categorical_crossentropy", weighted_metrics=["accuracy"])
    return model, x, y, dict(epochs=20, sample_weight=rng.uniform(0.5, 2, 800))


def exclusive_or():
    x = np.tile(np.array([[0, 0], [0, 1], [1, 0], [1, 1]], "float32"), (50, 1))
    y = np.logical_xor(x[:, 0], x[:, 1]).astype("float32")
    model = keras.Sequential([keras.Input((2,)), layers.Dense(8, activation="tanh"), layers.Dense(1, activation="sigmoid")])
    model.compile(keras.optimizers.Adam(0.01), "binary_crossentropy", metrics=["accuracy"])
    return model, x, y, dict(epochs=100, batch_size=4)


def embedded_categories():
    codes, numbers = rng.integers(0, 50, (800, 1)), rng.normal(size=(800, 5)).astype("float32")
    shop, rest = keras.Input((1,), dtype="int32", name="shop"), keras.Input((5,), name="rest")
    joined = layers.Concatenate()([layers.Flatten()(layers.Embedding(50, 8)(shop)), rest])
    model = keras.Model([shop, rest], layers.Dense(1)(layers.Dense(32, activation="relu")(joined)))
    model.compile("adam", "mse")
    return model, {"shop": codes, "rest": numbers}, rng.normal(size=800).astype("float32"), dict(epochs=20)


def wide_and_deep():
    wide, deep = keras.Input((20,), name="wide"), keras.Input((8,), name="deep")
    hidden = layers.Dense(16, activation="relu")(layers.Dense(32, activation="relu")(deep))
    model = keras.Model([wide, deep], layers.Dense(1, activation="sigmoid")(layers.Concatenate()([wide, hidden])))
    model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    x = {"wide": (rng.random((800, 20)) < 0.2).astype("float32"), "deep": rng.normal(size=(800, 8)).astype("float32")}
    return model, x, rng.integers(0, 2, 800), dict(epochs=20)


def action_values():
    """A DQN: the target of the action taken, the model's own answer elsewhere."""
    states = rng.normal(size=(1000, 4)).astype("float32")
    model = _mlp(4, layers.Dense(2))
    model.compile(keras.optimizers.Adam(1e-3, clipnorm=1.0), keras.losses.Huber())
    return model, states, rng.normal(0, 2, (1000, 2)).astype("float32"), dict(epochs=10, batch_size=32)


def policy_bounded_by_tanh():
    x = _table(columns=4)
    model = _mlp(4, layers.Dense(2, activation="tanh"))
    model.compile("adam", "mse")
    return model, x, np.tanh(x[:, :2] * 2), dict(epochs=20)


def residual_blocks_with_layer_normalization():
    inputs = keras.Input((10,))
    hidden = layers.Dense(32)(inputs)
    for _ in range(2):
        inner = layers.Dense(32, activation="gelu")(layers.LayerNormalization()(hidden))
        hidden = layers.Add()([hidden, layers.Dense(32)(inner)])
    model = keras.Model(inputs, layers.Dense(3, activation="softmax")(layers.LayerNormalization()(hidden)))
    model.compile(keras.optimizers.AdamW(1e-3), "sparse_categorical_crossentropy")
    return model, _table(), rng.integers(0, 3, 800), dict(epochs=20)


def dense_then_normalization_then_activation():
    stack = []
    for _ in range(3):
        stack += [layers.Dense(32, use_bias=False), layers.BatchNormalization(), layers.Activation("relu")]
    model = keras.Sequential([keras.Input((10,)), *stack, layers.Dense(1)])
    model.compile("adam", "mse")
    return model, _table(), rng.normal(size=800).astype("float32"), dict(epochs=20)


def self_normalizing():
    dense = dict(activation="selu", kernel_initializer="lecun_normal")
    stack = [layers.Dense(32, **dense), layers.AlphaDropout(0.1), layers.Dense(32, **dense)]
    model = keras.Sequential([keras.Input((10,)), *stack, layers.Dense(3, activation="softmax")])
    model.compile("nadam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model, _table(), rng.integers(0, 3, 800), dict(epochs=20)


def logistic_regression():
    model = keras.Sequential([keras.Input((10,)), layers.Dense(1, activation="sigmoid", kernel_regularizer="l2")])
    model.compile(keras.optimizers.SGD(0.1), "binary_crossentropy", metrics=["accuracy"])
    return model, _table(), rng.integers(0, 2, 800), dict(epochs=50)


def scheduled_rate_and_callbacks():
    x, y = _table(), rng.integers(0, 3, 800)
    model = _mlp(10, layers.Dense(3, activation="softmax"))
    schedule = keras.optimizers.schedules.CosineDecay(1e-2, 500)
    model.compile(keras.optimizers.SGD(schedule, momentum=0.9, nesterov=True), "sparse_categorical_crossentropy", metrics=["accuracy"])
    callbacks = [
        keras.callbacks.EarlyStopping(monitor="val_accuracy", patience=5, restore_best_weights=True),
        keras.callbacks.TerminateOnNaN(),
    ]
    return model, x, y, dict(epochs=20, validation_split=0.2, callbacks=callbacks)


def plateau_callback_with_validation_data():
    x, y = _table(), rng.normal(size=800).astype("float32")
    model = _mlp(10, layers.Dense(1))
    model.compile("adam", "mse", metrics=["mae"])
    callbacks = [keras.callbacks.ReduceLROnPlateau(monitor="val_mae", factor=0.5, patience=3)]
    return model, x, y, dict(epochs=20, validation_data=(_table(200), rng.normal(size=200).astype("float32")), callbacks=callbacks)
