"""Old spellings of Keras in a notebook's cells: those that Keras 3 runs without a word, and those that an error is about."""

from __future__ import annotations

import re

from kerasdoctor.snapshot import Span

# Words without which nothing that Keras 3 ignores can stand in a cell: most cells are not read any further.
IGNORED = re.compile(r"\bdecay\s*=|Convolution[123]D\b|\bborder_mode\b|\bepsilon\s*=")
# A name of Keras's history files is told by the rule monitor-never-logged.
TOLD_ELSEWHERE = ("acc", "val_acc")
OLD_ERRORS = (ImportError, AttributeError, TypeError, ValueError, KeyError)
ANY_OLD = re.compile(
    r"\b(keras|K\.|nb_epoch|fit_generator|predict_\w+|evaluate_generator|np_utils|lr|decay|border_mode|samples_per_epoch|show_accuracy|"
    r"optimizers?|init|output_dim|dim_ordering|history|acc|val_acc|max_queue_size|workers|use_multiprocessing|save_weights|ModelCheckpoint|"
    r"compile|fit|evaluate|loss|Convolution\dD|Dense|LSTM|GRU|Dropout|BatchNormalization|Embedding|merge|Model)\b|MaxPooling|Pooling|Conv\dD"
)


def ignored(cells, sources, models, backend):
    """What runs in Keras 3 and means something else than it did, in the cells that made a model: tuple of OldSpelling."""
    made = {span.cell for span in sources.values()}
    if not any(IGNORED.search(cell.text) for cell in cells if cell.number in made):
        return ()
    from kerasdoctor.patch.legacy import spellings

    found = [one for one in spellings(cells, models, backend) if one.cell in made]
    cells_with = {one.cell for one in found if one.effect == "ignored" and one.old not in TOLD_ELSEWHERE}
    return tuple(one for one in found if one.cell in cells_with and one.effect == "ignored" and one.old not in TOLD_ELSEWHERE)


def raised(problem, place, cells, models, backend):
    """The old spellings of the cell that an exception is about, the guilty ones first; () where none is.

    ``place``: (cell number, first line, last line) of the statement in a cell that raised it.
    """
    number, first, last = place
    texts = {cell.number: cell.text for cell in cells}
    if not isinstance(problem, OLD_ERRORS) or not ANY_OLD.search(texts.get(number, "")):
        return ()
    from kerasdoctor.patch.legacy import spellings

    found = spellings(cells, models, backend)
    guilty = [one for one in found if one.cell == number and one.line <= last and one.end_line >= first and one.effect == "fails"]
    guilty = guilty or _named(found, str(problem)) or _shrunk(found, number, problem)
    if not guilty:
        return ()
    rest = [one for one in found if one.cell == guilty[0].cell and one not in guilty]
    return tuple(sorted(guilty, key=lambda one: not re.search(rf"\b{re.escape(one.old)}\b", str(problem))) + rest)


def _named(found, said):
    """Spellings that the exception quotes although it was raised elsewhere: a loss's name, which Keras reads in fit."""
    named = re.findall(r"identifier: (\w+)", said)
    none = "None values not supported" in said
    return [one for one in found if one.effect == "fails" and (one.old in named or (none and one.old == "epsilon=None"))]


def _shrunk(found, number, problem):
    """Kernels that became strides: a later layer of the cell then has no map left."""
    if not re.search(r"negative|smaller than|[Oo]utput size|non-positive|shape", str(problem)) or not isinstance(problem, ValueError):
        return []
    return [one for one in found if one.cell == number and one.effect == "ignored" and one.new and one.new.startswith("kernel_size")]


def sources_of(spellings):
    """``{"In [3]": Span}``: where the old spellings of each cell begin."""
    found = {}
    for one in spellings:
        found.setdefault(f"In [{one.cell}]", Span(one.cell, one.line, 0, one.line, 0))
    return found
