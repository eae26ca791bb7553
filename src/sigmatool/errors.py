"""The only errors that a user's data or settings can cause.

Each message is one sentence that names the column, the row, the value and the way out; the command
line prints it as it stands and ends with ``exit_code``.
"""

from __future__ import annotations


class SigmatoolError(Exception):
    """Base of every error a user can cause."""

    exit_code: int = 70


class DataError(SigmatoolError, ValueError):
    """The data cannot be used as they are (exit code 3)."""

    exit_code = 3


class SettingsError(SigmatoolError, ValueError):
    """A setting is unknown or contradicts another one (exit code 2)."""

    exit_code = 2
