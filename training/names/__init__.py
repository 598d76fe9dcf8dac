"""Fits the model that finds names of people."""
