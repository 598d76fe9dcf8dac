"""Labelled records in the formats of other tools: doccano, Label Studio, Argilla, Prodigy, and CSV."""
