"""Files dropped on the Corpus tab, read within limits."""
