"""Recording where layers and compile calls stand leaves Keras as it was."""

import pytest

pytestmark = pytest.mark.keras


@pytest.fixture
def keras_recorded():
    keras = pytest.importorskip("keras")
    from kerasdoctor.capture.source import SourceRecorder

    recorder = SourceRecorder(lambda filename: None)
    recorder.install()
    yield keras
    recorder.uninstall()


def test_a_loaded_model_is_compiled_as_it_was_saved(keras_recorded, tmp_path):
    """Keras compiles a loaded model only where compile is the trainer's own."""
    keras = keras_recorded
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    model.compile("adam", "mse")
    model.save(tmp_path / "model.keras")
    assert keras.saving.load_model(tmp_path / "model.keras").compiled


def test_what_was_wrapped_is_put_back():
    keras = pytest.importorskip("keras")
    from kerasdoctor.capture.source import SourceRecorder

    before = keras.Model.compile, keras.layers.Layer.__init__
    recorder = SourceRecorder(lambda filename: None)
    recorder.install()
    recorder.uninstall()
    assert (keras.Model.compile, keras.layers.Layer.__init__) == before
