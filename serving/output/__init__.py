"""Output files: rows, formats, and how they take their place."""
