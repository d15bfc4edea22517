"""Snapshots of models in a row, made by hand, without Keras."""

from __future__ import annotations

import dataclasses

from kerasdoctor.snapshot import Contract, Fit, Head, Input, Kernel, Labels, Layer, Loss, Model, Optimizer, Snapshot


def dense(units, reads, activation="linear", std=None, **more):
    """A Dense layer with Glorot's spread unless ``std`` is given."""
    std = (2 / (reads + units)) ** 0.5 if std is None else std
    kernel = Kernel((reads, units), 0.0, std, -2 * std, 2 * std, True)
    facts = dict(activation=activation, units=units, input_shapes=((reads,),), output_shape=(units,), kernel=kernel)
    size = (reads + 1) * units
    return layer("Dense", **(facts | dict(parameters=size, trainable_parameters=size, fresh=True) | more))


def layer(kind, **more):
    return Layer(path="", name=kind.lower(), kind=kind, **more)


def stack(*layers, features=8, labels=None, loss="mean_squared_error", optimizer=None, fit=None, inputs=None, kind="Sequential", **model):
    """A Snapshot of layers that feed one another, compiled with Adam, and the head that the last one is."""
    named = [
        dataclasses.replace(
            each,
            path=f"layers[{index}]",
            name=f"{each.name}_{index}",
            inputs=(f"layers[{index - 1}]" if index else "inputs[0]",),
            is_output=index == len(layers) - 1,
        )
        for index, each in enumerate(layers)
    ]
    last = named[-1]
    ends = () if last.activation in (None, "linear") else (last.activation,)
    head = Head(last.path, last.kind, last.units, last.units, ends, (last.path,) * len(ends), output_shape=last.output_shape)
    size = sum(each.parameters for each in named)
    facts = dict(parameters=size, trainable_parameters=sum(each.trainable_parameters for each in named), input_shapes=((features,),))
    return Snapshot(
        Model("model", kind, layers=tuple(named), **(facts | model)),
        optimizer=optimizer or Optimizer("Adam", 0.001),
        contracts=(Contract("out", head=head, loss=Loss(loss, loss, computes=loss), labels=labels),),
        inputs=(Input("data.x", (features,), rows=1000, minimum=-1.0, maximum=1.0),) if inputs is None else inputs,
        fit=fit or called(),
        metric_names=("loss", "mae"),
    )


def called(updates=1000, epochs=10, **more):
    """A fit call of so many updates in all, its number of epochs written."""
    facts = dict(epochs=epochs, steps=updates // epochs, batch_size=32, rows=1000, written=True, lengths={"x": 1000, "y": 1000})
    return Fit(**(facts | dict(arguments=("epochs",)) | more))


def classes(*counts, **more):
    """Class numbers, so many rows of each."""
    facts = dict(form="integers", shape=(), rows=sum(counts), examined=sum(counts), classes=len(counts))
    return Labels(**(facts | dict(counts=dict(enumerate(counts))) | more))


def said(rule, snapshot):
    """(severity, place) of what a rule class finds."""
    return [(str(finding.severity), finding.place) for finding in rule().check(snapshot)]
