"""Which suffix is written by which renderer, and how a file is written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from .document import Document
from .figure import Picture
from .look import Look

if TYPE_CHECKING:
    import pandas as pd


class Writable(Protocol):
    """What a writer needs of a result."""

    def document(self) -> Document: ...
    def figure(self) -> Picture: ...
    def to_frame(self) -> pd.DataFrame: ...
    def to_json(self) -> str: ...


class WriteError(ValueError):
    """A file cannot be written; the message names it."""


def document_of(result: Writable, look: Look, cells: bool = True) -> Document:
    """The report of a result in the signs of a place; ``cells``: also in its tables."""
    if not look.locale:
        return result.document()
    from .locale import localized

    return localized(result.document(), look.locale, cells=cells)


def _picture(result: Writable, look: Look) -> Picture:
    if not look.locale:
        return result.figure()
    from .locale import Place, localized_picture

    return localized_picture(result.figure(), Place(look.locale))


def _html(result: Writable, look: Look) -> bytes:
    from .html import html

    return html(document_of(result, look)).encode()


def _markdown(result: Writable, look: Look) -> bytes:
    from .markdown import markdown

    return markdown(document_of(result, look)).encode()


def _pdf(result: Writable, look: Look) -> bytes:
    from .pdf import pdf

    return pdf(document_of(result, look), paper=look.paper)


def _json(result: Writable, _: Look) -> bytes:
    return result.to_json().encode()


def _png(result: Writable, look: Look) -> bytes:
    from .mpl import image

    return image(_picture(result, look), "png")


def _svg(result: Writable, look: Look) -> bytes:
    from .mpl import image

    return image(_picture(result, look), "svg")


def _xlsx(result: Writable, look: Look) -> bytes:
    from .xlsx import workbook

    return workbook(document_of(result, look, cells=False), result.to_frame(), paper=look.paper)


WRITERS: dict[str, Callable[[Writable, Look], bytes]] = {
    ".html": _html,
    ".json": _json,
    ".md": _markdown,
    ".pdf": _pdf,
    ".png": _png,
    ".svg": _svg,
    ".xlsx": _xlsx,
}


def write_whole(path: Path, data: bytes) -> Path:
    """Write a file so that a reader, or a kill at any moment, finds the old file or the new one, never a part.

    The bytes go to a new file in the same folder, are flushed to the disk, and take the name in one step. A link is
    followed, and an existing file keeps its permissions.
    """
    try:
        target = path.resolve() if path.is_symlink() else path
        target.parent.mkdir(parents=True, exist_ok=True)
        mode = target.stat().st_mode & 0o7777 if target.exists() else None
        handle, name = tempfile.mkstemp(prefix=".sigmatool-", suffix=".tmp", dir=target.parent)
    except (FileExistsError, NotADirectoryError):
        raise WriteError(f"cannot write {path}: {path.parent} is a file, not a folder.") from None
    except (OSError, ValueError) as problem:
        raise WriteError(f"cannot write {str(path)!r}: {getattr(problem, 'strerror', problem)}.") from None
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, _NEW if mode is None else mode)
        os.replace(name, target)
    except BaseException as problem:
        Path(name).unlink(missing_ok=True)
        if isinstance(problem, OSError | ValueError):
            raise WriteError(f"cannot write {str(path)!r}: {getattr(problem, 'strerror', problem)}.") from None
        raise
    return path


def _mask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


_NEW = 0o666 & ~_mask()
"""Permissions of a new file, read once: the mask cannot be asked without being set."""
