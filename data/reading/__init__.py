"""Readers: from files, folders, addresses and pipes to articles."""
