"""Arithmetic on plain arrays: no frames, no files, nothing of sigmatool."""
