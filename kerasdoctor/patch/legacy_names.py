"""Names of Keras 1 and 2 and what Keras 3 calls them: data only, checked by tests/patch/test_legacy_names.py.

``keras`` is the version that brought the new name, or dropped the old one. Paths leave out the root (``keras``, ``tensorflow.keras``).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Spelling:
    """``kind``: module, name, argument or gone (nothing takes its place by itself; ``note`` says what to do).

    ``owner`` is the module of a name, or the class of an argument; ``new`` is None where an argument just goes. ``effect`` of the old one
    in Keras 3: "fails", "ignored" (it runs, and means something else or nothing), "works". ``values`` maps the old values of an argument
    to the new ones; with ``only`` an argument goes only where it has one of these values.
    """

    kind: str
    owner: str
    old: str
    new: str | None
    keras: str
    effect: str = "fails"
    note: str = ""
    values: tuple[tuple[object, object], ...] = ()
    only: tuple[object, ...] = ()


_ORDERING = (("th", "channels_first"), ("tf", "channels_last"))
_CONV = ("Conv1D", "Conv2D", "Conv3D", "Conv2DTranspose", "Conv3DTranspose", "SeparableConv1D", "SeparableConv2D", "DepthwiseConv2D")
_CONV_2D = tuple(name for name in _CONV if not name.endswith("1D"))
_POOL = tuple(f"{how}Pooling{n}D" for how in ("Max", "Average") for n in (1, 2, 3))
_SPATIAL = tuple(f"{name}{n}D" for name in ("UpSampling", "ZeroPadding", "Cropping") for n in (2, 3))
_GLOBAL = tuple(f"Global{how}Pooling{n}D" for how in ("Max", "Average") for n in (2, 3))
_RECURRENT = ("LSTM", "GRU", "SimpleRNN")
_WITH_FILTERS = tuple(name for name in _CONV if name != "DepthwiseConv2D")
_WITH_KERNEL = ("Dense", *(name for name in _WITH_FILTERS if "Separable" not in name), *_RECURRENT)
OPTIMIZERS = ("Adam", "SGD", "RMSprop", "Adagrad", "Adadelta", "Adamax", "Nadam")


def _modules(keras, **moved):
    return tuple(Spelling("module", "", old.replace("__", "."), new, keras) for old, new in moved.items())


def _names(owner, keras, effect="fails", **renamed):
    return tuple(Spelling("name", owner, old, new, keras, effect) for old, new in renamed.items())


def _arguments(owners, keras, effect="fails", **renamed):
    return tuple(Spelling("argument", owner, old, new, keras, effect) for owner in owners for old, new in renamed.items())


def _dropped(owners, keras, *names, effect="fails", only=()):
    return tuple(Spelling("argument", owner, name, None, keras, effect, only=only) for owner in owners for name in names)


def _gone(owner, keras, **advice):
    return tuple(Spelling("gone", owner, old, None, keras, note=note) for old, note in advice.items())


MODULES = (
    *_modules(
        "3.0",
        layers__core="layers",
        layers__convolutional="layers",
        layers__convolutional_recurrent="layers",
        layers__normalization="layers",
        layers__advanced_activations="layers",
        layers__recurrent="layers",
        layers__embeddings="layers",
        layers__pooling="layers",
        layers__merge="layers",
        layers__wrappers="layers",
        layers__noise="layers",
        layers__local="layers",
        layers__experimental__preprocessing="layers",
        utils__np_utils="utils",
        utils__vis_utils="utils",
        utils__generic_utils="utils",
        utils__data_utils="utils",
        utils__io_utils="utils",
        utils__layer_utils="utils",
        utils__visualize_util="utils",
        engine="layers",
        engine__topology="layers",
        engine__base_layer="layers",
        engine__input_layer="layers",
        engine__training="models",
        callbacks__callbacks="callbacks",
    ),
    *_modules("2.0", objectives="losses", initializations="initializers"),
)
NAMES = (
    *_names(
        "layers",
        "2.0",
        "works",
        Convolution1D="Conv1D",
        Convolution2D="Conv2D",
        Convolution3D="Conv3D",
        SeparableConvolution1D="SeparableConv1D",
        SeparableConvolution2D="SeparableConv2D",
        Convolution2DTranspose="Conv2DTranspose",
    ),
    *_names("layers", "2.0", AtrousConvolution1D="Conv1D", AtrousConvolution2D="Conv2D"),
    *_names("layers", "3.0", CuDNNLSTM="LSTM", CuDNNGRU="GRU"),
    *_names(
        "optimizers",
        "3.0",
        adam="Adam",
        sgd="SGD",
        rmsprop="RMSprop",
        adagrad="Adagrad",
        adadelta="Adadelta",
        adamax="Adamax",
        nadam="Nadam",
    ),
    *_names("utils", "2.0", plot="plot_model"),
    *_names("constraints", "2.0", maxnorm="max_norm", nonneg="non_neg", unitnorm="unit_norm"),
    *_names("regularizers", "2.0", l1l2="l1_l2", activity_l1="l1", activity_l2="l2", WeightRegularizer="L1L2", ActivityRegularizer="L1L2"),
    *_names("losses", "3.0", kullback_leibler_divergence="kl_divergence", cosine_proximity="cosine_similarity", logcosh="log_cosh"),
    *_names("initializers", "3.0", normal="random_normal", uniform="random_uniform", zero="zeros", one="ones"),
    *_names("backend", "2.0", set_image_dim_ordering="set_image_data_format", image_dim_ordering="image_data_format"),
)
# Losses as text in compile; the classes and functions are in NAMES.
LOSS_NAMES = (
    Spelling("loss", "", "kullback_leibler_divergence", "kl_divergence", "3.0"),
    Spelling("loss", "", "cosine_proximity", "cosine_similarity", "3.0"),
    Spelling("loss", "", "logcosh", "log_cosh", "3.0"),
    Spelling("loss", "", "huber_loss", "huber", "3.0"),
)
ARGUMENTS = (
    *_arguments(_WITH_KERNEL, "2.0", init="kernel_initializer", W_regularizer="kernel_regularizer", b_regularizer="bias_regularizer"),
    *_arguments(_WITH_KERNEL, "2.0", W_constraint="kernel_constraint", b_constraint="bias_constraint"),
    *_arguments(("Dense", *_CONV), "2.0", bias="use_bias"),
    *_arguments(("Dense", *_RECURRENT), "2.0", output_dim="units"),
    *_arguments(_WITH_FILTERS, "2.0", nb_filter="filters"),
    *_arguments(_CONV, "2.0", border_mode="padding", subsample="strides", atrous_rate="dilation_rate"),
    *_arguments(("Conv1D",), "2.0", filter_length="kernel_size", subsample_length="strides"),
    *_arguments(_POOL, "2.0", border_mode="padding"),
    *_arguments(("MaxPooling1D", "AveragePooling1D"), "2.0", pool_length="pool_size", stride="strides"),
    *(
        Spelling("argument", owner, "dim_ordering", "data_format", "2.0", values=_ORDERING)
        for owner in (*_CONV_2D, *(name for name in _POOL if not name.endswith("1D")), *_SPATIAL, *_GLOBAL, "Flatten")
    ),
    *_arguments(("UpSampling1D",), "2.0", length="size"),
    *_arguments(("Dropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D", "GaussianDropout"), "2.0", p="rate"),
    *_arguments(("GaussianNoise",), "2.0", sigma="stddev"),
    *_arguments(("Reshape",), "2.0", dims="target_shape"),
    *_arguments(_RECURRENT, "2.0", U_regularizer="recurrent_regularizer", inner_init="recurrent_initializer"),
    *_arguments(_RECURRENT, "2.0", dropout_W="dropout", dropout_U="recurrent_dropout"),
    *_arguments(("LSTM", "GRU"), "2.0", inner_activation="recurrent_activation"),
    Spelling("argument", "LSTM", "forget_bias_init", "unit_forget_bias", "2.0", values=(("one", True), ("ones", True), ("zero", False))),
    *_dropped(_RECURRENT, "2.0", "consume_less"),
    *_arguments(("Embedding",), "2.0", init="embeddings_initializer", W_regularizer="embeddings_regularizer"),
    *_arguments(("Embedding",), "2.0", W_constraint="embeddings_constraint"),
    *_dropped(("Embedding",), "3.0", "input_length", effect="works"),
    *_dropped(("Embedding",), "2.0", "dropout", only=(0,)),
    *_dropped(("BatchNormalization",), "2.0", "mode", only=(0,)),
    *_arguments(("BatchNormalization",), "2.0", beta_init="beta_initializer", gamma_init="gamma_initializer"),
    *_dropped(("BatchNormalization",), "3.0", "fused"),
    *_arguments(("LeakyReLU",), "3.0", "works", alpha="negative_slope"),
    *_arguments(("PReLU",), "2.0", init="alpha_initializer"),
    *_arguments(OPTIMIZERS, "3.0", lr="learning_rate"),
    *_dropped(OPTIMIZERS, "3.0", "decay", effect="ignored"),
    *_dropped(("Adam", "RMSprop", "Adagrad", "Adadelta", "Adamax", "Nadam"), "3.0", "epsilon", only=(None,)),
    *_dropped(("Nadam",), "3.0", "schedule_decay"),
    *_arguments(("Model",), "2.0", input="inputs", output="outputs"),
    *_arguments(("to_categorical",), "2.0", nb_classes="num_classes"),
    *_arguments(("l1",), "3.0", l="l1"),
    *_arguments(("l2",), "3.0", l="l2"),
    *_arguments(("load_data",), "2.0", nb_words="num_words"),
    *_arguments(("ReduceLROnPlateau",), "2.1", "ignored", epsilon="min_delta"),
    *_dropped(("ModelCheckpoint",), "3.0", "period", only=(1,)),
    *_dropped(("TensorBoard",), "3.0", "batch_size", "write_grads", "embeddings_layer_names"),
    *_dropped(("ProgbarLogger",), "3.0", "count_mode"),
    *_arguments(("fit",), "2.0", nb_epoch="epochs", nb_worker=None, max_q_size=None, pickle_safe=None),
    *_dropped(("fit",), "3.0", "workers", "max_queue_size", "use_multiprocessing"),
    *_dropped(("fit", "evaluate"), "1.0", "show_accuracy"),
    *_dropped(("evaluate", "predict"), "3.0", "workers", "max_queue_size", "use_multiprocessing"),
    *_dropped(("evaluate", "predict"), "2.0", "max_q_size", "nb_worker", "pickle_safe"),
    *_dropped(("compile",), "1.0", "class_mode"),
    *_dropped(("compile",), "3.0", "sample_weight_mode", "target_tensors", only=(None,)),
)
# The methods of models that are gone: what takes their place is written by legacy_training.py.
METHODS = (
    Spelling("method", "Model", "fit_generator", "fit", "3.0"),
    Spelling("method", "Model", "evaluate_generator", "evaluate", "3.0"),
    Spelling("method", "Model", "predict_generator", "predict", "3.0"),
    Spelling("method", "Model", "predict_proba", "predict", "3.0"),
    Spelling("method", "Model", "predict_classes", "predict", "3.0"),
)
_MULTI = "Keras 3 spreads a model with keras.distribution, TensorFlow with tf.distribute.MirroredStrategy; on one device leave it out"
GONE = (
    *_gone(
        "layers",
        "3.0",
        LocallyConnected1D="Keras 3 has no locally connected layer; Conv1D shares its weights along the axis",
        LocallyConnected2D="Keras 3 has no locally connected layer; Conv2D shares its weights over the map",
    ),
    *_gone(
        "layers",
        "2.0",
        Merge="join the branches with the functional API: keras.layers.concatenate([a, b]), add, multiply",
        Highway="Keras 3 has no highway layer; write it with Dense and keras.layers.Multiply, or use a residual block",
        MaxoutDense="Keras 3 has no maxout layer; use Dense(units * k), Reshape((units, k)) and a maximum over the last axis",
        Deconvolution2D="use Conv2DTranspose(filters, kernel_size, strides=..., padding=...); it works out output_shape by itself",
        SReLU="Keras 3 has no SReLU; PReLU comes nearest",
        ParametricSoftplus="Keras 3 has no parametric softplus; Activation('softplus') comes nearest",
    ),
    *_gone("utils", "3.0", multi_gpu_model=_MULTI),
    *_gone("utils", "2.0", HDF5Matrix="read the file with h5py, and wrap it in a keras.utils.PyDataset"),
    *_gone("models", "2.0", Graph="use the functional API: keras.Model(inputs, outputs)"),
    *_gone("models", "3.0", model_from_yaml="save with model.to_json() or model.save('model.keras')"),
    *_gone(
        "wrappers.scikit_learn",
        "3.0",
        KerasClassifier="use keras.wrappers.SKLearnClassifier, or the package scikeras",
        KerasRegressor="use keras.wrappers.SKLearnRegressor, or the package scikeras",
    ),
)
# Gone from keras itself; with TensorFlow as the backend, tensorflow.keras still has them and their results work with Keras 3.
_PREPROCESSING = {
    "image": ("ImageDataGenerator", "NumpyArrayIterator", "DirectoryIterator", "Iterator"),
    "text": ("Tokenizer", "text_to_word_sequence", "one_hot", "hashing_trick"),
    "sequence": ("TimeseriesGenerator", "skipgrams", "make_sampling_table"),
}
IN_TENSORFLOW = tuple(
    Spelling("moved", f"preprocessing.{module}", name, name, "3.0") for module, names in _PREPROCESSING.items() for name in names
)
# Functions of keras.backend that are gone, and their likes in keras.ops, where the first arguments are the same.
_SAME = (  # noqa: SIM905
    "mean sum abs sqrt square exp log max min maximum minimum clip round sign cast shape concatenate stack reshape expand_dims squeeze "
    "transpose argmax argmin equal not_equal greater greater_equal less less_equal any all prod var std zeros_like ones_like sigmoid tanh "
    "softmax softplus tile sin cos cumsum cumprod logsumexp categorical_crossentropy binary_crossentropy softsign dot"
).split()
OPS = (
    *(Spelling("op", "backend", name, name, "3.0") for name in _SAME),
    Spelling("op", "backend", "pow", "power", "3.0"),
    Spelling("op", "backend", "permute_dimensions", "transpose", "3.0"),
)
# keras.backend and keras.ops take another axis for these where none is given.
AXIS_DIFFERS = frozenset(["concatenate", "argmax", "argmin", "cumsum", "cumprod", "expand_dims"])
SPELLINGS = (*MODULES, *NAMES, *LOSS_NAMES, *ARGUMENTS, *METHODS, *GONE, *IN_TENSORFLOW, *OPS)
