"""Processes that do the work on somebody's bytes, each within a budget of CPU time, wall time and memory."""
