"""Rebuild the worked examples: `make reports`. The same versions give the same bytes.

Pages and records come from the commands that the data sets' cards name; every PDF's first page is also a picture. The
picture of a page's first screen needs Chromium.
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


def first_page(name: str) -> None:
    """The first page of a PDF, as wide as a README shows it."""
    import pypdfium2

    with pypdfium2.PdfDocument(ROOT / "reports" / f"{name}.pdf") as record:
        record[0].render(scale=1.4).to_pil().save(ROOT / "reports" / f"{name}.pdf.png", optimize=True)


def main() -> None:
    for name in NAMES:
        written = [f"reports/{name}.{suffix}" for suffix in ("html", "pdf")]
        outs = [word for target in written for word in ("-o", target)]
        subprocess.run(
            [sys.executable, "-c", "from sigmatool.cli import main; main()", *command(name), *outs, "--quiet"],
            cwd=ROOT,
            check=True,
        )
        first_page(name)
        print(f"wrote {', '.join(written)} and its first page")
    picture("semmelweis")


if __name__ == "__main__":
    main()
