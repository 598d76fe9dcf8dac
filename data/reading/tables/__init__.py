"""Rows of tables, JSON and Parquet, and how they become articles."""
