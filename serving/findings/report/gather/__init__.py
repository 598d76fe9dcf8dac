"""The aggregates of a report, counted by DuckDB."""
