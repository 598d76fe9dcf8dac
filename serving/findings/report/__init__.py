"""`sorot report`: the findings of a scored corpus as one file for readers (HTML, Markdown, workbook) or programs (JSON)."""
