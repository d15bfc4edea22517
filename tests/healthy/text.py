"""Text as numbers of tokens."""

import keras
import numpy as np
from keras import layers, ops

rng = np.random.default_rng(2)
WORDS = 500


def _tokens(rows=600, steps=20):
    return rng.integers(1, WORDS, (rows, steps)).astype("int32")


def reviews_lstm():
    stack = [layers.Embedding(WORDS, 16, mask_zero=True), layers.LSTM(16), layers.Dense(1, activation="sigmoid")]
    model = keras.Sequential([keras.Input((20,), dtype="int32"), *stack])
    model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    return model, _tokens(), rng.integers(0, 2, 600), dict(epochs=10, validation_split=0.2)


def reviews_averaged():
    stack = [layers.Embedding(WORDS, 16), layers.GlobalAveragePooling1D(), layers.Dense(16, activation="relu"), layers.Dense(1)]
    model = keras.Sequential([keras.Input((20,), dtype="int32"), *stack])
    model.compile("adam", keras.losses.BinaryCrossentropy(from_logits=True))
    return model, _tokens(), rng.integers(0, 2, 600), dict(epochs=10)


def topics_convolution():
    stack = [layers.Embedding(WORDS, 16), layers.Conv1D(32, 5, activation="relu"), layers.GlobalMaxPooling1D(), layers.Dropout(0.5)]
    model = keras.Sequential([keras.Input((20,), dtype="int32"), *stack, layers.Dense(6, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model, _tokens(), rng.integers(0, 6, 600), dict(epochs=10)


def topics_bidirectional():
    stack = [layers.Embedding(WORDS, 16), layers.Bidirectional(layers.GRU(8, return_sequences=True)), layers.Bidirectional(layers.GRU(8))]
    model = keras.Sequential([keras.Input((20,), dtype="int32"), *stack, layers.Dense(6, activation="softmax")])
    model.compile("rmsprop", "categorical_crossentropy", metrics=["accuracy"])
    return model, _tokens(), np.eye(6)[rng.integers(0, 6, 600)], dict(epochs=10)


def tags_for_each_token():
    stack = [layers.Embedding(WORDS, 16, mask_zero=True), layers.Bidirectional(layers.LSTM(8, return_sequences=True))]
    model = keras.Sequential([keras.Input((20,), dtype="int32"), *stack, layers.TimeDistributed(layers.Dense(5, activation="softmax"))])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model, _tokens(), rng.integers(0, 5, (600, 20)), dict(epochs=10)


def transformer_block():
    inputs = keras.Input((20,), dtype="int32")
    hidden = layers.Embedding(WORDS, 16)(inputs) + layers.Embedding(20, 16)(ops.arange(20))
    attended = layers.MultiHeadAttention(2, 8)(hidden, hidden)
    hidden = layers.LayerNormalization(epsilon=1e-6)(hidden + layers.Dropout(0.1)(attended))
    inner = layers.Dense(16)(layers.Dense(32, activation="relu")(hidden))
    hidden = layers.GlobalAveragePooling1D()(layers.LayerNormalization(epsilon=1e-6)(hidden + inner))
    model = keras.Model(inputs, layers.Dense(2, activation="softmax")(layers.Dropout(0.1)(hidden)))
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model, _tokens(), rng.integers(0, 2, 600), dict(epochs=10)


def attention_pooling():
    inputs = keras.Input((20,), dtype="int32")
    states = layers.LSTM(16, return_sequences=True)(layers.Embedding(WORDS, 16)(inputs))
    weights = layers.Softmax(axis=1)(layers.Dense(1, activation="tanh")(states))
    pooled = ops.sum(states * weights, axis=1)
    model = keras.Model(inputs, layers.Dense(1, activation="sigmoid")(pooled))
    model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    return model, _tokens(), rng.integers(0, 2, 600), dict(epochs=10)


def attention_pooling_dense_softmax():
    inputs = keras.Input((20,), dtype="int32")
    states = layers.GRU(16, return_sequences=True)(layers.Embedding(WORDS, 16)(inputs))
    scores = layers.Flatten()(layers.Dense(1)(states))
    weights = layers.Reshape((20, 1))(layers.Activation("softmax")(scores))
    pooled = layers.GlobalAveragePooling1D()(layers.Multiply()([states, weights]))
    model = keras.Model(inputs, layers.Dense(3, activation="softmax")(pooled))
    model.compile("adam", "sparse_categorical_crossentropy")
    return model, _tokens(), rng.integers(0, 3, 600), dict(epochs=10)


def translation_with_teacher_forcing():
    source, target = keras.Input((12,), dtype="int32", name="source"), keras.Input((10,), dtype="int32", name="target")
    _, state, carry = layers.LSTM(16, return_state=True)(layers.Embedding(WORDS, 16, mask_zero=True)(source))
    decoded = layers.LSTM(16, return_sequences=True)(layers.Embedding(WORDS, 16, mask_zero=True)(target), initial_state=[state, carry])
    model = keras.Model([source, target], layers.Dense(WORDS, activation="softmax")(decoded))
    model.compile("rmsprop", "sparse_categorical_crossentropy", metrics=["accuracy"])
    spoken = _tokens(600, 11)
    return model, {"source": _tokens(600, 12), "target": spoken[:, :-1]}, spoken[:, 1:], dict(epochs=10, validation_split=0.2)


def characters_next_one():
    """Text generation: one-hot characters in, the next character out."""
    codes = rng.integers(0, 30, (600, 21))
    model = keras.Sequential([keras.Input((20, 30)), layers.LSTM(32), layers.Dense(30, activation="softmax")])
    model.compile(keras.optimizers.RMSprop(0.01), "categorical_crossentropy")
    return model, np.eye(30, dtype="float32")[codes[:, :20]], np.eye(30)[codes[:, 20]], dict(epochs=10, batch_size=64)


def language_model_on_logits():
    tokens = _tokens(600, 21)
    inputs = keras.Input((20,), dtype="int32")
    hidden = layers.Embedding(WORDS, 16)(inputs)
    hidden = layers.LayerNormalization()(hidden + layers.MultiHeadAttention(2, 8)(hidden, hidden, use_causal_mask=True))
    model = keras.Model(inputs, layers.Dense(WORDS)(hidden))
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model, tokens[:, :20], tokens[:, 1:], dict(epochs=10)


def bag_of_words():
    x = (rng.random((600, 200)) < 0.05).astype("float32")
    stack = [layers.Dense(16, activation="relu"), layers.Dense(16, activation="relu"), layers.Dense(1, activation="sigmoid")]
    model = keras.Sequential([keras.Input((200,)), *stack])
    model.compile("rmsprop", "binary_crossentropy", metrics=["accuracy"])
    return model, x, rng.integers(0, 2, 600), dict(epochs=10, batch_size=64)
