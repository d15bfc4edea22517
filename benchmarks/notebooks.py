"""Execute the demo notebooks in place, so that their saved outputs are what this version prints.

python benchmarks/notebooks.py [names...]
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

DEMOS = Path(__file__).parents[1] / "demo_notebooks"


def execute(path):
    """The executed notebook; raises nbclient's error with the cell's traceback where a cell fails."""
    import nbformat
    from nbclient import NotebookClient

    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    notebook = nbformat.read(path, as_version=4)
    # Clients keep what was displayed; a front end's widget state would tie the notebook to a kernel that is gone.
    client = NotebookClient(
        notebook, timeout=600, kernel_name="python3", store_widget_state=False, resources={"metadata": {"path": str(path.parent)}}
    )
    client.execute()
    for cell in notebook.cells:
        cell.get("metadata", {}).pop("execution", None)
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if not _is_start_up(output)]
    return notebook


def _is_start_up(output):
    """TensorFlow's own lines about processors and drivers, which differ from machine to machine."""
    return output.output_type == "stream" and output.name == "stderr" and "absl::InitializeLog" in output.text


def main(names):
    import nbformat

    for path in sorted(DEMOS.glob("*.ipynb")):
        if names and path.stem not in names and path.name not in names:
            continue
        start = time.perf_counter()
        notebook = execute(path)
        nbformat.write(notebook, path)
        print(f"{path.name:50} {time.perf_counter() - start:6.1f} s", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
