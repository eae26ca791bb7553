"""Which suffix is written by which renderer, and how a file is written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from .document import Document
from .figure import Picture


class Writable(Protocol):
    """What a writer needs of a result."""

    def document(self) -> Document: ...
    def figure(self) -> Picture: ...
    def to_json(self) -> str: ...


class WriteError(ValueError):
    """A file cannot be written; the message names it."""


def _html(result: Writable) -> bytes:
    from .html import html

    return html(result.document()).encode()


def _markdown(result: Writable) -> bytes:
    from .markdown import markdown

    return markdown(result.document()).encode()


def _json(result: Writable) -> bytes:
    return result.to_json().encode()


def _png(result: Writable) -> bytes:
    from .mpl import image

    return image(result.figure(), "png")


def _svg(result: Writable) -> bytes:
    from .mpl import image

    return image(result.figure(), "svg")


WRITERS: dict[str, Callable[[Writable], bytes]] = {
    ".html": _html,
    ".json": _json,
    ".md": _markdown,
    ".png": _png,
    ".svg": _svg,
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
