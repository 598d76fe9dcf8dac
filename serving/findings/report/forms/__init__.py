"""The forms of a report: HTML, Markdown, a workbook and JSON."""
