"""Reads articles from files, folders, remote addresses and standard input."""
