"""Rebuild the worked examples: `make reports`. The same versions give the same bytes.

Pages come from the commands that the data sets' cards name; the picture of the first screen needs Chromium.
"""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGES = {
    "semmelweis": ("semmelweis", "review"),
    "nile": ("nile", "review"),
    "contact_centre": ("contact_centre", "review"),
    "deployments": ("deployments", "review"),
    "filling": ("filling", "review"),
    "filling_capability": ("filling", "capability"),
    "semmelweis_compare": ("semmelweis", "compare"),
}
"""Every page: its data set and its verb."""

NAMES = tuple(PAGES)


def command(name: str) -> list[str]:
    """The command of a page, which the card of its data set names."""
    data, verb = PAGES[name]
    card = (ROOT / "datasets" / f"{data}.md").read_text(encoding="utf-8")
    line = next(part for part in card.split("`") if part.startswith(f"sigmatool {verb} "))
    return shlex.split(line)[1:]


def picture(name: str) -> None:
    """The first screen of a page, at the width of a laptop."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        print(f"no Chromium here: {name}.png was left as it is", file=sys.stderr)
        return
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(
            [
                browser, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--hide-scrollbars",
                "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic",
                f"--user-data-dir={profile}", "--window-size=1180,860", "--force-device-scale-factor=1.5",
                f"--screenshot={ROOT / 'reports' / name}.png", f"file://{ROOT / 'reports' / name}.html",
            ],
            check=True, capture_output=True,
        )  # fmt: skip


def main() -> None:
    for name in NAMES:
        target = f"reports/{name}.html"
        subprocess.run(
            [sys.executable, "-c", "from sigmatool.cli import main; main()", *command(name), "-o", target, "--quiet"],
            cwd=ROOT,
            check=True,
        )
        print(f"wrote {target}")
    picture("semmelweis")


if __name__ == "__main__":
    main()
