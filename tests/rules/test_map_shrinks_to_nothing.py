from kerasdoctor.rules.architecture.map_shrinks_to_nothing import MapShrinksToNothing
from kerasdoctor.snapshot import Input
from tests.rules.stacks import layer, said, stack


def convolution(shape, window=(3, 3), padding="same"):
    config = {"kernel_size": window, "padding": padding, "filters": 8, "strides": (1, 1)}
    return layer("Conv2D", config=config, input_shapes=(shape,), units=8, output_shape=(*shape[:2], 8))


def over(shape, **more):
    """A model of one convolution over maps of a shape."""
    return stack(convolution(shape, **more), input_shapes=(shape,))


def test_window_over_an_axis_of_one_is_named():
    assert said(MapShrinksToNothing, over((1, 20, 32))) == [("warning", "layers[0]")]


def test_windows_along_the_other_axis_and_single_places_are_right():
    assert not said(MapShrinksToNothing, over((1, 20, 2), window=(1, 5)))
    assert not said(MapShrinksToNothing, over((20, 32, 1)))
    assert not said(MapShrinksToNothing, over((1, 1, 64)))


def test_window_that_does_not_fit_explains_why_the_model_was_not_built():
    data = (Input("data.x", (1, 28, 28)),)
    unbuilt = layer("Conv2D", config=convolution((1, 28, 28), padding="valid").config)
    assert said(MapShrinksToNothing, stack(unbuilt, inputs=data, built=False)) == [("error", "layers[0]")]
    assert not said(MapShrinksToNothing, stack(unbuilt, inputs=(Input("data.x", (28, 28, 1)),), built=False))


def test_map_that_shrank_inside_is_information():
    """Networks made for large images, on small ones."""
    deep = [convolution((4, 4, 8)), convolution((1, 1, 8)), convolution((1, 1, 8))]
    assert said(MapShrinksToNothing, stack(*deep, input_shapes=((4, 4, 8),))) == [("info", "layers[1]")]
