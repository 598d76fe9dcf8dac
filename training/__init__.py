"""Labelled articles in, a model bundle out."""
