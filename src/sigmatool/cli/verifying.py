"""Does this report still follow from its data? Made again from the command it holds, and compared with itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import databases
from ..caveats import Caveat, Rows
from ..errors import DataError, SettingsError
from ..result import IN_MEMORY, VERSION, Provenance, command_line
from ..verification import caveat_words
from ..verification.differences import TOLERANCE, Account, compared, pieces_compared
from ..verification.result import Hash, State, Verification
from ..verification.saved import READERS, Saved, read_report
from .again import AnalysisRefused, Recorded, check_files, inside, made_again, recorded, source_of

if TYPE_CHECKING:
    import pandas as pd

    from ..result import Result


def verify(report: str | Path, data: Any = None, *, query: str | None = None, title: str | None = None) -> Verification:
    """Recompute a saved report from the command it holds, and compare everything it says.

    Parameters
    ----------
    report : path
        A report saved as ``.json``, ``.html``, ``.md`` or ``.xlsx``.
    data : path, DataFrame or array, optional
        Where the data are now; default the path in the report, taken from the working folder.
    query : str, optional
        Of a database in ``data``; default the one in the report, which is never sent to a server.
    title : str, optional

    Returns
    -------
    Verification
        ``agrees``, the differences with their paths, and whether the hashes of the data are those recorded.

    Raises
    ------
    DataError
        The report or its data cannot be read, or its command is no analysis; in one sentence, with the way out.

    Notes
    -----
    JSON is compared number by number (equal up to a relative 1e-9) and word by word. A page is made again and compared
    byte for byte; where a byte differs, text by text and mark by mark. A report comes from a stranger: of its command
    only analyses are run, nothing is written, no settings file is followed, and the files it names are read below the
    working folder only.

    Examples
    --------
    >>> import tempfile, sigmatool as st
    >>> nile = st.datasets.load("nile")
    >>> chart = st.control_chart(nile, value="flow", time="year", rollout="1899=Aswan")
    >>> found = verify(chart.save(tempfile.mkdtemp() + "/nile.json"), nile)
    >>> found.agrees, len(found.differences)
    (True, 0)
    """
    saved = read_report(report)
    command = recorded(saved.command)
    check_files(command)
    table, hashed = _table(command, saved, data, query)
    told = {"data": databases.masked(data) if isinstance(data, str) else str(data) if isinstance(data, Path) else None}
    settings = {"report": str(report), **told, "query": query, "title": title}
    options = {key: value for key, value in settings.items() if key != "report"}
    held = table.attrs["sigmatool"]
    try:
        result = made_again(command, table)
    except AnalysisRefused as refused:
        account, sha, rows, refusal = Account(), None, Rows(len(table), 0, dropped=len(table)), str(refused)
    else:
        sha, rows, refusal = result.provenance.data_sha256, result.rows, ""
        account = _compared(saved, result, command)
    hashes = (
        Hash("the values used", saved.data_sha256, sha, _state(saved.data_sha256, sha)),
        Hash("the file", saved.file_sha256, hashed, _state(saved.file_sha256, hashed)),
    )
    return Verification(
        settings=settings,
        rows=rows,
        caveats=_caveats(saved, account, hashes),
        provenance=Provenance(
            sha or "", command_line("verify", str(report), options), hashed, databases.masked(str(held["source"]))
        ),
        report=saved.name,
        of=saved.schema or saved.suffix,
        command=saved.command,
        numbers=account.numbers,
        words=account.words,
        farthest=account.farthest,
        parts=account.parts,
        differences=tuple(account.differences),
        new=tuple(account.new),
        hashes=hashes,
        made_by=saved.version,
        refusal=refusal,
        title=title or f"Verification of {saved.name}",
    )


def _table(command: Recorded, saved: Saved, data: Any, query: str | None) -> tuple[pd.DataFrame, str | None]:
    """The data, under the name that the report gives them, and the hash of the file they came from."""
    from ..data import frame_of

    if data is None:
        frame = _named(command, query)
    elif isinstance(data, str | Path):
        frame = _read(str(data), command, query)
    else:
        frame = frame_of(data)
    held = frame.attrs.get("sigmatool", {})
    hashed = held.get("file_sha256") if data is None or isinstance(data, str | Path) else None
    # a report of data in memory names no file, and data in memory have none: neither is a difference
    kept = hashed if hashed and saved.file_sha256 else saved.file_sha256
    frame = frame.copy(deep=False)
    frame.attrs["sigmatool"] = {**held, "source": source_of(command, saved.source), "file_sha256": kept}
    return frame, hashed


def _named(command: Recorded, query: str | None) -> pd.DataFrame:
    """The data where the report says they are, if it may say so."""
    name, way_out = command.data, "say where the data are: --data FILE"
    if name == "-":
        raise DataError(f"the report was made from standard input; {way_out}.")
    if databases.served(name):
        raise DataError(
            f"the report was made from {databases.masked(name)}; a report's own address is not connected to: give it "
            "with --data, and the query with --query."
        )
    path = inside(databases.file_of(name) if databases.is_url(name) else name)
    if not path.exists():
        if name == IN_MEMORY:
            raise DataError(f"the report was made from data in memory; {way_out}.")
        hint = ""
        if name.startswith("datasets/"):
            hint = f", or write the example data: sigmatool datasets export {Path(name).stem} datasets"
        raise DataError(f"the data of the report, {name}, are not here; {way_out}{hint}.")
    return _read(name, command, query)


def _read(name: str, command: Recorded, query: str | None) -> pd.DataFrame:
    from ..sources import read_table

    asked = query
    if databases.is_url(name) and query is None:
        asked = command.reading.get("query")
        if databases.served(name):
            raise SettingsError("a report's own query is not sent to a server: look at it, and give it with --query.")
        if asked is not None and (asked.startswith("@") or asked.lower().endswith(".sql")):
            raise DataError("the report names a file with its query; give the query with --query.")
    return read_table(name, sheet=command.reading.get("sheet"), query=asked)


def _compared(saved: Saved, result: Result, command: Recorded) -> Account:
    if saved.suffix == ".json":
        other = saved.version != VERSION
        account = compared(saved.tree, json.loads(result.to_json()), other_version=other)
        # what made the report is told apart, and alone is no difference
        account.differences = [d for d in account.differences if not (other and d.path.endswith("provenance.version"))]
        return account
    page = result.written(saved.name, **command.look)
    again = READERS[saved.suffix](page, saved.name)
    account = pieces_compared(saved.pieces, again)
    return only_told_once(account, saved, page)


def only_told_once(account: Account, saved: Saved, page: bytes) -> Account:
    """Cells that differ tell of their part of a workbook; a page of the same pieces must be the same bytes."""
    if saved.suffix == ".xlsx":
        cells = any("!" in d.path for d in account.differences)
        account.differences = [d for d in account.differences if not (cells and _of_cells(d.was, d.now))]
    elif not account.differences and _lines(saved.data) != _lines(page):
        account.part = "the file"
        account.differs("the file", "other bytes, between the texts", "as it is written")
    return account


def _of_cells(*texts: str) -> bool:
    return any(text.startswith(("xl/worksheets/", "xl/sharedStrings.xml")) for text in texts)


def _lines(data: bytes) -> bytes:
    return data.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").rstrip(b"\n")


def _state(was: str | None, found: str | None) -> State:
    if was is None:
        return "not recorded"
    if found is None:
        return "not compared"
    return "same" if was == found else "other"


def _caveats(saved: Saved, account: Account, hashes: tuple[Hash, ...]) -> tuple[Caveat, ...]:
    values, file = (h.state for h in hashes)
    found = []
    if saved.version != VERSION:
        found.append(caveat_words.other_version(saved.version, VERSION))
    if account.new:
        found.append(caveat_words.new_keys(account.new))
    if values == "other":
        found.append(caveat_words.data_changed())
    elif file == "other" and values == "same":
        found.append(caveat_words.file_changed())
    if file in ("not recorded", "not compared"):
        found.append(caveat_words.hash_not_compared(file == "not compared"))
    if account.farthest > 0:
        found.append(caveat_words.rounding(account.farthest, TOLERANCE))
    return tuple(found)
