"""A report in words: sections of sentences, tables, charts and examples in one language."""
