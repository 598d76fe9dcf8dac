"""Readers: files, folders, addresses and standard input to articles."""
