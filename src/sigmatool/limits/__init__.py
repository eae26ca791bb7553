"""Limits that were frozen: by whom, when, why, and from which points."""
