"""The command line: one thin command per public function."""

from .app import main

__all__ = ["main"]
