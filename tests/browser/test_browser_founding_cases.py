"""Case B in a real JupyterLab: found, patched by a click, undone, watched live, stopped, and still readable when saved."""

from __future__ import annotations

import json

from playwright.sync_api import expect

CELLS = [
    "import os; os.environ['TF_CPP_MIN_LOG_LEVEL'] = '3'\n%load_ext kerasdoctor\n"
    "import keras\nfrom keras import layers\nfrom sklearn.datasets import load_digits",
    """digits = load_digits()
few = digits.target < 5
x = (digits.images[few] / 16).astype("float32")[..., None]
y = keras.utils.to_categorical(digits.target[few], 5)

class Digits(keras.utils.PyDataset):
    def __len__(self):
        return 45
    def __getitem__(self, i):
        return x[i * 20:(i + 1) * 20], y[i * 20:(i + 1) * 20]
""",
    """keras.utils.set_random_seed(0)
model = keras.Sequential([
    keras.Input((8, 8, 1)),
    layers.Conv2D(16, 2, activation="relu"),
    layers.MaxPooling2D(),
    layers.Flatten(),
    layers.Dense(64, activation="relu"),
    layers.Dense(5, activation="sigmoid"),  # one for each digit
])
model.compile(keras.optimizers.Adam(1e-3), "categorical_crossentropy", metrics=["accuracy"])""",
    "%kerasdoctor model.fit(Digits(), epochs=33)",
    '%%fit_watch\nhistory = model.fit(Digits(), epochs=2000, verbose=0)\nprint("epochs done:", len(history.epoch))',
]
HEAD = '    layers.Dense(5, activation="sigmoid"),  # one for each digit'


def test_case_b_is_found_patched_undone_and_stopped(lab):
    """The whole way of the data, with a real kernel: report, Apply, one undo, live panel, Stop."""
    lab.open(CELLS)
    for index in range(4):
        lab.run_cell(index)
    lab.wait_for_text("A sigmoid head of several units is trained with a categorical cross-entropy")
    lab.screenshot("panel-light")

    lab.click("Apply to cell", 3)
    lab.wait_for_cell_text(2, CELLS[2].replace("sigmoid", "softmax"))
    lab.wait_for_text("Patched. Run cell [3] again.")
    lab.undo(2)
    assert lab.cell_text(2) == CELLS[2]

    lab.start_cell(4)
    stop = lab.button("Stop", 4)
    expect(stop).to_be_visible(timeout=60_000)
    expect(lab.output(4).locator("canvas")).to_be_visible()
    expect(lab.output(4)).to_contain_text("epoch 3", timeout=60_000)
    lab.screenshot("live-light")
    stop.click()
    expect(lab.output(4)).to_contain_text("epochs done:", timeout=60_000)
    lab.wait_until_idle()
    assert int(lab.output_text(4).split("epochs done:")[1].split()[0]) < 2000
    assert lab.kernel_value("__import__('kerasdoctor').last_watch().status") == "'stopped'"
    bundle = next(output["data"] for output in lab.outputs(4) if "image/png" in output.get("data", {}))
    assert "stopped" in "".join(bundle["text/plain"])
    lab.set_theme("dark")
    lab.screenshot("live-dark")


def test_the_saved_run_is_read_without_a_kernel(lab):
    """What is saved holds picture, HTML and text, and the page of a reader without a kernel shows them."""
    cells = [*CELLS[:3], CELLS[4].replace("2000", "3")]
    lab.open(cells)
    for index in range(4):
        lab.run_cell(index)
    lab.save()
    saved = json.loads((lab.server.notebooks / "book.ipynb").read_text())
    kinds = {kind for output in saved["cells"][3]["outputs"] for kind in output.get("data", {})}
    assert {"text/html", "image/png", "text/plain"} <= kinds
    assert not any("widget-view" in kind for kind in kinds)


CASE_A = [
    CELLS[0],
    """digits = load_digits()
images = (digits.images / 16).astype("float32")[..., None]
labels = keras.utils.to_categorical(digits.target < 4, 2)""",
    """model = keras.Sequential()
model.add(keras.Input((8, 8, 1)))
model.add(layers.Flatten())
model.add(layers.Dense(100, activation="relu"))
model.add(layers.Dense(2))
model.add(layers.Activation("softmax"))
model.compile(loss="binary_crossentropy", optimizer="adam", metrics=["accuracy"])""",
    "%kerasdoctor model.fit(images, labels, epochs=20)",
    "history = model.fit(images, labels, epochs=8, verbose=0)\n"
    "print('accuracy', history.history['accuracy'][-1] > 0.9, model.output_shape)",
]


def test_case_a_second_answer_patches_two_cells_with_one_click(lab):
    """One sigmoid unit with 0/1 labels: model and labels change together, the patched cells run, and the model trains."""
    lab.open(CASE_A)
    for index in range(4):
        lab.run_cell(index)
    lab.output(3).get_by_text("one sigmoid unit, binary_crossentropy").click()
    lab.click("Apply to cell", 3)
    lab.wait_for_cell_text(2, CASE_A[2].replace("Dense(2)", "Dense(1)").replace("softmax", "sigmoid"))
    assert "to_categorical" not in lab.cell_text(1)
    lab.click("Run patched cells", 3)
    lab.wait_for_text("Ran.")
    lab.run_cell(4)
    lab.wait_for_text("accuracy True (None, 1)")


def test_a_cell_edited_meanwhile_is_refused(lab):
    """The click says so and changes nothing."""
    lab.open(CASE_A)
    for index in range(4):
        lab.run_cell(index)
    lab.type_at_end(2, "  # mine")
    lab.click("Apply to cell", 3)
    lab.wait_for_text("edited")
    assert lab.cell_text(2) == CASE_A[2] + "  # mine"
