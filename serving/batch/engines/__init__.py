"""Engines: where the units of a run are scored. All give the same outcomes in the same order."""
