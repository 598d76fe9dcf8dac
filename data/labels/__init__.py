"""Labelled records: reading, checking, near-duplicates, splits."""
