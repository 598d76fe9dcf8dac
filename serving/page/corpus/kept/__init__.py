"""A scored corpus as the page keeps it: its articles, what is asked of them fast, and where it outlives a reload."""
