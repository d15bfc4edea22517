"""What ``%kerasdoctor`` finds before the run, on faulty programs and on the same programs put right.

    python benchmarks/detection.py [names...] [--json FILE]

Every program of benchmarks/programs runs in an IPython shell up to its fit call, which goes to ``%kerasdoctor -o``. A fault is caught when
a finding of severity error or warning has the program's primary suspect among its first three, and named first when the first one has it.
Any error or warning on a program put right, on a sound one or on a model of tests/healthy ("healthy.tabular.yes_or_no") is a false alarm.
A patch is clean when the patched text runs, its model takes a training step, and a second examination is silent.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import importlib
import inspect
import io
import json
import os
import pathlib
import statistics
import sys
import time
import traceback

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]
import programs  # noqa: E402

SPEAKS = ("error", "warning")
HEALTHY = ("tabular", "text", "image", "sequence", "generative", "several")
AFTER_FIT = ("validation_split", "validation_data", "callbacks", "epochs", "verbose")


@contextlib.contextmanager
def quiet():
    """Nothing that a program or the examination prints is shown."""
    noise = io.StringIO()
    with contextlib.redirect_stdout(noise), contextlib.redirect_stderr(noise):
        yield


def fresh(shell):
    """A shell and Keras as they are when a notebook starts."""
    import keras

    keras.config.set_dtype_policy("float32")
    keras.utils.clear_session()
    keras.utils.set_random_seed(0)
    shell.reset(new_session=True)  # without the cells of earlier programs


def run_cell(shell, text):
    result = shell.run_cell(text, store_history=True)
    if result.error_before_exec or result.error_in_exec:
        raise result.error_before_exec or result.error_in_exec


def examined(shell, source):
    """(findings that speak, report, seconds): the cell runs up to its last fit call, and that goes to the magic."""
    fresh(shell)
    cell, call = source.strip().rsplit("\nhistory = ", 1)
    run_cell(shell, cell)
    start = time.perf_counter()
    report = shell.run_line_magic("kerasdoctor", "-o " + " ".join(call.split()))
    return spoken(report), report, time.perf_counter() - start


def spoken(report):
    return [finding for finding in report.findings if finding.severity in SPEAKS]


def faulty(shell, program):
    """One line of the table for a fault: found in the program, silent on it put right, and what the patch does."""
    findings, report, seconds = examined(shell, program.source)
    hits = [program.suspects[0] in finding.suspects[:3] for finding in findings]
    row = {"caught": any(hits), "first": any(hits[:1]), "codes": codes(findings), "seconds": seconds}
    if findings:
        row["patch"] = patched(shell, program.source, report)
    findings, _, seconds = examined(shell, program.fixed)
    return row | {"alarms": codes(findings), "fixed_seconds": seconds}


def codes(findings):
    return [finding.code for finding in findings]


def patched(shell, source, report):
    """ "clean", "none", or what is wrong with the patched program."""
    import keras

    import kerasdoctor

    text = source.strip()
    patch = report.patch(text, codes(spoken(report)))
    if patch.source == text:
        return "none"
    fresh(shell)
    calls, real = [], keras.Model.fit
    keras.Model.fit = lambda model, *args, **kwargs: calls.append((model, args, kwargs))
    try:
        run_cell(shell, patch.source)
    except BaseException as error:
        return f"fails: {error!r}"[:160]
    finally:
        keras.Model.fit = real
    model, args, kwargs = calls[-1]
    left = codes(spoken(kerasdoctor.diagnose(model, *args, **kwargs)))
    if left:
        return "left " + " ".join(left)
    try:
        model.run_eagerly = True  # one step, for which tracing is not worth its time
        model.fit(*args, **{k: v for k, v in kwargs.items() if k not in AFTER_FIT}, epochs=1, steps_per_epoch=1, verbose=0)
    except Exception as error:
        return f"no step: {error!r}"[:160]
    return "clean"


def sound(shell, program):
    findings, _, seconds = examined(shell, program.source)
    return {"alarms": codes(findings), "seconds": seconds}


def healthy(shell, name):
    import kerasdoctor

    fresh(shell)
    module, function = name.split(".")[1:]
    model, x, y, arguments = getattr(importlib.import_module(f"tests.healthy.{module}"), function)()
    start = time.perf_counter()
    findings = spoken(kerasdoctor.diagnose(model, x, y, **arguments))
    return {"alarms": codes(findings), "seconds": time.perf_counter() - start}


def healthy_names():
    for module in HEALTHY:
        made = inspect.getmembers(importlib.import_module(f"tests.healthy.{module}"), inspect.isfunction)
        yield from (f"healthy.{module}.{name}" for name, f in made if not name.startswith("_") and f.__module__.endswith(module))


def work(names):
    """(name, kind, examination) of the programs asked for, all when ``names`` is empty."""
    for program in programs.every():
        if not names or program.name in names:
            judge = faulty if isinstance(program, programs.Faulty) else sound
            yield program.name, judge.__name__, functools.partial(judge, program=program)
    if not names or any(name.startswith("healthy.") for name in names):
        for name in healthy_names():
            if not names or name in names:
                yield name, "healthy", functools.partial(healthy, name=name)


def line(row):
    if "crash" in row:
        return f"{row['name']:38} crash    {row['crash'].strip().splitlines()[-1][:90]}"
    alarms = " false alarm " + " ".join(row["alarms"]) if row["alarms"] else ""
    if row["kind"] != "faulty":
        return f"{row['name']:38} {'silent' if not alarms else ''}{alarms}"
    verdict = "first" if row["first"] else "caught" if row["caught"] else "missed"
    return f"{row['name']:38} {verdict:7} {' '.join(row['codes']):24} patch {row.get('patch', '-')}{alarms}"


def totals(rows):
    """The lines that sum up."""
    of = {kind: [row for row in rows if row["kind"] == kind and "crash" not in row] for kind in ("faulty", "sound", "healthy")}
    faults = of["faulty"]
    if faults:
        yield f"faulty programs   caught {share(r['caught'] for r in faults)}, named first {share(r['first'] for r in faults)}"
        tried = [r["patch"] for r in faults if "patch" in r]
        made = [patch for patch in tried if patch != "none"]
        yield f"patches           made for {share(p != 'none' for p in tried)} with findings, clean {share(p == 'clean' for p in made)}"
        yield f"false alarms      on programs put right {share(bool(r['alarms']) for r in faults)}"
    for kind in ("sound", "healthy"):
        if of[kind]:
            yield f"false alarms      on {kind} programs {share(bool(r['alarms']) for r in of[kind])}"
    yield f"crashes           {sum('crash' in row for row in rows)}"
    seconds = [row[key] for row in rows for key in ("seconds", "fixed_seconds") if key in row]
    if seconds:
        yield f"seconds a program median {statistics.median(seconds):.2f}, worst {max(seconds):.2f}"


def share(flags):
    flags = list(flags)
    return f"{sum(flags)} of {len(flags)}" + (f" ({100 * sum(flags) / len(flags):.1f} %)" if flags else "")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--json", type=pathlib.Path, help="every program's outcome")
    options = parser.parse_args()
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell.instance()
    shell.run_line_magic("load_ext", "kerasdoctor")
    rows = []
    for name, kind, examination in work(options.names):
        row = {"name": name, "kind": kind}
        try:
            with quiet():
                row |= examination(shell)
        except Exception:
            row["crash"] = traceback.format_exc()
        rows.append(row)
        print(line(row), flush=True)
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1), encoding="utf-8")
    print(*totals(rows), sep="\n")


if __name__ == "__main__":
    main()
