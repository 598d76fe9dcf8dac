"""Batch scoring: units, parts, resume, progress, and the commands `score` and `estimate`."""
