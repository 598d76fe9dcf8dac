"""Engines score the units of a run: in this process, in several processes, or with Ray. All give the same bytes."""
