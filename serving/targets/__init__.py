"""Stance of an article toward a target that the user names."""
