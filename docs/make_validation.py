"""Write docs/validation.md from the self-test: ``make validation``.

    python docs/make_validation.py [--folder DIR] [--out FILE]

``DIR`` holds the third-party cases (see tests/reference/README.md); by default the folder that the tests read. Where it
is absent the page says so.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from sigmatool.render.writers import write_whole
from sigmatool.selftest.cases import AREAS
from sigmatool.selftest.checks import ROUTES
from sigmatool.selftest.result import COLUMNS, Area, SelfTest, by_area
from sigmatool.selftest.selftest import selftest

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "docs" / "validation.md"
FOLDER = Path(os.environ.get("SIGMATOOL_REFERENCE", ROOT.parent / "shared" / "reference"))

PAGE = """# Validation

{shipped} They ship with the package: `sigmatool selftest` runs them on your installation.

{shipped_table}

{failed}## Data sets of other packages

Data that come with other packages are read where they are at hand, and not passed on. {other}

{other_table}

## What is compared with what

- qcc 2.7, qicharts2 0.8.1 and spc 0.6.7, run under R 4.2.2. qcc's table of d2 and d3 has three decimals, up to 5e-4
  off; the exact values were put in its place.
- NIST/SEMATECH e-Handbook 6.3.2.2, 6.3.2.3 and 6.3.2.4. The series were typed and checked by recomputing the results
  that the handbook prints, not against the page itself.
- sandwich 3.0.2, strucchange 1.5.3 and glm, run under R 4.2.2, for regressions before and after a change. The
  coefficients of Hansen's p value are those that strucchange holds.
- SixSigma 0.11.1 and lme4 1.1-31, run under R 4.2.2, for gage R&R; the example of AIAG's manual was typed, and its
  printed analysis of variance is reproduced.
- Montgomery, Introduction to Statistical Quality Control. Its tables were typed and checked within their rounding
  against integration (constants) and spc (run lengths), not against the page itself.
- Numerical integration for constants, formulas in R, and a search by brute force for the patterns of run rules, whose
  definitions are a case of their own: the numbers in their words are compared with the rules in force.

Each case states its own source, data and tolerance: [tests/reference](../tests/reference/README.md).

## When a case passes

- A number agrees when `|got - expected| <= atol + rtol * |expected|` at the tolerance of its case. A missing value
  must be missing. Lists of points are compared as sets.
- Everything that a case expects must be compared and agree. A case without a check fails, and so does an expected
  number that no check compares.
- The checks call the public functions. Only what has no public face is asked of the arithmetic beneath: constants,
  whole covariance matrices, a MEWMA with known parameters, a variance EWMA, regressions and breaks of the level.
- *Numbers* are expected numbers; an empty list of points counts as one. *Largest error* is relative, and large only
  where a printed table is rounded: constants of three decimals, run lengths of three figures. *Of tolerance* is the
  largest share of the allowed difference.

## Where packages differ

By which settings a number is reached where its source follows another convention than the default here.

{routes}
---

Made by `make validation`.
"""


def page(result: SelfTest) -> str:
    """The page from a run of the cases."""
    here, other = (by_area(o for o in result.outcomes if o.case.shipped is flag) for flag in (True, False))
    routes = "".join(f"### {area}\n\n" + "".join(f"- {way}\n" for way in ROUTES[area]) + "\n" for area in AREAS)
    failed = "".join(f"- {o.case.area}, {o.case.id}: {f.key}\n" for o in result.failed for f in o.failures)
    return PAGE.format(
        shipped=told(here), shipped_table=table(here), failed=f"Failures:\n\n{failed}\n" if failed else "",
        other=told(other) if other else "They were not at hand when this page was made.", other_table=table(other),
        routes=routes,
    )  # fmt: skip


def told(areas: tuple[Area, ...]) -> str:
    """Cases and numbers in one sentence."""
    cases, passed = sum(len(a.outcomes) for a in areas), sum(a.passed for a in areas)
    return f"{passed} of {cases} reference cases pass, with {sum(a.compared for a in areas):,} numbers."


def table(areas: tuple[Area, ...]) -> str:
    """One row an area."""
    rows = [COLUMNS, ("---", "---:", "---:", "---:", "---:", "---:", "---"), *(a.row() for a in areas)]
    return "\n".join("| " + " | ".join(f"{v:,}" if isinstance(v, int) else v for v in row) + " |" for row in rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--out", type=Path, default=TARGET)
    chosen = parser.parse_args()
    result = selftest(folder=chosen.folder if chosen.folder.is_dir() else None)
    write_whole(chosen.out, page(result).encode())


if __name__ == "__main__":
    main()
