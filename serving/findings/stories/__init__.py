"""Copies and stories: which articles have one text, and which report one event."""
