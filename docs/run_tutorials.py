"""Run the tutorials and keep what they show: ``python docs/run_tutorials.py``.

The notebooks are the source: edit them in any notebook program, then run this. Nothing of the run but its outputs is
kept (no times, no counters that jump), so that a second run changes nothing.
"""

from __future__ import annotations

import sys
from pathlib import Path

import nbformat
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient

TUTORIALS = Path(__file__).parent / "tutorials"


class OwnKernel(AsyncKernelManager):
    """A kernel of the very Python that runs this, whatever kernels are installed."""

    @property
    def kernel_spec(self) -> KernelSpec:
        start = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}", "--log-level=40"]
        return KernelSpec(argv=start, language="python")


def run(path: Path) -> nbformat.NotebookNode:
    """A notebook with what its cells show now; the first cell that fails raises its error."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(notebook, timeout=300, record_timing=False, kernel_manager_class=OwnKernel)
    return client.execute(cwd=str(path.parent))


def main() -> None:
    for path in sorted(TUTORIALS.glob("*.ipynb")):
        nbformat.write(run(path), path)
        print(path.relative_to(TUTORIALS.parent.parent))


if __name__ == "__main__":
    main()
