"""The gradient of a model's loss on one batch, for each backend. The only place that differs by backend.

All three go through ``stateless_call``: what a layer or a metric would write (metric totals, seeds, BatchNormalization) is diverted and
dropped.
"""

from __future__ import annotations

import math

import keras


def gradient_function(model, state):
    """``function(x, y, sample_weight) -> (loss, outputs, norms)`` for the backend in use; ``norms`` in the order of ``state.trainable``.

    A norm is None where the loss does not depend on the variable.
    """
    return {"tensorflow": _tensorflow, "jax": _jax, "torch": _torch}[keras.backend.backend()](model, state)


def stateless_loss(model, trainable, non_trainable, metrics, x, y, sample_weight):
    """``(loss, outputs)`` as ``fit`` would compute them with ``training=False``, added losses and regularizers included."""
    keywords = {"training": False} if model._call_has_training_arg else {}
    outputs, non_trainable, losses = model.stateless_call(trainable, non_trainable, x, return_losses=True, **keywords)
    override = model._losses_override
    override.extend(losses)
    try:
        loss, _ = model.stateless_compute_loss(
            trainable, non_trainable, metrics, x=x, y=y, y_pred=outputs, sample_weight=sample_weight, training=False
        )
    finally:
        override.clear()
    return loss, outputs


def _tensorflow(model, state):
    """Eager: no trace, which would cost a second or more and which short runs never earn back."""
    import tensorflow as tf

    def measure(x, y, sample_weight):
        values = [tf.convert_to_tensor(value) for value in state.values("trainable")]
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(values)
            loss, outputs = stateless_loss(model, values, state.values("non_trainable"), state.values("metrics"), x, y, sample_weight)
        gradients = tape.gradient(loss, values)
        present = [tf.norm(tf.cast(tf.convert_to_tensor(gradient), "float32")) for gradient in gradients if gradient is not None]
        norms = iter(tf.stack(present).numpy().tolist() if present else ())
        return float(loss), outputs, [None if gradient is None else next(norms) for gradient in gradients]

    return measure


def _jax(model, state):
    """Compiled once for the shapes of the fixed batch, unless the model is run eagerly."""
    import jax
    import jax.numpy as jnp

    def compute(trainable, non_trainable, metrics, x, y, sample_weight):
        def loss_of(values):
            return stateless_loss(model, values, non_trainable, metrics, x, y, sample_weight)

        (loss, outputs), gradients = jax.value_and_grad(loss_of, has_aux=True)(trainable)
        return loss, outputs, [jnp.linalg.norm(gradient.astype("float32").ravel()) for gradient in gradients]

    compiled = jax.jit(compute) if model.jit_compile and not model.run_eagerly else compute

    def measure(x, y, sample_weight):
        arguments = (state.values("trainable"), state.values("non_trainable"), state.values("metrics"), x, y, sample_weight)
        loss, outputs, norms = compiled(*arguments)
        return float(loss), outputs, [float(norm) for norm in norms]

    return measure


def _torch(model, state):
    """On detached leaves, so that no ``.grad`` of the user's parameters is touched; modes and random state are put back."""
    import torch

    def measure(x, y, sample_weight):
        devices = [torch.cuda.current_device()] if torch.cuda.is_available() and torch.cuda.is_initialized() else []
        modes = [(module, module.training) for module in model.modules()]
        leaves = [value.detach().requires_grad_(value.is_floating_point()) for value in state.values("trainable")]
        try:
            with torch.random.fork_rng(devices=devices), torch.enable_grad():
                model.eval()
                loss, outputs = stateless_loss(model, leaves, state.values("non_trainable"), state.values("metrics"), x, y, sample_weight)
                gradients = torch.autograd.grad(loss, leaves, allow_unused=True)
        finally:
            for module, training in modes:
                module.training = training
        return float(loss.detach()), outputs, [None if gradient is None else float(gradient.detach().norm()) for gradient in gradients]

    return measure


def total_norm(norms):
    """The norm of all gradients together, or None where the loss depends on no variable."""
    present = [norm for norm in norms if norm is not None]
    return math.sqrt(sum(norm * norm for norm in present)) if present else None


def weight_sums(values):
    """The sum of each array, as a list of floats: one reduction a weight and one transfer. A sum is finite where all values are."""
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        return tf.stack([tf.cast(tf.reduce_sum(value), "float32") for value in values]).numpy().tolist()
    if keras.backend.backend() == "torch":
        import torch

        with torch.no_grad():
            return torch.stack([value.detach().sum().float() for value in values]).tolist()
    import jax
    import numpy as np

    if (
        jax.default_backend() == "cpu"
    ):  # arrays are read where they lie; compiling a sum for each shape would cost more than the run's checks
        return [float(np.sum(np.asarray(value), dtype="float32")) for value in values]
    return [float(value) for value in jax.device_get([jax.numpy.sum(value, dtype="float32") for value in values])]
