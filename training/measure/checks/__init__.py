"""Checks of behaviour: what an analysis must keep when an article is changed, and which names must not move it."""
