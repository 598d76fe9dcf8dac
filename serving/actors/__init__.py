"""Who an article names: actors of a table, and other people."""
