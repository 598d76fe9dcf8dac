"""Reported speech: its clauses, and who they are attributed to."""
