"""The results on the Corpus tab: one filter bar over charts, table, article and download."""
