"""Sound programs that look like faults draw no error and no warning from the architecture and optimization families."""

import pytest

from kerasdoctor.finding import Severity
from kerasdoctor.rule import all_rules

pytestmark = pytest.mark.keras
keras = pytest.importorskip("keras")
near_misses = pytest.importorskip("tests.rules.near_misses")

FAMILIES = ("architecture", "optimization")
APPLICATIONS = (
    *("MobileNet", "MobileNetV2", "MobileNetV3Small", "MobileNetV3Large", "EfficientNetB0", "EfficientNetV2B0", "ConvNeXtTiny"),
    *("ResNet50", "ResNet50V2", "DenseNet121", "Xception", "InceptionV3", "InceptionResNetV2", "NASNetMobile", "VGG16"),
)


def spoken(report):
    rules = all_rules()
    return [
        (finding.code, finding.message)
        for finding in report.findings
        if finding.severity is not Severity.INFO and rules[finding.code].family() in FAMILIES
    ]


@pytest.mark.parametrize("name", near_misses.PROGRAMS)
def test_sound_program_is_left_alone(name):
    """No rule of these families speaks, and none of them failed."""
    import kerasdoctor

    keras.utils.set_random_seed(0)
    model, x, y, fit = near_misses.PROGRAMS[name]()
    report = kerasdoctor.diagnose(model, x, y, **fit)
    assert not spoken(report)
    assert not [note for note in report.notes if note.startswith("KD")]


@pytest.mark.slow
@pytest.mark.parametrize("name", APPLICATIONS)
def test_application_with_fresh_weights_is_left_alone(name):
    """Keras's own architectures are sound."""
    import kerasdoctor

    keras.backend.clear_session()
    model = getattr(keras.applications, name)(weights=None, classes=10)
    model.compile("adam", "categorical_crossentropy")
    report = kerasdoctor.diagnose(model)
    assert not spoken(report)
    assert not [note for note in report.notes if note.startswith("KD")]
